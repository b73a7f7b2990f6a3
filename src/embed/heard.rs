//! What the host says, read from values of any shape.

use crate::domain::Secret;
use crate::platform::portal::Plain;

use super::VERSION;

/// The longest text of a message but a token, in UTF-16 units: both sides count as the host's language does.
const LONGEST: usize = 2_048;

/// The longest language tag. Whole ones with all their parts are longer than one thinks.
const LONGEST_TAG: usize = 255;

/// Whether a text is short enough for a message.
#[must_use]
pub fn fits(text: &str) -> bool {
    text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST
}

/// The longest life of a token that is believed, in seconds: ten years.
const LONGEST_LIFE: f64 = 315_576_000.0;

/// A message of the host.
pub enum Heard {
    /// The first one.
    Welcome(Box<Welcome>),
    /// The answer to a request for a token.
    Token {
        /// Of which request.
        id: String,
        /// The token.
        token: Secret,
        /// How long it lasts from now on, in seconds, where the host says it.
        expires_in: Option<f64>,
    },
    /// There is no token.
    TokenRefused {
        /// Of which request.
        id: String,
        /// Nobody is signed in to the host; else it may be asked again.
        signed_out: bool,
    },
    /// Colours and faces.
    Theme(ThemeWish),
    /// The language of dates and numbers, as a BCP 47 tag.
    Locale(String),
    /// Whether nothing may be changed.
    ReadOnly(bool),
    /// Show this, as an address of the app.
    Route(String),
    /// The host is about to leave, by its id of the question.
    Leave(String),
    /// Which part of the frame is on the screen.
    View(View),
    /// Everything ends.
    SignOut,
}

/// How the host wants to have the console.
#[derive(Debug, Default, PartialEq)]
pub struct Welcome {
    /// Tokens come from the host; else the reader signs in here.
    pub host_signs: bool,
    /// The connection to begin with, by its id.
    pub connection: Option<String>,
    /// Colours and faces.
    pub theme: Option<ThemeWish>,
    /// The language of dates and numbers.
    pub locale: Option<String>,
    /// Nothing may be changed.
    pub read_only: bool,
    /// What to begin with.
    pub route: Option<String>,
    /// The frame is as high as its content.
    pub auto_height: bool,
}

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// A theme as the host wants it; `accept` says whether it can be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeWish {
    /// Light or dark.
    pub scheme: Scheme,
    /// Names and values.
    pub tokens: Vec<(String, String)>,
}

/// The part of the frame that is on the screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Its upper edge, from that of the frame.
    pub top: f64,
    /// Its height.
    pub height: f64,
}

/// It has another shape than the contract says.
struct Wrong;

/// Reads a message; nothing where it is none of this contract. Fields that are not known do not count.
#[must_use]
pub fn read(value: Plain) -> Option<Heard> {
    read_fields(Fields::of(value).ok()?).ok()
}

fn read_fields(mut it: Fields) -> Result<Heard, Wrong> {
    if it.number("v")? != Some(f64::from(VERSION)) {
        return Err(Wrong);
    }
    let name = it.needed("type")?;
    Ok(match name.as_str() {
        "welcome" => Heard::Welcome(Box::new(welcome(it)?)),
        "token" => Heard::Token { id: it.needed("id")?, token: token(&mut it)?, expires_in: life(&mut it)? },
        "token_refused" => {
            let id = it.needed("id")?;
            let signed_out = match it.needed("reason")?.as_str() {
                "signed_out" => true,
                "unavailable" => false,
                _ => return Err(Wrong),
            };
            Heard::TokenRefused { id, signed_out }
        }
        "theme" => Heard::Theme(theme(it)?),
        "locale" => Heard::Locale(it.needed("locale").and_then(tag)?),
        "readonly" => Heard::ReadOnly(it.flag("on")?.ok_or(Wrong)?),
        "route" => Heard::Route(it.needed("route").and_then(route)?),
        "leave" => Heard::Leave(it.needed("id")?),
        "view" => Heard::View(view(&mut it)?),
        "sign_out" => Heard::SignOut,
        _ => return Err(Wrong),
    })
}

fn welcome(mut it: Fields) -> Result<Welcome, Wrong> {
    let host_signs = match it.needed("sign_in")?.as_str() {
        "host" => true,
        "own" => false,
        _ => return Err(Wrong),
    };
    let auto_height = match it.text("height")?.as_deref() {
        Some("auto") => true,
        Some("fixed") | None => false,
        Some(_) => return Err(Wrong),
    };
    let theme = it.take("theme").map(|it| Fields::of(it).and_then(theme)).transpose()?;
    Ok(Welcome {
        host_signs,
        connection: it.text("connection")?,
        theme,
        locale: it.text("locale")?.map(tag).transpose()?,
        read_only: it.flag("readonly")?.unwrap_or_default(),
        route: it.text("route")?.map(route).transpose()?,
        auto_height,
    })
}

fn theme(mut it: Fields) -> Result<ThemeWish, Wrong> {
    let scheme = match it.text("scheme")?.as_deref() {
        Some("light") => Scheme::Light,
        Some("dark") => Scheme::Dark,
        Some("system") | None => Scheme::System,
        Some(_) => return Err(Wrong),
    };
    let Some(tokens) = it.take("tokens") else { return Ok(ThemeWish { scheme, tokens: Vec::new() }) };
    let mut res = Vec::new();
    for (name, value) in Fields::of(tokens)?.0 {
        let Plain::Text(value) = value else { return Err(Wrong) };
        if !fits(&value) {
            return Err(Wrong);
        }
        res.push((name, value));
    }
    Ok(ThemeWish { scheme, tokens: res })
}

fn token(it: &mut Fields) -> Result<Secret, Wrong> {
    match it.take("token") {
        // Its length is bounded where it was read.
        Some(Plain::Text(text)) if !text.trim().is_empty() => Ok(Secret::new(text)),
        _ => Err(Wrong),
    }
}

fn life(it: &mut Fields) -> Result<Option<f64>, Wrong> {
    match it.number("expires_in")? {
        Some(secs) if !(secs > 0.0 && secs <= LONGEST_LIFE) => Err(Wrong),
        secs => Ok(secs),
    }
}

fn view(it: &mut Fields) -> Result<View, Wrong> {
    let (top, height) = (it.number("top")?.ok_or(Wrong)?, it.number("height")?.ok_or(Wrong)?);
    let fits = |it: f64| (0.0..=1e7).contains(&it);
    if fits(top) && fits(height) { Ok(View { top, height }) } else { Err(Wrong) }
}

/// A language tag, by its letters; which ones there are, the browser knows.
fn tag(text: String) -> Result<String, Wrong> {
    let is_part = |it: &str| (1..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric());
    let good = text.len() <= LONGEST_TAG
        && text.split('-').all(is_part)
        && text.split('-').next().is_some_and(|it| it.bytes().all(|it| it.is_ascii_alphabetic()));
    if good { Ok(text) } else { Err(Wrong) }
}

/// An address of the app: `/`, maybe with parameters.
fn route(text: String) -> Result<String, Wrong> {
    let rest = text.strip_prefix('/').ok_or(Wrong)?;
    if rest.is_empty() || rest.starts_with('?') { Ok(text) } else { Err(Wrong) }
}

/// The fields of an object, each taken once.
struct Fields(Vec<(String, Plain)>);

impl Fields {
    fn of(value: Plain) -> Result<Self, Wrong> {
        match value {
            Plain::Fields(all) => Ok(Self(all)),
            _ => Err(Wrong),
        }
    }

    fn take(&mut self, name: &str) -> Option<Plain> {
        let at = self.0.iter().position(|(it, _)| it == name)?;
        Some(self.0.swap_remove(at).1)
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Wrong> {
        match self.take(name) {
            None => Ok(None),
            Some(Plain::Text(text)) if fits(&text) => Ok(Some(text)),
            Some(_) => Err(Wrong),
        }
    }

    /// A text that has to be there and to say something.
    fn needed(&mut self, name: &str) -> Result<String, Wrong> {
        self.text(name)?.filter(|it| !it.is_empty()).ok_or(Wrong)
    }

    fn number(&mut self, name: &str) -> Result<Option<f64>, Wrong> {
        match self.take(name) {
            None => Ok(None),
            Some(Plain::Number(it)) if it.is_finite() => Ok(Some(it)),
            Some(_) => Err(Wrong),
        }
    }

    fn flag(&mut self, name: &str) -> Result<Option<bool>, Wrong> {
        match self.take(name) {
            None => Ok(None),
            Some(Plain::Flag(it)) => Ok(Some(it)),
            Some(_) => Err(Wrong),
        }
    }
}
