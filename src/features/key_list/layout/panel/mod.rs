//! The dialog in which the reader arranges the list, and the button that opens it.

mod columns;
mod row;

use leptos::prelude::*;

use self::columns::columns;
use super::{Density, Layout, ListLayout, Mode, group_name, grouping, groupings};
use crate::i18n::t;
use crate::systems::{GroupBy, Manifest};
use crate::ui::{Button, ButtonKind, Choice, Dialog, DialogCancel, Icon, Select, effect};

/// What all parts of the dialog share.
#[derive(Clone, Copy)]
struct Panel {
    layout: ListLayout,
    manifest: StoredValue<&'static Manifest, LocalStorage>,
    /// What was just done, for those who do not see it.
    said: RwSignal<String>,
}

impl Panel {
    fn manifest(self) -> &'static Manifest {
        self.manifest.get_value()
    }
}

/// The button "View" and its dialog.
pub(in super::super) fn view_button(layout: ListLayout, manifest: &'static Manifest) -> AnyView {
    let open = RwSignal::new(false);
    let panel =
        Panel { layout, manifest: StoredValue::new_local(manifest), said: RwSignal::new(String::new()) };
    let show = move || {
        panel.said.set(String::new());
        open.set(true);
    };
    let footer = move || {
        let reset = move || {
            layout.reset();
            panel.said.set(t::layout_was_reset().to_owned());
        };
        let standard = Signal::derive(move || !layout.is_arranged());
        view! {
            <Button kind=ButtonKind::Quiet icon=Icon::Undo disabled=standard on_click=reset>
                {t::layout_reset()}
            </Button>
            <DialogCancel label=t::layout_done() />
        }
    };
    view! {
        <Button icon=Icon::Columns on_click=show>{t::layout_open()}</Button>
        <Dialog open on_close=move || open.set(false) title=t::layout_title() footer=ViewFn::from(footer)>
            {body(panel)}
        </Dialog>
    }
    .into_any()
}

fn body(panel: Panel) -> AnyView {
    let density = [
        Choice::new(Density::Compact.name(), t::layout_compact()),
        Choice::new(Density::Normal.name(), t::layout_normal()),
        Choice::new(Density::Roomy.name(), t::layout_roomy()),
    ];
    let mode = [
        Choice::new(Mode::Paged.name(), t::layout_paged()),
        Choice::new(Mode::Continuous.name(), t::layout_continuous()),
    ];
    let manifest = panel.manifest();
    let none = Choice::new("", t::layout_no_groups());
    let group_choice = |by: GroupBy| Choice::new(group_name(by), group_label(manifest, by));
    let groups: Vec<Choice> =
        std::iter::once(none).chain(groupings(manifest).into_iter().map(group_choice)).collect();
    let density_value = bound(
        panel,
        |it| it.density.name(),
        |it, name, _| it.density = Density::parse(name).unwrap_or_default(),
    );
    let mode_value =
        bound(panel, |it| it.mode.name(), |it, name, _| it.mode = Mode::parse(name).unwrap_or_default());
    let group_value = bound(
        panel,
        |it| it.group.map_or("", group_name),
        |it, name, manifest| it.group = grouping(manifest, name),
    );
    let select = |label: &'static str, value: RwSignal<String>, options: Vec<Choice>, hint: &'static str| {
        view! { <Select label value options=Signal::stored(options) hint /> }
    };
    view! {
        <p class="visually-hidden" role="status">{move || panel.said.get()}</p>
        <div class="layout-choices">
            {select(t::layout_density(), density_value, density.into(), "")}
            {select(t::layout_mode(), mode_value, mode.into(), "")}
            {select(t::layout_group(), group_value, groups, t::layout_group_hint())}
        </div>
        {columns(panel)}
    }
    .into_any()
}

/// What a grouping is called.
fn group_label(manifest: &Manifest, by: GroupBy) -> &'static str {
    match by {
        GroupBy::Field(field) => manifest.label(field),
        GroupBy::ExpiryMonth => t::layout_group_month(),
    }
}

/// The text of a field of the dialog, kept in step with a part of the layout.
fn bound(
    panel: Panel,
    read: fn(&Layout) -> &'static str,
    write: fn(&mut Layout, &str, &'static Manifest),
) -> RwSignal<String> {
    // Untracked: the dialog is not drawn anew for what changes in it.
    let value = RwSignal::new(untrack(|| panel.layout.with(read)).to_owned());
    effect(move |_| {
        let now = panel.layout.with(read);
        if value.with_untracked(|it| it != now) {
            value.set(now.to_owned());
        }
    });
    effect(move |before: Option<()>| {
        let chosen = value.get();
        let is_new = untrack(|| panel.layout.with(read)) != chosen;
        if before.is_some() && is_new {
            let manifest = panel.manifest();
            panel.layout.change(|it| write(it, &chosen, manifest));
        }
    });
    value
}
