//! Light, dark, or as the system has it.

use leptos::prelude::*;

use crate::i18n::t;
use crate::platform::dom::{self, Theme};
use crate::platform::storage::{Persisted, preferences};
use crate::ui::{Icon, Menu, MenuItem};

/// Its name among the preferences.
const PREFERENCE: &str = "theme";

const THEMES: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

/// The theme in force; provided as context.
#[derive(Clone, Copy)]
pub struct Appearance {
    theme: RwSignal<Theme>,
}

impl Appearance {
    /// Takes up the theme chosen in this tab and puts it on the page.
    #[must_use]
    pub fn restore() -> Self {
        let theme = preferences::get(PREFERENCE).map(|it| Theme::parse(&it)).unwrap_or_default();
        dom::set_theme(theme);
        Self { theme: RwSignal::new(theme) }
    }

    fn choose(self, theme: Theme) {
        dom::set_theme(theme);
        self.theme.set(theme);
        match preferences::put(PREFERENCE, theme.name()) {
            // In memory it lasts until a reload, which is no loss worth a message.
            Persisted::Stored | Persisted::MemoryOnly => {}
        }
    }
}

/// The button that chooses a theme.
#[component]
pub fn ThemeMenu() -> impl IntoView {
    let appearance = expect_context::<Appearance>();
    let name = Signal::derive(move || t::shell_theme(label(appearance.theme.get())));
    let items = move || {
        let current = appearance.theme.get_untracked();
        let item = |theme: Theme| {
            let icon = if theme == current { Icon::Check } else { Icon::Theme };
            MenuItem::new(label(theme), icon, move || appearance.choose(theme))
        };
        THEMES.map(item).to_vec()
    };
    view! { <Menu name icon=Icon::Theme items /> }.into_any()
}

fn label(theme: Theme) -> &'static str {
    match theme {
        Theme::System => t::shell_theme_system(),
        Theme::Light => t::shell_theme_light(),
        Theme::Dark => t::shell_theme_dark(),
    }
}
