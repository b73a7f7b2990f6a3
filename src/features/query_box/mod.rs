//! The query box: a text that is the truth, its errors with their place, what can be written next, and a visual
//! builder that writes the same text.
//!
//! Everything about the language comes from `qql` and from the fields of a `Language`. `model` holds the text and
//! what is known of it; `field` is where it is typed, `suggest` proposes what comes next, `problems` and `faults` say
//! what is wrong, `settle` runs it when the person stops typing. `chips` says where each clause runs, and `tree` shows
//! the groups and clauses of every text, with what no row can hold left in its place as it was typed.

#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod chips;
mod drawn;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod faults;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod field;
mod history;
mod language;
mod model;
mod problems;
mod sentence;
mod settle;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod suggest;
#[expect(unreachable_pub, reason = "the component macro makes its props public")]
mod tree;

use leptos::prelude::*;

pub use self::language::{Language, QueryField, Seen, state_choices};

use self::chips::Chips;
use self::faults::{FaultLine, Faults};
use self::field::{HINT, QueryText, SENTENCE};
use self::history::Focus;
use self::language::starting_field;
use self::model::{Known, Model};
use self::problems::Problem;
use self::sentence::sentence;
use self::settle::Settled;
use self::suggest::{Sources, Suggest, Suggestions};
use self::tree::Tree;
use crate::features::saved_queries::{SavedButton, SavedDialog, SavedNotes, SavedQueries, recent};
use crate::i18n::t;
use crate::page::holds_key_value;
use crate::ui::{Button, ButtonKind, Icon, IconButton, effect, icon, memo};

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
    let settled = Settled::new(model, applied, on_type);
    let faults = Faults::new(model, settled);
    // Whether the text could run.
    let run_text = move || {
        let can_run = known.with_untracked(|it| it.faults.is_empty());
        if can_run {
            let text = model.text_now();
            settled.sent(&text);
            on_run.run((text,));
        } else {
            faults.show();
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
    // What is chosen whole: a query of before, none at all.
    let run_whole = UnsyncCallback::<(String,)>::from(move |text: String| {
        let end = text.len();
        model.edit(text, Focus::Text(model.caret()), Focus::Text(end..end));
        run.run(());
    });
    let fields = StoredValue::new(language.fields());
    let recent = UnsyncCallback::new(move |()| recent(language.saved_as()));
    let suggest = Suggest::new(model, fields, Sources { seen, recent, run: run_whole });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        suggest.hide();
        run.run(());
    };
    let clear = move || {
        suggest.hide();
        run_whole.run((String::new(),));
    };
    let said = memo(move |_| known.with(|it| notes(it, &applied.get(), settled)));
    let example = fields.with_value(|it| starting_field(it).map(example)).unwrap_or_default();
    // Always on the screen; heard once the person pauses, and with the field.
    let asked = memo(move |_| known.with(|it| in_words(it, language)));
    let heard = RwSignal::new(String::new());
    let first = asked.get_untracked();
    effect(move |_| {
        let now = asked.get();
        // What the page opens with is not read out.
        if settled.paused.get() && (now != first || heard.with_untracked(|it| !it.is_empty())) {
            heard.set(now);
        }
    });
    let is_blank = memo(move |_| known.with(|it| it.text.is_empty()));
    let clear_button = move || {
        (!is_blank.get())
            .then(|| view! { <IconButton name=t::query_clear() icon=Icon::Close on_click=clear /> })
    };
    view! {
        <form class="query" role="search" on:submit=submit novalidate>
            <div class="query-bar" on:focusout=move |_| suggest.left()>
                <div class="query-frame">
                    <span class="query-icon">{icon(Icon::Search)}</span>
                    <QueryText model faults suggest on_enter=run />
                    {clear_button}
                    <Button kind=ButtonKind::Primary submit=true>{t::query_run()}</Button>
                    <SavedButton saved />
                </div>
                <Suggestions suggest />
            </div>
            <SavedNotes saved />
            <FaultLine faults />
            <div class="query-said">
                <p class="query-sentence" id=SENTENCE>{move || asked.get()}</p>
                <p class="field-hint" id=HINT hidden=move || !is_blank.get()>{t::query_hint(&example)}</p>
            </div>
            <div class="visually-hidden" role="status">{move || heard.get()}</div>
            {move || said.get().into_iter().map(|it| view! { <p class="field-hint" role="status">{it}</p> }).collect_view()}
            <Chips model />
            <Tree model />
        </form>
        <SavedDialog saved />
    }
    .into_any()
}

/// What is asked for in plain words; blank for a text that nobody reads as a whole.
fn in_words(known: &Known, language: &'static dyn Language) -> String {
    if known.is_long() { String::new() } else { sentence(&known.parse, language) }
}

/// A query in quotes that can run as it stands.
fn example(field: &QueryField) -> String {
    let value = field.first_value();
    let value = if value.is_empty() { "…" } else { &value };
    ["“", field.name, ": ", value, "”"].concat()
}

/// What the reader should know about the query. Compared before it is said again, so that typing on does not
/// repeat it.
fn notes(known: &Known, applied: &str, settled: Settled) -> Vec<String> {
    let mut lines: Vec<String> = known.notes.iter().map(|it| Problem::note(it, &known.text)).collect();
    if &*known.text == applied && holds_key_value(applied) {
        lines.push(t::query_not_in_address().to_owned());
    }
    if settled.waits(known) {
        lines.push(t::query_not_run().to_owned());
    }
    lines
}
