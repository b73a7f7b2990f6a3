//! The visual builder: the groups and clauses of the text, each with controls that change its own bytes.
//!
//! The text is the truth. What is shown is read from its outline, row by row, by where the row stands; what a
//! control does is an edit of the text. Nothing is kept beside it, so that text and builder cannot differ.
//!
//! `condition` reads a clause for a row, `row` and `value` show it, `group` shows what holds rows, `grip` moves
//! them, `menu` has all that can be done with one.

mod condition;
mod grip;
mod group;
mod menu;
mod path;
mod row;
mod value;

use std::ops::Range;

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use qql::{Edit, ItemId, Outline, Parse};

use self::grip::{Drag, Grab};
use self::path::{Path, find, number, path_of, range_at, read_number};
use super::drawn::Drawn;
use super::history::Focus;
use super::language::QueryField;
use super::model::Model;
use crate::i18n::t;
use crate::platform::dom;
use crate::ui::{Announcer, Disclosure, Icon, IconButton, effect, id, memo};

/// The builder, folded up until it is asked for.
#[component]
pub(super) fn Tree(model: Model) -> impl IntoView {
    let opened = RwSignal::new(false);
    let builder = Builder::new(model);
    // Where the focus is sent to, once the rows show the text that it is sent to.
    effect(move |_| {
        let Some(Focus::Item(range)) = model.take_wish(|it| matches!(it, Focus::Item(_))) else { return };
        builder.due.set_value(Some(range));
        request_animation_frame(move || builder.arrive());
    });
    let body = move || opened.get().then(|| builder_view(builder));
    view! { <Disclosure summary=t::query_builder() opened>{body}</Disclosure> }.into_any()
}

/// The builder of one query. A handle.
#[derive(Clone, Copy)]
struct Builder {
    model: Model,
    fields: StoredValue<Vec<QueryField>>,
    /// What the ids of its elements begin with.
    prefix: StoredValue<String>,
    /// Where the reader is, and at which of the controls there.
    here: StoredValue<(Path, Part)>,
    /// What the focus is on its way to.
    due: StoredValue<Option<Range<usize>>>,
    drag: RwSignal<Option<Drag>>,
    grab: RwSignal<Option<Grab>>,
    announcer: Option<Announcer>,
}

/// A control of a row or of the head of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Grip,
    Not,
    Field,
    Verb,
    Value,
    Join,
    Add,
    Menu,
    Text,
}

const PARTS: [(Part, &str); 9] = [
    (Part::Grip, "grip"),
    (Part::Not, "not"),
    (Part::Field, "field"),
    (Part::Verb, "verb"),
    (Part::Value, "value"),
    (Part::Join, "join"),
    (Part::Add, "add"),
    (Part::Menu, "menu"),
    (Part::Text, "text"),
];

/// The change of the text that something stands for.
type Change<'a> = &'a dyn Fn(&Outline, &Parse, ItemId) -> Option<Edit>;

impl Builder {
    fn new(model: Model) -> Self {
        Self {
            model,
            fields: StoredValue::new(model.language.fields()),
            prefix: StoredValue::new(id::unique("builder")),
            here: StoredValue::new((Path::new(), Part::Add)),
            due: StoredValue::new(None),
            drag: RwSignal::new(None),
            grab: RwSignal::new(None),
            announcer: use_context::<Announcer>(),
        }
    }

    /// The query at this moment.
    fn now(self) -> Option<Drawn> {
        self.model.drawn().get_untracked()
    }

    /// The id of a control.
    fn id(self, path: &[usize], part: Part) -> String {
        let name = PARTS.iter().find(|(it, _)| *it == part).map_or("", |(_, name)| *name);
        self.prefix.with_value(|it| [it, "_", &number(path), "_", name].concat())
    }

    /// Changes the text and sends the focus to what was changed, at the control `part` of it. Gives its bytes in
    /// the new text, or nothing when it cannot be done.
    fn change(self, path: &[usize], part: Part, edit: Change<'_>) -> Option<Range<usize>> {
        let drawn = self.now()?;
        let id = find(&drawn.outline, path)?;
        let from = drawn.item(id)?.range.clone();
        let edit = edit(&drawn.outline, &drawn.known.parse, id)?;
        self.here.set_value((path.to_vec(), part));
        self.due.set_value(Some(edit.focus.clone()));
        let text = edit.apply(&drawn.known.text);
        self.model.edit(text, Focus::Item(from), Focus::Item(edit.focus.clone()));
        Some(edit.focus)
    }

    /// The same for a letter that was typed into a control: the focus stays. Whether it could be done.
    fn typed(self, path: &[usize], edit: Change<'_>) -> bool {
        let Some(drawn) = self.now() else { return false };
        let Some(id) = find(&drawn.outline, path) else { return false };
        let Some(edit) = edit(&drawn.outline, &drawn.known.parse, id) else { return false };
        let from = range_at(&drawn.outline, path);
        self.model.typed_in_control(edit.apply(&drawn.known.text), Focus::Item(from));
        // Another kind of value has another control, which then takes the place of the one that was typed into.
        request_animation_frame(move || {
            let Some((path, part)) = self.here.try_get_value() else { return };
            if dom::focused_id().is_none() {
                dom::focus_by_id(&self.id(&path, part));
            }
        });
        true
    }

    /// The text of the clause goes into the field, selected.
    fn go_to_text(self, path: &[usize]) {
        let Some(drawn) = self.now() else { return };
        self.model.go(Focus::Text(range_at(&drawn.outline, path)));
    }

    /// Sends the focus where it is due, unless the reader went elsewhere in the meantime.
    fn arrive(self) {
        if let Some(range) = self.due.try_update_value(Option::take).flatten() {
            self.focus(&range);
        }
    }

    /// Moves the focus to the item at these bytes: to the control where the reader was, if it has such a one.
    fn focus(self, range: &Range<usize>) {
        let Some(drawn) = self.model.drawn().try_get_untracked().flatten() else { return };
        let Some(id) = drawn.outline.at(range) else { return };
        let mut path = path_of(&drawn.outline, id);
        let part = self.here.with_value(|it| it.1);
        // A group that was just added: its one clause is what is filled in next.
        let is_group = drawn.item(id).is_some_and(|it| !it.children.is_empty());
        if part == Part::Field && is_group && !path.is_empty() {
            path.push(0);
        }
        for part in [part, Part::Grip, Part::Add] {
            let id = self.id(&path, part);
            dom::focus_by_id(&id);
            if dom::has_focus(&id) {
                return self.here.set_value((path, part));
            }
        }
        // The builder is folded up.
        self.model.go(Focus::Text(range.clone()));
    }

    /// The place that a key is meant for which was pressed at `path`: faster than the focus, it still comes from where
    /// the item was before.
    fn meant(self, path: Path) -> Path {
        let Some(range) = self.due.get_value() else { return path };
        let drawn = self.now();
        let found = drawn.and_then(|it| Some(path_of(&it.outline, it.outline.at(&range)?)));
        found.unwrap_or(path)
    }

    /// Where the reader is, for a step back.
    fn at(self) -> Focus {
        let path = self.here.with_value(|it| it.0.clone());
        Focus::Item(self.now().map(|it| range_at(&it.outline, &path)).unwrap_or_default())
    }

    fn undo(self) {
        self.model.undo(self.at());
    }

    fn redo(self) {
        self.model.redo(self.at());
    }

    /// Notes where the focus went.
    fn came(self, ev: &FocusEvent) {
        self.model.settle();
        self.due.set_value(None);
        let id = dom::target_id(ev);
        let mut parts = id.rsplit('_');
        let (Some(name), Some(place)) = (parts.next(), parts.next()) else { return };
        let part = PARTS.iter().find(|(_, it)| *it == name).map(|(it, _)| *it);
        if let (Some(part), Some(path)) = (part, read_number(place)) {
            self.here.set_value((path, part));
        }
    }

    fn on_keydown(self, ev: &KeyboardEvent) {
        let is_command = (ev.ctrl_key() || ev.meta_key()) && !ev.alt_key();
        match (&*ev.key().to_lowercase(), is_command) {
            ("z", true) if ev.shift_key() => self.redo(),
            ("z", true) => self.undo(),
            ("y", true) => self.redo(),
            _ => return,
        }
        ev.prevent_default();
    }

    fn say(self, text: String) {
        if let Some(announcer) = self.announcer {
            announcer.say(text);
        }
    }

    /// The field of that name, inside the nested query over `outer` if there is one.
    fn field(self, name: &str, outer: Option<&str>) -> Option<QueryField> {
        let inner = outer.map(|it| [it, ".", name].concat());
        self.fields.with_value(|fields| {
            let named = |name: &str| fields.iter().find(|it| it.name == name);
            // A token may stand behind a prefix that means nothing.
            let prefixed = || {
                let is_end = |it: &&QueryField| it.name.contains('.') && name.ends_with(it.name);
                fields.iter().find(is_end)
            };
            inner.as_deref().and_then(named).or_else(|| named(name)).or_else(prefixed).cloned()
        })
    }
}

fn builder_view(builder: Builder) -> AnyView {
    let model = builder.model;
    let is_drawn = memo(move |_| model.drawn().with(Option::is_some));
    let root = move || match is_drawn.get() {
        true => group::root(builder),
        false => view! { <p class="field-hint">{t::query_too_long()}</p> }.into_any(),
    };
    let no_past = Signal::derive(move || !model.has_past());
    let no_future = Signal::derive(move || !model.has_future());
    view! {
        <div
            class="tree"
            role="group"
            aria-label=t::query_builder()
            on:focusin=move |ev| builder.came(&ev)
            on:keydown=move |ev| builder.on_keydown(&ev)
        >
            <div class="tree-bar">
                <p class="field-hint tree-keys">{t::query_builder_keys()}</p>
                <IconButton name=t::query_undo() icon=Icon::Undo disabled=no_past on_click=move || builder.undo() />
                <IconButton name=t::query_redo() icon=Icon::Redo disabled=no_future on_click=move || builder.redo() />
            </div>
            {root}
        </div>
    }
    .into_any()
}
