//! "New customer" beside a picker: a small form over the form of the key. What was made is then chosen.

use leptos::prelude::*;

use super::key_form::{KeyFields, KeyForm, TitleCheck};
use super::leave::{Leave, LeaveQuestion};
use super::outcome_text::Action;
use super::outcome_view::{OutcomeView, Steps};
use super::workspace::Workspace;
use super::write::Write;
use crate::domain::{FieldId, Fields, Value};
use crate::http::Cancel;
use crate::i18n::{small, t};
use crate::journal::Outcome;
use crate::systems::{Act, ActionKind, Client, Draft, FieldKind, FieldSpec, Manifest, Offer, Picker, Use};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, Tone};

/// Fields of what can be made for a picker; nothing where the system cannot make any.
#[must_use]
pub fn fields_of(manifest: &Manifest, picker: Picker) -> Option<&'static [FieldSpec]> {
    let offers = manifest.offers.iter().find(|(it, _)| *it == picker)?;
    manifest.can(ActionKind::AddOffer).then_some(offers.1)
}

/// The dialog. Put it beside the dialog of the form: it is open while [`KeyForm::adding`] names a field.
#[component]
pub fn OfferDialog(
    /// The form of the key, which gets what was made.
    form: KeyForm,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let field = form.adding().get()?;
        let spec = form.manifest().field(field)?;
        let FieldKind::Pick(picker) = spec.kind else { return None };
        let fields = fields_of(workspace.manifest(), picker)?;
        Some(dialog(&workspace, Adding { form, spec, picker, fields }))
    }
}

/// What is being made, and for which field.
#[derive(Clone, Copy)]
struct Adding {
    form: KeyForm,
    spec: &'static FieldSpec,
    picker: Picker,
    fields: &'static [FieldSpec],
}

fn dialog(workspace: &Workspace, adding: Adding) -> AnyView {
    let Adding { form: below, spec, picker, fields } = adding;
    let own = KeyForm::named("new-", workspace.manifest().aside(fields), &Draft::default());
    let write = Write::new();
    // It was made, and could not be told from others.
    let made = RwSignal::new(false);
    let leave = Leave::new(write, Signal::derive(move || !made.get() && own.is_dirty()));
    let close = move || {
        below.adding().set(None);
        below.focus_field(spec.id);
    };
    let client = StoredValue::new_local(workspace.client().clone());
    let submit = {
        let workspace = workspace.clone();
        UnsyncCallback::from(move || {
            if write.pending().get_untracked() || made.get_untracked() {
                return;
            }
            let Some(wanted) = own.attempt() else { return };
            let act = Act::AddOffer { picker, fields: wanted.clone() };
            let found = StoredValue::new(None::<Offer>);
            write.start(
                &workspace,
                Action::AddOption,
                name_of(&wanted, fields),
                move |journal, steps| async move {
                    let outcome = journal.act(&act, |step| steps.at(step)).await;
                    if matches!(outcome, Outcome::Done { .. })
                        && let Some(client) = client.try_get_value()
                    {
                        found.try_set_value(find(&client, picker, &wanted, fields).await);
                    }
                    outcome
                },
                move |outcome| match (&**outcome, found.try_get_value().flatten()) {
                    (Outcome::Done { .. }, Some(offer)) => {
                        below.choose_added(spec.id, offer);
                        close();
                    }
                    (Outcome::Done { .. }, None) => made.set(true),
                    (Outcome::Refused(error), _) => {
                        own.show_refusal(error);
                    }
                    _ => {}
                },
            );
        })
    };
    let footer = move || {
        let buttons = move || {
            if made.get() {
                return view! { <DialogCancel label=t::ui_close() /> }.into_any();
            }
            let word = if write.outcome().is_some() { t::create_again() } else { t::offer_send() };
            view! {
                <DialogCancel />
                <Button kind=ButtonKind::Primary icon=Icon::Plus submit=true pending=write.pending()>{word}</Button>
            }
            .into_any()
        };
        view! { {buttons} }
    };
    let effect = workspace.manifest().action(ActionKind::AddOffer).map_or("", |it| (it.effect)());
    let content = move || {
        let outcome = move || {
            let outcome = write.outcome()?;
            let title = untrack(|| own.wanted()).map(|it| name_of(&it, fields)).unwrap_or_default();
            Some(view! { <OutcomeView outcome action=Action::AddOption title /> })
        };
        let main = move || match made.get() {
            true => view! { <Banner tone=Tone::Info>{t::offer_not_told()}</Banner> }.into_any(),
            false => view! {
                <p>{effect}</p>
                <KeyFields form=own title_check=Signal::stored(TitleCheck::Nothing) />
            }
            .into_any(),
        };
        view! { {outcome} {main} <Steps write /> }
    };
    view! {
        <Dialog
            open=true
            on_close=close
            title=title_of(spec)
            guard=leave.guard()
            on_submit=submit
            size=DialogSize::Small
            footer
        >
            {content()}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

/// "New customer".
#[must_use]
pub fn title_of(spec: &FieldSpec) -> String {
    t::offer_title(&small((spec.label)()))
}

/// The texts that say what is made, those that have to be given first.
fn texts<'a>(wanted: &'a Fields, fields: &'a [FieldSpec]) -> impl Iterator<Item = (FieldId, &'a str)> {
    let has_to = |it: &&FieldSpec| it.create == Use::Required;
    let order = fields.iter().filter(has_to).chain(fields.iter().filter(move |it| !has_to(it)));
    order.map(|it| (it.id, wanted.text(it.id))).filter(|(_, text)| !text.is_empty())
}

/// What it is called in messages.
fn name_of(wanted: &Fields, fields: &[FieldSpec]) -> String {
    let has_to: Vec<&str> = texts(wanted, fields).map(|(_, text)| text).collect();
    has_to.first().map_or_else(String::new, |it| (*it).to_owned())
}

/// Looks for what was made: the one thing offered for its first text that shows all texts it had to have.
async fn find(client: &Client, picker: Picker, wanted: &Fields, fields: &[FieldSpec]) -> Option<Offer> {
    let (_, first) = texts(wanted, fields).next()?;
    // Without an answer it is chosen from the list by hand.
    let offers = client.offers(picker, first, &Cancel::new()).await.ok()?;
    only(&offers, wanted, fields).cloned()
}

/// The one offer that shows what was asked for; nothing where several do.
fn only<'a>(offers: &'a [Offer], wanted: &Fields, fields: &[FieldSpec]) -> Option<&'a Offer> {
    let shows = |offer: &Offer, text: &str| {
        let text = text.to_lowercase();
        [&offer.name, &offer.note, &offer.id].iter().any(|it| it.to_lowercase().contains(&text))
    };
    let required = fields.iter().filter(|it| it.create == Use::Required);
    let required: Vec<&str> = required
        .filter(|it| matches!(wanted.get(it.id), Some(Value::Text(_))))
        .map(|it| wanted.text(it.id))
        .collect();
    let mut found = offers.iter().filter(|it| required.iter().all(|text| shows(it, text)));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use super::*;
    use crate::systems::solifyn::{CUSTOMERS, EMAIL, MANIFEST, NAME, PRODUCTS};

    fn wanted() -> Fields {
        let text = |it: &str| Value::Text(it.to_owned());
        Fields::new().with(EMAIL, text("ada@example.org")).with(NAME, text("Ada"))
    }

    fn offer(id: &str, name: &str, note: &str) -> Offer {
        Offer { id: id.to_owned(), name: name.to_owned(), note: note.to_owned(), defaults: Fields::new() }
    }

    #[test]
    fn what_was_made_is_the_one_that_shows_all_it_had_to_have() {
        let fields = fields_of(&MANIFEST, CUSTOMERS).expect("customers can be made");
        let ada = offer("1", "Ada", "Ada@example.org");
        let other = offer("2", "Ada Lovelace", "ada@example.org.uk");
        assert_eq!(only(std::slice::from_ref(&ada), &wanted(), fields), Some(&ada));
        assert_eq!(only(&[offer("3", "Ada", "a@b.c"), ada.clone()], &wanted(), fields), Some(&ada));
        // Two that could be it are left to the reader.
        assert_eq!(only(&[ada, other], &wanted(), fields), None);
        assert_eq!(name_of(&wanted(), fields), "ada@example.org");
    }

    #[test]
    fn only_what_the_manifest_says_can_be_made() {
        assert!(fields_of(&MANIFEST, PRODUCTS).is_none());
        let without = Manifest { actions: &[], ..MANIFEST };
        assert!(fields_of(&without, CUSTOMERS).is_none());
    }
}
