//! A group: how its terms are joined, the terms, and what adds another one.

use leptos::prelude::*;
use qql::{ItemKind, Join, NewClause, NewValue, Op};

use super::path::{Path, find, number};
use super::row::{clause, opaque};
use super::{Builder, Part, grip, menu};
use crate::features::query_box::language::starting_field;
use crate::i18n::t;
use crate::ui::{Icon, icon, memo};

/// Levels that are built at once.
const LEVELS_AT_ONCE: usize = 16;

/// An item at its place. A handle.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) builder: Builder,
    path: StoredValue<Path>,
    pub(super) shown: Memo<Option<Shown>>,
}

/// What is drawn of an item, whatever its bytes.
#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) kind: Kind,
    pub(super) negated: bool,
    pub(super) muted: bool,
    /// The field of the nested query around it.
    pub(super) outer: Option<String>,
    /// The terms inside.
    pub(super) count: usize,
    pub(super) text: String,
}

#[derive(Clone, PartialEq)]
pub(super) enum Kind {
    Group { join: Option<Join>, parens: bool },
    Nested { field: String, join: Option<Join> },
    Clause(qql::Clause),
    Opaque,
}

/// What decides how a row is built. All else changes inside it.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Group,
    Clause,
    Opaque,
}

impl Node {
    fn new(builder: Builder, path: Path) -> Self {
        let place = path.clone();
        let path = StoredValue::new(path);
        let drawn = builder.model.drawn();
        let shown = memo(move |_| drawn.with(|it| Shown::of(it.as_ref()?, &place)));
        Self { builder, path, shown }
    }

    pub(super) fn path(self) -> Path {
        self.path.try_get_value().unwrap_or_default()
    }

    pub(super) fn number(self) -> String {
        self.path.with_value(|it| number(it))
    }

    pub(super) fn id(self, part: Part) -> String {
        self.path.with_value(|it| self.builder.id(it, part))
    }

    pub(super) fn is_negated(self) -> bool {
        self.shown.with(|it| it.as_ref().is_some_and(|it| it.negated))
    }

    pub(super) fn is_muted(self) -> bool {
        self.shown.with(|it| it.as_ref().is_some_and(|it| it.muted))
    }

    /// The field of the nested query around it.
    pub(super) fn outer(self) -> Option<String> {
        self.shown.try_get().flatten()?.outer
    }

    fn join(self) -> Option<Join> {
        self.shown.with(|it| match it.as_ref()?.kind {
            Kind::Group { join, .. } | Kind::Nested { join, .. } => join,
            _ => None,
        })
    }

    fn count(self) -> usize {
        self.shown.with(|it| it.as_ref().map_or(0, |it| it.count))
    }
}

impl Shown {
    fn of(drawn: &crate::features::query_box::drawn::Drawn, path: &[usize]) -> Option<Self> {
        let item = drawn.item(find(&drawn.outline, path)?)?;
        let text = drawn.text(&item.range);
        let (kind, text) = match &item.kind {
            ItemKind::Group { join, parens } => (Kind::Group { join: *join, parens: *parens }, ""),
            ItemKind::Nested { field, join } => (Kind::Nested { field: field.text.clone(), join: *join }, ""),
            ItemKind::Clause(clause) => (Kind::Clause(clause.clone()), text),
            ItemKind::Opaque => (Kind::Opaque, text),
        };
        let mut outer = None;
        let mut around = item.parent.and_then(|it| drawn.item(it));
        while let Some(group) = around {
            if let ItemKind::Nested { field, .. } = &group.kind {
                outer = Some(field.text.clone());
                break;
            }
            around = group.parent.and_then(|it| drawn.item(it));
        }
        let (negated, muted, count) = (item.negated, item.muted, item.children.len());
        Some(Self { kind, negated, muted, outer, count, text: text.to_owned() })
    }

    fn shape(&self) -> Shape {
        match self.kind {
            Kind::Group { .. } | Kind::Nested { .. } => Shape::Group,
            Kind::Clause(_) => Shape::Clause,
            Kind::Opaque => Shape::Opaque,
        }
    }
}

/// The whole query.
pub(super) fn root(builder: Builder) -> AnyView {
    let node = Node::new(builder, Path::new());
    let is_blank = memo(move |_| node.count() == 0);
    let blank = move || is_blank.get().then(|| view! { <p class="field-hint">{t::query_start_fresh()}</p> });
    view! {
        <div class="tree-root" data-drop=move || grip::mark(node)>
            {blank}
            {join_line(node)}
            <div class="tree-body">
                <div class="tree-items">{items(node)}</div>
                {foot(node)}
            </div>
        </div>
    }
    .into_any()
}

/// How the terms of the whole query are joined; nothing while there are fewer than two.
fn join_line(node: Node) -> AnyView {
    let is_joined = memo(move |_| node.join().is_some());
    let line = move || is_joined.get().then(|| view! { <div class="tree-line tree-head">{join(node)}</div> });
    line.into_any()
}

/// The items of a group, by their places: an item that takes the place of another one takes its row, too.
fn items(node: Node) -> AnyView {
    let builder = node.builder;
    let count = memo(move |_| node.count());
    let path = node.path();
    let child = move |at: usize| {
        let mut place = path.clone();
        place.push(at);
        item(Node::new(builder, place))
    };
    let rows =
        move || view! { <For each=move || 0..count.get() key=|it| *it children=child.clone() /> }.into_any();
    if node.path.with_value(Vec::len) % LEVELS_AT_ONCE != LEVELS_AT_ONCE - 1 {
        return rows();
    }
    // One within the other they would need more stack than a browser gives, so deep ones are built a frame later.
    let is_due = RwSignal::new(false);
    request_animation_frame(move || {
        is_due.try_set(true);
    });
    view! { {move || is_due.get().then(&rows)} }.into_any()
}

fn item(node: Node) -> AnyView {
    let shape = memo(move |_| node.shown.with(|it| it.as_ref().map(Shown::shape)));
    let body = move || match shape.get() {
        None => ().into_any(),
        Some(Shape::Group) => group(node),
        Some(Shape::Clause) => clause(node),
        Some(Shape::Opaque) => opaque(node),
    };
    body.into_any()
}

fn group(node: Node) -> AnyView {
    let field = memo(move |_| match node.shown.get()?.kind {
        Kind::Nested { field, .. } => Some(field),
        _ => None,
    });
    let nested = move || field.get().map(|it| view! { <code class="tree-nested">{it}":"</code> });
    // A chain without parentheses is one only because AND binds closer than OR.
    let name = move || t::query_group(&node.number());
    view! {
        <div
            class="tree-group"
            class:tree-muted=move || node.is_muted()
            role="group"
            aria-label=name
            data-drop=move || grip::mark(node)
        >
            <div class="tree-line tree-head" data-place=node.number()>
                {grip::grip(node)}
                {not(node)}
                {nested}
                {join(node)}
                {off(node)}
                <span class={"tree-space"}></span>
                {menu::menu(node)}
            </div>
            <div class="tree-body">
                <div class="tree-items">{items(node)}</div>
                {foot(node)}
            </div>
        </div>
    }
    .into_any()
}

/// Turns the item into its opposite.
pub(super) fn not(node: Node) -> AnyView {
    let toggle = move |_| {
        node.builder.change(&node.path(), Part::Not, &|outline, parse, id| outline.negate(parse, id));
    };
    view! {
        <label class="tree-not" class:tree-not-on=move || node.is_negated()>
            <input
                type="checkbox"
                id=node.id(Part::Not)
                prop:checked=move || node.is_negated()
                on:change=toggle
            />
            {t::query_not()}
        </label>
    }
    .into_any()
}

/// Says in a word that the item is switched off.
pub(super) fn off(node: Node) -> AnyView {
    let is_muted = memo(move |_| node.is_muted());
    let badge = move || is_muted.get().then(|| view! { <span class="tree-off">{t::query_off()}</span> });
    badge.into_any()
}

fn join(node: Node) -> AnyView {
    let is_or = move || node.join() == Some(Join::Or);
    let choose = move |ev| {
        let join = if event_target_value(&ev) == "or" { Join::Or } else { Join::And };
        node.builder
            .change(&node.path(), Part::Join, &|outline, parse, id| outline.set_join(parse, id, join));
    };
    // Nothing joins a single term.
    let is_alone = move || node.join().is_none();
    view! {
        <select
            class="input select tree-join"
            id=node.id(Part::Join)
            aria-label=t::query_join()
            disabled=is_alone
            on:change=choose
        >
            <option value="and" prop:selected=move || !is_or()>{t::query_join_and()}</option>
            <option value="or" prop:selected=is_or>{t::query_join_or()}</option>
        </select>
    }
    .into_any()
}

/// The end of a group: adds a clause or a group, and takes what is dropped behind the last term.
fn foot(node: Node) -> AnyView {
    let add = move |in_group: bool| {
        let Some(new) = first_clause(node) else { return };
        let added = node.builder.change(&node.path(), Part::Field, &|outline, parse, id| {
            let at = outline.item(id)?.children.len();
            match in_group {
                true => outline.add_group(parse, id, at, &new, Join::And),
                false => outline.add(parse, id, at, &new, Join::And),
            }
        });
        if added.is_some() && in_group {
            node.builder.say(t::query_added_group().to_owned());
        }
    };
    let path = node.path();
    let is_root = path.is_empty();
    let name = move |text: &'static str| match is_root {
        true => None,
        false => Some([text, " ", &t::query_to_group(&number(&path))].concat()),
    };
    view! {
        <div class="tree-foot" data-place-end=node.number()>
            <button
                class="button button-quiet tree-add"
                type="button"
                id=node.id(Part::Add)
                aria-label=name(t::query_add())
                on:click=move |_| add(false)
            >
                {icon(Icon::Plus)}
                <span class="button-text">{t::query_add()}</span>
            </button>
            <button
                class="button button-quiet tree-add"
                type="button"
                aria-label=name(t::query_add_group())
                on:click=move |_| add(true)
            >
                {icon(Icon::Plus)}
                <span class="button-text">{t::query_add_group()}</span>
            </button>
        </div>
    }
    .into_any()
}

/// A clause that can run as it stands, where the fields have such a one.
fn first_clause(node: Node) -> Option<NewClause> {
    let outer = match node.shown.get_untracked()?.kind {
        Kind::Nested { field, .. } => Some(field),
        _ => node.outer(),
    };
    let inner = outer.map(|it| [&it, "."].concat());
    node.builder.fields.with_value(|fields| {
        let within = |prefix: &String| {
            let field = fields.iter().find(|it| it.name.starts_with(prefix.as_str()))?;
            Some((field, field.name.strip_prefix(prefix.as_str())?))
        };
        let found = inner.as_ref().and_then(within);
        let (field, name) = found.or_else(|| starting_field(fields).map(|it| (it, it.name)))?;
        let value = NewValue::One(field.first_value());
        Some(NewClause { negated: false, field: name.to_owned(), op: Op::Match, value })
    })
}
