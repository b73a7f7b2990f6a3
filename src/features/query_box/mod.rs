//! The query box: one line of text that is the truth, its errors with their place, and a visual builder
//! that writes the same text.
//!
//! Everything about the language comes from `qql` and from the fields of a `Language`: `problems` turns the
//! findings into words, `places` says where each clause runs, `builder` shows the flat queries that
//! `qql::to_simple` can hold without loss and leaves every other text alone.

#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod builder;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod field;
mod history;
mod language;
#[expect(dead_code, reason = "the chips, the builder and the saved queries are moving in")]
mod model;
mod places;
mod problems;

use leptos::prelude::*;

pub use self::language::{Language, QueryField, Seen, state_choices};

use self::builder::Builder;
use self::field::QueryText;
use self::history::Focus;
use self::language::starting_field;
use self::model::{Known, Model};
use self::problems::Problem;
use crate::features::saved_queries::{SavedButton, SavedDialog, SavedNotes, SavedQueries};
use crate::i18n::t;
use crate::page::holds_key_value;
use crate::ui::{Button, ButtonKind, Disclosure, Icon, icon};

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

    let run_text = move || {
        let can_run = known.with_untracked(|it| it.faults.is_empty());
        tried.set(!can_run);
        if can_run {
            on_run.run((model.text_now(),));
        }
        can_run
    };
    let take = UnsyncCallback::new(move |(query,)| {
        model.follow(query);
        run_text();
    });
    let saved = SavedQueries::new(language.saved_as(), model.text.into(), applied, take);
    let run = UnsyncCallback::new(move |()| {
        if run_text() {
            saved.ran(&model.text_now());
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
    let places = Memo::new(move |_| known.with(|it| lines(it, language)));
    let has_text = move || known.with(|it| !it.text.is_empty());
    let invalid = Signal::derive(move || shown.with(Option::is_some));
    let _ = (on_type, seen);
    view! {
        <form class="query" role="search" on:submit=submit novalidate>
            <div class="query-bar">
                <QueryText model label=t::query_label() described_by="query-problem query-hint" invalid on_enter=run />
                <Button kind=ButtonKind::Primary icon=Icon::Search submit=true>{t::query_run()}</Button>
                {move || has_text().then(|| view! { <Button on_click=clear>{t::query_clear()}</Button> })}
                <SavedButton saved />
            </div>
            <SavedNotes saved />
            <div class="field-error" id="query-problem" aria-live="polite">
                {move || shown.with(|it| it.as_ref().map(|it| view! { {icon(Icon::Danger)} <span>{it.sentence()}</span> }))}
            </div>
            {move || shown.with(|it| it.as_ref().map(|it| place(it, model)))}
            <p class="field-hint" id="query-hint">{t::query_hint(&example)}</p>
            {move || said.get().into_iter().map(|it| view! { <p class="field-hint" role="status">{it}</p> }).collect_view()}
            {move || places_view(places.get())}
            <Disclosure summary=t::query_builder()>
                <Builder fields text=model.text problems=Signal::derive(move || known.with(|it| !it.faults.is_empty())) />
            </Disclosure>
        </form>
        <SavedDialog saved />
    }
    .into_any()
}

/// Where the clauses run; nothing while the query cannot.
fn lines(known: &Known, language: &'static dyn Language) -> Vec<places::Line> {
    let split = known.split.as_ref();
    split.map(|it| places::lines(it, &known.text, language.all_here())).unwrap_or_default()
}

/// A query in quotes that can run as it stands.
fn example(field: &QueryField) -> String {
    let value = field.first_value();
    let value = if value.is_empty() { "…" } else { &value };
    ["“", field.name, ": ", value, "”"].concat()
}

/// Where the clauses run. Not announced: it changes with each letter.
fn places_view(lines: Vec<places::Line>) -> AnyView {
    if lines.is_empty() {
        return ().into_any();
    }
    let line = |it: places::Line| {
        let clause = (!it.clause.is_empty()).then(|| view! { <code>{it.clause}</code> " " });
        view! { <li>{clause} {it.said}</li> }.into_any()
    };
    let lines: Vec<AnyView> = lines.into_iter().map(line).collect();
    view! { <ul class="plain-list field-hint" aria-label=t::query_places()>{lines}</ul> }.into_any()
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
