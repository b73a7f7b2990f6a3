//! A field whose value is picked from what the service offers.

use leptos::prelude::*;

use super::controls::{Part, note};
use crate::features::error_text;
use crate::features::offers;
use crate::features::workspace::Workspace;
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::platform::clock;
use crate::systems::{Offer, Picker};
use crate::ui::{
    Answer, Button, ButtonKind, Combo, ComboOption, Combobox, Icon, Latest, Offered, effect, latest,
};

/// A pause in the typing before the service is asked.
const PAUSE_MS: u32 = 250;

pub(super) fn pick_field(
    part: Part,
    picker: Picker,
    id: RwSignal<String>,
    shown: RwSignal<String>,
) -> AnyView {
    // An id without a name: the offers may tell it.
    let is_nameless = id.with_untracked(|id| !id.is_empty() && shown.with_untracked(|it| it == id));
    let combo = Combo {
        value: id,
        text: shown,
        query: RwSignal::new(String::new()),
        wanted: RwSignal::new(is_nameless),
    };
    let offers = offers(picker, combo);
    let field = part.spec.id;
    let form = part.form;
    let find = move |id: &str| {
        offers.signal().with_untracked(|it| it.value()?.iter().find(|it| it.id == id).cloned())
    };
    // The note of what was picked stays while the list goes on to other things.
    let picked = RwSignal::new(None::<Offer>);
    let choose = move |offer: Option<Offer>| {
        form.set_picked(field, offer.clone());
        picked.set(offer);
    };
    let on_choice = move |value: Option<String>| choose(value.and_then(|it| find(&it)));
    effect(move |_| {
        if !matches!(offers.get(), Answer::Ready(_)) || picked.with_untracked(Option::is_some) {
            return;
        }
        let known =
            id.with_untracked(|id| find(id)).filter(|it| shown.with_untracked(|shown| *shown == it.id));
        if let Some(offer) = known {
            shown.set(offer.name.clone());
            choose(Some(offer));
        }
    });
    // What was made for this field is chosen, and the list asks again.
    effect(move |_| {
        let Some(offer) = form.added(field) else { return };
        id.set(offer.id.clone());
        shown.set(offer.name.clone());
        choose(Some(offer));
        offers.reload();
    });
    let add = offers::fields_of(expect_context::<Workspace>().manifest(), picker).map(|_| {
        let on_click = move || form.adding().set(Some(field));
        let title = offers::title_of(part.spec);
        view! {
            <div class="button-row">
                <Button kind=ButtonKind::Quiet icon=Icon::Plus on_click>{title}</Button>
            </div>
        }
    });
    let said = move || {
        let value = id.get();
        if value.is_empty() {
            return ().into_any();
        }
        match picked.get() {
            Some(offer) if offer.id == value => note(false, picked_text(&offer)),
            _ if shown.with(|it| it.trim() == value) => note(true, t::form_pick_typed().to_owned()),
            _ => note(false, t::form_pick_id(&value)),
        }
    };
    let failed = move || {
        let error = offers.get().error().cloned()?;
        let text = t::form_pick_failed(&error_text::title(&error));
        Some(view! {
            {note(true, text)}
            <div class="button-row"><Button on_click=move || offers.reload()>{t::error_retry()}</Button></div>
        })
    };
    view! {
        <div class="form-part">
            <Combobox
                label=part.label()
                combo
                offered=offered(offers)
                on_choice
                hint=part.hint()
                required=part.required()
                error=part.error()
                id=part.id()
            />
            {failed}
            {add}
            <div role="status">{said}</div>
        </div>
    }
    .into_any()
}

/// Asks once somebody looks, and again for what is typed.
fn offers(picker: Picker, combo: Combo) -> Latest<Vec<Offer>, ApiError> {
    let client = expect_context::<Workspace>().client().clone();
    let question = Signal::derive(move || combo.wanted.get().then(|| combo.query.get()));
    latest(question, Cancel::new, Cancel::cancel, move |typed: String, cancel| {
        let client = client.clone();
        async move {
            if !typed.is_empty() {
                clock::sleep(PAUSE_MS).await;
            }
            client.offers(picker, &typed, &cancel).await
        }
    })
}

fn offered(offers: Latest<Vec<Offer>, ApiError>) -> Signal<Offered> {
    Signal::derive(move || {
        let answer = offers.get();
        let option = |it: &Offer| {
            let label = if it.name.is_empty() { it.id.clone() } else { it.name.clone() };
            ComboOption { value: it.id.clone(), label, note: it.note.clone() }
        };
        Offered {
            options: answer.value().map(|it| it.iter().map(option).collect()).unwrap_or_default(),
            loading: matches!(answer, Answer::Idle | Answer::Loading { .. }),
            failed: answer.error().map(|it| error_text::title(it)),
        }
    })
}

fn picked_text(offer: &Offer) -> String {
    let id = t::form_pick_id(&offer.id);
    if offer.note.is_empty() { id } else { [&offer.note, " · ", &id].concat() }
}
