//! The query box: one line of text that is the truth, its errors with their place, and a visual builder
//! that writes the same text.
//!
//! Everything about the language comes from `qql` and from the fields of a `Language`: `problems` turns the
//! findings into words, `places` says where each clause runs, `builder` shows the flat queries that
//! `qql::to_simple` can hold without loss and leaves every other text alone.

#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod builder;
mod history;
mod language;
#[expect(dead_code, reason = "the chips, the builder and the saved queries are moving in")]
mod model;
mod places;
mod problems;
#[cfg_attr(not(test), expect(dead_code, reason = "the box that shows it is moving in"))]
mod sentence;

use leptos::prelude::*;

pub use self::language::{Language, QueryField, state_choices};

use self::builder::Builder;
use self::language::starting_field;
use self::model::Model;
use self::problems::{Problem, problems};
use crate::i18n::t;
use crate::page::holds_key_value;
use crate::platform::dom;
use crate::ui::{Button, ButtonKind, Disclosure, Field, FieldIds, Icon, icon};

/// A query that can be typed or built, and run with Enter.
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
) -> impl IntoView {
    let model = Model::new(applied.get_untracked(), language);
    let text = model.text;
    Effect::new(move |_| model.follow(applied.get()));
    let parse = Memo::new(move |_| Parsed::of(&text.get(), language));
    // A half-typed clause is no error yet: errors show from the first try to run until the text is good.
    let tried = RwSignal::new(false);
    let shown = Memo::new(move |_| if tried.get() { parse.with(|it| it.faults.clone()) } else { Vec::new() });
    let error = Signal::derive(move || shown.with(|it| it.first().map(Problem::sentence)));

    let run = move |text: String| {
        tried.set(true);
        if parse.with_untracked(|it| it.faults.is_empty()) {
            tried.set(false);
            on_run.run((text,));
        }
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        run(text.get_untracked());
    };
    let clear = move || {
        text.set(String::new());
        tried.set(false);
        on_run.run((String::new(),));
    };
    let said = Memo::new(move |_| notes(&parse.get().notes, &text.get(), &applied.get()));
    let ids = FieldIds::new(Some("query".to_owned()));
    // Both stand below the bar, so that the button stays beside the field whatever they say.
    let described_by = "query-problem query-hint";
    let fields = StoredValue::new(language.fields());
    let example = fields.with_value(|it| starting_field(it).map(example)).unwrap_or_default();
    let places = Memo::new(move |_| parse.with(|it| it.places.clone()));
    let has_text = move || text.with(|it| !it.is_empty());
    view! {
        <form class="query" role="search" on:submit=submit novalidate>
            <div class="query-bar">
                <div class="query-text">
                    <Field ids label=t::query_label()>
                        <input
                            class="input input-code"
                            id="query"
                            type="text"
                            autocomplete="off"
                            autocapitalize="off"
                            spellcheck="false"
                            enterkeyhint="search"
                            aria-describedby=described_by
                            aria-invalid=move || shown.with(|it| !it.is_empty()).then_some("true")
                            bind:value=text
                        />
                    </Field>
                </div>
                <Button kind=ButtonKind::Primary icon=Icon::Search submit=true>{t::query_run()}</Button>
                {move || has_text().then(|| view! { <Button on_click=clear>{t::query_clear()}</Button> })}
            </div>
            <div class="field-error" id="query-problem" aria-live="polite">
                {move || error.get().map(|it| view! { {icon(Icon::Danger)} <span>{it}</span> })}
            </div>
            {move || shown.with(|it| it.first().map(|it| place(it, text)))}
            <p class="field-hint" id="query-hint">{t::query_hint(&example)}</p>
            {move || said.get().into_iter().map(|it| view! { <p class="field-hint" role="status">{it}</p> }).collect_view()}
            {move || places_view(places.get())}
            <Disclosure summary=t::query_builder()>
                <Builder fields text problems=Signal::derive(move || parse.with(|it| !it.faults.is_empty())) />
            </Disclosure>
        </form>
    }
    .into_any()
}

/// What is known of a text.
#[derive(Clone, PartialEq)]
struct Parsed {
    /// With these it cannot run.
    faults: Vec<Problem>,
    /// Worth knowing, though it can run.
    notes: Vec<String>,
    places: Vec<places::Line>,
}

impl Parsed {
    fn of(text: &str, language: &'static dyn Language) -> Self {
        let parse = qql::parse(text);
        let (faults, rest): (Vec<_>, Vec<_>) =
            problems(&parse, text, language).into_iter().partition(Problem::is_fatal);
        let notes = rest.iter().map(Problem::note).collect();
        let places = match language.split(&parse) {
            Some(split) if faults.is_empty() => places::lines(&split, text, language.all_here()),
            _ => Vec::new(),
        };
        Self { faults, notes, places }
    }
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
fn place(problem: &Problem, text: RwSignal<String>) -> AnyView {
    let Problem { before, marked, after, .. } = problem.clone();
    let fix = problem.fixed.clone().map(|fixed| {
        let label = problem.fix_label();
        // The button goes with the fault, so the focus goes on to the text.
        let apply = move || {
            text.set(fixed.clone());
            dom::focus_by_id("query");
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
fn notes(notes: &[String], text: &str, applied: &str) -> Vec<String> {
    let mut lines: Vec<String> = notes.to_vec();
    if text == applied && holds_key_value(applied) {
        lines.push(t::query_not_in_address().to_owned());
    }
    if text.trim() != applied.trim() {
        lines.push(t::query_not_run().to_owned());
    }
    lines
}
