//! The query box: one line of text that is the truth, its errors with their place, and a visual builder
//! that writes the same text.
//!
//! Everything about the language comes from `qql` and from the fields of a `Language`: `problems` turns the
//! findings into words, `chips` says where each clause runs, and `tree` shows the groups and clauses of every text,
//! with what no row can hold left in its place as it was typed.

#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod chips;
mod drawn;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod field;
mod history;
mod language;
mod model;
mod problems;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod tree;

use leptos::prelude::*;

pub use self::language::{Language, QueryField, Seen, state_choices};

use self::chips::Chips;
use self::field::QueryText;
use self::history::Focus;
use self::language::starting_field;
use self::model::{Known, Model};
use self::problems::Problem;
use self::tree::Tree;
use crate::i18n::t;
use crate::page::holds_key_value;
use crate::ui::{Button, ButtonKind, Icon, icon};

/// A query that can be typed or built, and run with Enter or as it is typed.
#[component]
pub fn QueryBox(
    /// What the query may name.
    language: &'static dyn Language,
    /// The query in force; the text follows it.
    #[prop(into)]
    applied: Signal<String>,
    /// The person ran a query that parses.
    #[prop(into)]
    on_run: UnsyncCallback<(String,)>,
    /// The person wrote a query that can run and names only what is known; called when they pause.
    #[prop(into, optional)]
    on_type: Option<UnsyncCallback<(String,)>>,
    /// The values of a field among the keys that are loaded.
    #[prop(into, optional)]
    seen: Option<Seen>,
) -> impl IntoView {
    let model = Model::new(applied.get_untracked(), language);
    let known = model.known();
    Effect::new(move |_| model.follow(applied.get()));
    // A half-typed clause is no error yet: errors show from the first try to run until the text is good.
    let tried = RwSignal::new(false);
    let shown =
        Memo::new(move |_| tried.get().then(|| known.with(|it| it.faults.first().cloned())).flatten());

    // What is typed, chosen or taken from the saved ones: runs the text that is there now.
    let run = UnsyncCallback::new(move |()| {
        tried.set(true);
        if known.with_untracked(|it| it.faults.is_empty()) {
            tried.set(false);
            on_run.run((model.text_now(),));
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        run.run(());
    };
    let clear = move || {
        model.edit(String::new(), Focus::Text(model.caret()), Focus::Text(0..0));
        tried.set(false);
        on_run.run((String::new(),));
    };
    let said = Memo::new(move |_| known.with(|it| notes(it, &applied.get())));
    let fields = StoredValue::new(language.fields());
    let example = fields.with_value(|it| starting_field(it).map(example)).unwrap_or_default();
    let has_text = move || known.with(|it| !it.text.is_empty());
    let invalid = Signal::derive(move || shown.with(Option::is_some));
    let _ = (on_type, seen);
    view! {
        <form class="query" role="search" on:submit=submit novalidate>
            <div class="query-bar">
                <QueryText model label=t::query_label() described_by="query-problem query-hint" invalid on_enter=run />
                <Button kind=ButtonKind::Primary icon=Icon::Search submit=true>{t::query_run()}</Button>
                {move || has_text().then(|| view! { <Button on_click=clear>{t::query_clear()}</Button> })}
            </div>
            <div class="field-error" id="query-problem" aria-live="polite">
                {move || shown.with(|it| it.as_ref().map(|it| view! { {icon(Icon::Danger)} <span>{it.sentence()}</span> }))}
            </div>
            {move || shown.with(|it| it.as_ref().map(|it| place(it, model)))}
            <p class="field-hint" id="query-hint">{t::query_hint(&example)}</p>
            {move || said.get().into_iter().map(|it| view! { <p class="field-hint" role="status">{it}</p> }).collect_view()}
            <Chips model />
            <Tree model />
        </form>
    }
    .into_any()
}

/// A query in quotes that can run as it stands.
fn example(field: &QueryField) -> String {
    let value = field.first_value();
    let value = if value.is_empty() { "…" } else { &value };
    ["“", field.name, ": ", value, "”"].concat()
}

/// The text with the fault marked in it, and the one proposed fix.
fn place(problem: &Problem, model: Model) -> AnyView {
    let Problem { before, marked, after, .. } = problem.clone();
    let fix = problem.fixed.clone().map(|fixed| {
        let label = problem.fix_label();
        // The button goes with the fault, so the focus goes on to the text.
        let apply = move || {
            let end = fixed.len();
            model.edit(fixed.clone(), Focus::Text(model.caret()), Focus::Text(end..end));
        };
        view! { <Button kind=ButtonKind::Quiet on_click=apply>{label}</Button> }
    });
    view! {
        <p class="query-problem">
            <code>{before}<mark>{marked}</mark>{after}</code>
            {fix}
        </p>
    }
    .into_any()
}

/// What the reader should know about the query. Compared before it is said again, so that typing on does not
/// repeat it.
fn notes(known: &Known, applied: &str) -> Vec<String> {
    let mut lines: Vec<String> = known.notes.iter().map(Problem::note).collect();
    if &*known.text == applied && holds_key_value(applied) {
        lines.push(t::query_not_in_address().to_owned());
    }
    if known.text.trim() != applied.trim() {
        lines.push(t::query_not_run().to_owned());
    }
    lines
}
