//! All that can be done with an item, as a menu.

use leptos::prelude::*;
use qql::{Edit, ItemId, Outline, Parse};

use super::group::{Kind, Node};
use super::{Part, grip};
use crate::i18n::t;
use crate::ui::{Icon, Menu, MenuItem};

/// The menu button of a row or a group.
pub(super) fn menu(node: Node) -> AnyView {
    let name = match node.shown.get_untracked().map(|it| it.kind) {
        Some(Kind::Clause(_)) => t::query_clause_actions(&node.number()),
        Some(Kind::Opaque) | None => t::query_part_actions(&node.number()),
        Some(_) => t::query_group_actions(&node.number()),
    };
    let items = UnsyncCallback::new(move |()| items(node));
    view! { <Menu name id=node.id(Part::Menu) items /> }.into_any()
}

/// What to do with the text.
type Act = fn(&Outline, &Parse, ItemId) -> Option<Edit>;

/// What can be done with the item as it is now.
fn items(node: Node) -> Vec<MenuItem> {
    let Some(shown) = node.shown.get_untracked() else { return Vec::new() };
    let can = |act: Act| {
        let Some(drawn) = node.builder.now() else { return false };
        let id = super::path::find(&drawn.outline, &node.path());
        id.is_some_and(|id| act(&drawn.outline, &drawn.known.parse, id).is_some())
    };
    let item = |label: &'static str, icon: Icon, act: Act| {
        let run = move || {
            node.builder.change(&node.path(), Part::Menu, &act);
        };
        can(act).then(|| MenuItem::new(label, icon, run))
    };
    let step = |label: &'static str, icon: Icon, act: Act, up: bool| {
        can(act).then(|| MenuItem::new(label, icon, move || grip::step(node, up, Part::Menu)))
    };
    let (mute, mute_icon) = match shown.muted {
        true => (t::query_unmute(), Icon::Eye),
        false => (t::query_mute(), Icon::EyeOff),
    };
    let negate = if shown.negated { t::query_unnegate() } else { t::query_negate() };
    let all = [
        step(t::query_move_up(), Icon::SortUp, grip::up, true),
        step(t::query_move_down(), Icon::SortDown, grip::down, false),
        item(t::query_wrap(), Icon::Code, |outline, parse, id| outline.wrap(parse, id)).map(MenuItem::apart),
        item(t::query_unwrap(), Icon::Code, |outline, parse, id| outline.unwrap(parse, id)),
        item(negate, Icon::Ban, |outline, parse, id| outline.negate(parse, id)),
        item(mute, mute_icon, |outline, parse, id| outline.mute(parse, id)),
        item(t::query_duplicate(), Icon::Duplicate, |outline, parse, id| outline.duplicate(parse, id)),
        Some(MenuItem::new(t::query_edit_as_text(), Icon::Pencil, move || {
            node.builder.go_to_text(&node.path());
        })),
        item(t::query_remove_item(), Icon::Trash, |outline, parse, id| outline.remove(parse, id))
            .map(|it| it.apart().danger()),
    ];
    all.into_iter().flatten().collect()
}
