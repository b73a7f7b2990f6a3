//! How the host wants the page to look: theme, language, and its place in the frame.

use std::cell::RefCell;
use std::rc::Rc;

use crate::embed::{NAMES, Scheme, ThemeWish, View, accept};
use crate::platform::dom::{self, Theme};
use crate::platform::intl;
use crate::platform::listen::{self, Listener};
use crate::platform::viewport::{self, Watch};

/// Whether the system wants it dark.
const DARK: &str = "(prefers-color-scheme: dark)";

/// Languages that are written from right to left, by their first part.
const RTL: [&str; 13] = ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "ug", "ur", "yi"];

/// Scripts that are.
const RTL_SCRIPTS: [&str; 6] = ["arab", "hebr", "thaa", "nkoo", "adlm", "rohg"];

#[derive(Default)]
pub(super) struct Dress {
    worn: Rc<RefCell<ThemeWish>>,
    /// Looks again when the system turns dark or light: the console's own colours change with it.
    system: RefCell<Option<Listener>>,
    watch: RefCell<Option<Watch>>,
}

impl Dress {
    /// Whether the theme can be had; else the one before stays.
    pub(super) fn put_on(&self, wish: ThemeWish) -> bool {
        let had = wear(&wish);
        if !had {
            wear(&self.worn.borrow());
            return false;
        }
        let follows = wish.scheme == Scheme::System && !wish.tokens.is_empty();
        *self.worn.borrow_mut() = wish;
        let worn = Rc::clone(&self.worn);
        *self.system.borrow_mut() = follows.then(|| {
            listen::media(DARK, move |_| {
                wear(&worn.borrow());
            })
        });
        true
    }

    /// Lays the page out for its frame.
    pub(super) fn lay_out(&self, auto_height: bool) {
        dom::set_embedded(if auto_height { "auto" } else { "fixed" });
    }

    /// Tells the height of the content whenever it changes.
    pub(super) fn watch(&self, tell: impl FnMut(f64) + 'static) {
        *self.watch.borrow_mut() = Some(viewport::on_content(tell));
    }

    /// What is over the page appears in this part of it.
    pub(super) fn show_in(&self, view: View) {
        let pixels = |it: f64| [&it.round().to_string(), "px"].concat();
        dom::set_token("view-top", &pixels(view.top));
        dom::set_token("view-height", &pixels(view.height));
    }
}

/// Puts a theme on the page, if it can be had in the light or dark of now; else the console's own colours.
fn wear(wish: &ThemeWish) -> bool {
    dom::set_theme(match wish.scheme {
        Scheme::System => Theme::System,
        Scheme::Light => Theme::Light,
        Scheme::Dark => Theme::Dark,
    });
    // Without the last theme's, so that the console's own values can be read.
    NAMES.iter().for_each(|it| dom::set_token(it, ""));
    let can_be_had = accept(wish, dom::token);
    if can_be_had {
        wish.tokens.iter().for_each(|(name, value)| dom::set_token(name, value));
    }
    can_be_had
}

/// Takes up a language for dates and numbers, and its direction; `false` where the browser knows no such tag.
pub(super) fn speak(tag: &str) -> bool {
    if !intl::choose_locale(tag) {
        return false;
    }
    dom::set_direction(if is_rtl(tag) { "rtl" } else { "ltr" });
    true
}

fn is_rtl(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    // A script that is said counts more than what the language is usually written in.
    match parts.find(|it| it.len() == 4 && it.bytes().all(|it| it.is_ascii_alphabetic())) {
        Some(script) => RTL_SCRIPTS.contains(&script),
        None => RTL.contains(&language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_is_that_of_the_script() {
        for tag in ["ar", "ar-EG", "he-IL", "fa", "ur-PK", "yi", "az-Arab", "UG"] {
            assert!(is_rtl(tag), "{tag}");
        }
        for tag in ["en", "de-CH", "ks-Deva", "sd-Deva-IN", "ur-Latn", "sr-Cyrl", "zh-Hans"] {
            assert!(!is_rtl(tag), "{tag}");
        }
    }
}
