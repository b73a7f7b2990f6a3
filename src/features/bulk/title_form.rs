//! How the titles of many keys are made: the fields for it, and what comes of it for the first keys.

use leptos::prelude::*;

use super::titling::{Pattern, Titling, UnknownPlace};
use crate::domain::Key;
use crate::features::key_text;
use crate::features::write;
use crate::i18n::t;
use crate::ui::{Choice, NumberField, Select, TextField, memo};

/// The ids of its fields.
const TEXT_ID: &str = "bulk-title-text";
const FIRST_ID: &str = "bulk-title-first";

const PATTERN: &str = "pattern";
const BEFORE: &str = "before";
const BEHIND: &str = "behind";
const REPLACE: &str = "replace";

/// What stands in the fields. Its signals belong to the owner that made it.
#[derive(Clone, Copy)]
pub(super) struct TitleForm {
    how: RwSignal<String>,
    text: RwSignal<String>,
    with: RwSignal<String>,
    first: RwSignal<String>,
    error: RwSignal<Option<String>>,
    first_error: RwSignal<Option<String>>,
}

impl TitleForm {
    /// With a pattern to begin with.
    pub(super) fn new(pattern: &str) -> Self {
        Self {
            how: RwSignal::new(PATTERN.to_owned()),
            text: RwSignal::new(pattern.to_owned()),
            with: RwSignal::default(),
            first: RwSignal::new("1".to_owned()),
            error: RwSignal::default(),
            first_error: RwSignal::default(),
        }
    }

    /// How the titles are made and the number of the first key; tracks.
    ///
    /// # Errors
    /// What is wrong with the text, or else with the number.
    fn read(self) -> Result<(Titling, u64), (bool, String)> {
        let text = self.text.get();
        let blank = || Err((false, t::form_missing().to_owned()));
        let titling = match self.how.get().as_str() {
            PATTERN if text.trim().is_empty() => return blank(),
            PATTERN => match Pattern::parse(&text) {
                Ok(pattern) => Titling::Pattern(pattern),
                Err(UnknownPlace(name)) => {
                    return Err((false, t::bulk_title_unknown(&["{", &name, "}"].concat())));
                }
            },
            _ if text.is_empty() => return blank(),
            BEFORE => Titling::Before(text),
            BEHIND => Titling::Behind(text),
            _ => Titling::Replace { find: text, with: self.with.get() },
        };
        let first = self.first.with(|it| it.trim().parse::<u64>());
        first.map(|first| (titling, first)).map_err(|_| (true, t::form_not_a_number().to_owned()))
    }

    /// The same before a plan is made: what is wrong is shown at its field, which gets the focus.
    pub(super) fn attempt(self) -> Option<(Titling, u64)> {
        self.error.set(None);
        self.first_error.set(None);
        match untrack(|| self.read()) {
            Ok(read) => Some(read),
            Err((true, text)) => {
                self.first_error.set(Some(text));
                write::focus(FIRST_ID);
                None
            }
            Err((false, text)) => {
                self.error.set(Some(text));
                write::focus(TEXT_ID);
                None
            }
        }
    }

    /// Whether it is another one than at the beginning.
    pub(super) fn differs_from(self, pattern: &str) -> bool {
        self.how.with(|it| it != PATTERN) || self.text.with(|it| it != pattern)
    }
}

/// The fields. `keys` are the first of those whose titles change.
pub(super) fn title_fields(form: TitleForm, keys: Signal<Vec<Key>>) -> AnyView {
    let options = vec![
        Choice::new(PATTERN, t::bulk_title_pattern()),
        Choice::new(BEFORE, t::bulk_title_before()),
        Choice::new(BEHIND, t::bulk_title_behind()),
        Choice::new(REPLACE, t::bulk_title_replace()),
    ];
    let how = memo(move |_| form.how.get());
    let fields = move || {
        let how = how.get();
        let (label, hint) = match how.as_str() {
            PATTERN => {
                (t::bulk_title_pattern_label(), t::bulk_title_pattern_hint("{title}", "{id}", "{nnn}"))
            }
            REPLACE => (t::bulk_title_find(), t::bulk_title_find_hint().to_owned()),
            _ => (t::bulk_title_text(), String::new()),
        };
        let counts = (how == PATTERN).then(|| {
            view! { <NumberField label=t::bulk_title_first() value=form.first error=form.first_error id=FIRST_ID /> }
        });
        let with =
            (how == REPLACE).then(|| view! { <TextField label=t::bulk_title_with() value=form.with /> });
        view! {
            <TextField label value=form.text hint error=form.error id=TEXT_ID />
            {with}
            {counts}
        }
    };
    view! {
        <Select label=t::bulk_title_how() value=form.how options=Signal::stored(options) id="bulk-title-how" />
        {fields}
        <div role="status">{move || preview(form, &keys.get())}</div>
    }
    .into_any()
}

/// What becomes of the first titles.
fn preview(form: TitleForm, keys: &[Key]) -> Option<AnyView> {
    let (titling, first) = form.read().ok()?;
    let line = |(at, key): (u64, &Key)| {
        let title = titling.title(key, first.saturating_add(at));
        let shown = if title.is_empty() { t::key_no_title().to_owned() } else { title };
        let text = t::bulk_title_preview(&key_text::title_or_placeholder(key), &shown);
        view! { <li>{text}</li> }.into_any()
    };
    let lines: Vec<AnyView> = (0..).zip(keys).map(line).collect();
    (!lines.is_empty()).then(|| view! { <ul class="change-list">{lines}</ul> }.into_any())
}
