//! One switch for every point the vendors' documents leave open.
//!
//! A switch is a start option and, with `--control`, a field of `PATCH /_control/switches`. The names are the same in
//! both places (kebab-case) and are part of the gateway's contract with its tests.
//! The open points are those of section 10 of the Qualys reference.

use std::fmt;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::qlik::switches::QlikSwitches;
pub use crate::qps::switches::QpsSwitches;
pub use crate::solifyn::switches::SolifynSwitches;

/// Every switch with its start value.
#[derive(Debug, Clone, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Switches {
    /// What search does with `pageNumber`.
    #[arg(long, value_enum, default_value = "honoured")]
    pub paging: Paging,
    /// The largest `limit` a search takes.
    #[arg(long, default_value = "200", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_limit: u32,
    /// What search does with a `limit` above the largest.
    #[arg(long, value_enum, default_value = "clamp")]
    pub over_limit: OverLimit,
    /// Which licence `PC` turns into when it is stored.
    #[arg(long, value_enum, default_value = "pc-to-pa")]
    pub licence_substitution: LicenceSubstitution,
    /// Whether create replies the tags it stored.
    #[arg(long, value_enum, default_value = "full")]
    pub tags_echo: TagsEcho,
    /// How a tag is written in a reply.
    #[arg(long, value_enum, default_value = "ids")]
    pub tags_shape: TagsShape,
    /// Whether two keys may have the same title; blank titles always may.
    #[arg(long, value_enum, default_value = "refuse")]
    pub duplicate_titles: DuplicateTitles,
    /// The status of a successful create.
    #[arg(long, value_enum, default_value = "200")]
    pub create_status: CreateStatus,
    /// Whether the toggle call takes an enabled key.
    #[arg(long, value_enum, default_value = "plain")]
    pub toggle: Toggle,
    /// Whether answers carry `Access-Control-*` headers.
    #[arg(long, value_enum, default_value = "off")]
    pub cors: OnOff,
    /// How many calls a window takes, sign-in aside: `off` or a number.
    #[arg(long, default_value = "off")]
    pub rate_limit: Bound,
    /// The length of a rate window in seconds.
    #[arg(long, default_value = "3600", value_parser = clap::value_parser!(u32).range(1..))]
    pub rate_window: u32,
    /// Whether answers carry the `X-RateLimit-*` headers while a rate limit is set.
    #[arg(long, value_enum, default_value = "on")]
    pub rate_headers: OnOff,
    /// How many calls may run at the same time, sign-in aside: `off` or a number.
    #[arg(long, default_value = "off")]
    pub concurrency: Bound,
    /// How many milliseconds each API call takes at least, sign-in included: `off` or a number.
    #[arg(long, default_value = "off")]
    pub latency: Bound,
    /// The shape of an error body.
    #[arg(long, value_enum, default_value = "json")]
    pub error_body: ErrorBody,
    /// The shape of the sentence that update, toggle and delete reply.
    #[arg(long, value_enum, default_value = "plain")]
    pub success_text: SuccessText,
    /// Which spelling of the query tokens search takes.
    #[arg(long, value_enum, default_value = "both")]
    pub token_prefix: TokenPrefix,
    /// How long a token is valid, in seconds, counted from its issue.
    #[arg(long, default_value = "14400", value_parser = clap::value_parser!(u32).range(1..))]
    pub token_lifetime: u32,
    /// How get and search write `datePurchased`; create always writes nine fractional digits.
    #[arg(long, value_enum, default_value = "seconds")]
    pub date_form: DateForm,
    /// Those of Solifyn.
    #[command(flatten)]
    #[serde(flatten)]
    pub solifyn: SolifynSwitches,
    /// Those of QPS.
    #[command(flatten)]
    #[serde(flatten)]
    pub qps: QpsSwitches,
    /// Those of Qlik.
    #[command(flatten)]
    #[serde(flatten)]
    pub qlik: QlikSwitches,
}

impl Switches {
    /// Applies a partial object of switch names and values.
    ///
    /// # Errors
    /// A sentence naming the unknown switch or the unusable value; nothing is changed then.
    pub fn patched(&self, patch: &serde_json::Map<String, serde_json::Value>) -> Result<Self, String> {
        let mut fields = match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => fields,
            Ok(_) | Err(_) => return Err("the switches cannot be written as an object".to_owned()),
        };
        for (name, value) in patch {
            if !fields.contains_key(name) {
                return Err(format!("there is no switch `{name}`"));
            }
            fields.insert(name.clone(), value.clone());
        }
        let res: Self = serde_json::from_value(serde_json::Value::Object(fields))
            .map_err(|error| format!("unusable switch value: {error}"))?;
        let at_least_one = [
            ("max-limit", res.max_limit),
            ("rate-window", res.rate_window),
            ("token-lifetime", res.token_lifetime),
            ("qps-rate-window", res.qps.qps_rate_window),
            ("solifyn-rate-window", res.solifyn.solifyn_rate_window),
        ];
        let at_least_one = at_least_one.into_iter().chain(res.qlik.at_least_one());
        match at_least_one.into_iter().find(|&(_, number)| number == 0) {
            Some((name, _)) => Err(format!("unusable switch value: `{name}` starts at 1")),
            None => Ok(res),
        }
    }
}

/// What search does with `pageNumber` (no document names a second page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paging {
    /// `pageNumber` counts from 0; `pageSize` is another name for `limit`.
    Honoured,
    /// `pageNumber` is accepted and has no effect: every page is the first.
    Ignored,
    /// A field other than the four documented ones is a 400.
    Refused,
}

/// What search does with a `limit` above the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverLimit {
    /// The largest is used, and the reply's `pageSize` says so.
    Clamp,
    /// The call is a 400.
    Refuse,
}

/// Which licence `PC` turns into when it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceSubstitution {
    /// `PC` is stored as `PA`, the module's newer name.
    PcToPa,
    /// `PC` is stored as `SCA`, as the printed create sample shows.
    PcToSca,
    /// Codes are stored as sent.
    None,
}

/// Whether create replies the tags it stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagsEcho {
    /// The stored tags.
    Full,
    /// `[]`, as the printed create sample shows; get still replies the stored tags.
    Empty,
}

/// How a tag is written in a reply (the samples only show empty lists).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagsShape {
    /// A number.
    Ids,
    /// `{"id": number, "name": text}`.
    Objects,
}

/// Whether two keys may have the same title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DuplicateTitles {
    /// A second key with the same title, blanks aside, is a 409 (the rule of the vendor's own screen).
    Refuse,
    /// Titles are free.
    Allow,
}

/// The status of a successful create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CreateStatus {
    /// 200 OK.
    #[value(name = "200")]
    Ok,
    /// 201 Created.
    #[value(name = "201")]
    Created,
}

impl Serialize for CreateStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Ok => serializer.serialize_u16(200),
            Self::Created => serializer.serialize_u16(201),
        }
    }
}

impl<'de> Deserialize<'de> for CreateStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        match (value.as_u64(), value.as_str()) {
            (Some(200), _) | (_, Some("200")) => Ok(Self::Ok),
            (Some(201), _) | (_, Some("201")) => Ok(Self::Created),
            _ => Err(D::Error::custom("expected 200 or 201")),
        }
    }
}

/// Whether the toggle call takes an enabled key (two readings of the same page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Toggle {
    /// The call flips the state, whichever it is.
    Plain,
    /// The call only enables; an enabled key is a 400.
    RefuseEnabled,
}

/// A plain on/off switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnOff {
    /// On.
    On,
    /// Off.
    Off,
}

/// The shape of an error body (none is documented for the key calls; the 401 bodies are, and never change).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorBody {
    /// `{"status", "error", "message"}`, plus `position` for a query error.
    Json,
    /// The message alone as `text/plain`.
    Text,
    /// `{"_error": {"message"}}`.
    Legacy,
}

/// The shape of the sentence that update, toggle and delete reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessText {
    /// `text/plain`, the bare sentence.
    Plain,
    /// A JSON string.
    JsonString,
    /// `{"message": sentence}`.
    JsonObject,
}

/// Which spelling of the query tokens search takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenPrefix {
    /// `activationKey…` and `qualys.agent.activationKey…`.
    Both,
    /// `activationKey…` alone.
    Old,
    /// `qualys.agent.activationKey…` alone.
    New,
}

/// How get and search write `datePurchased`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateForm {
    /// `2025-09-08T18:40:11`.
    Seconds,
    /// `2025-09-08T18:40:11.378378608`.
    Nanos,
}

/// `off`, or a number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// No bound.
    Off,
    /// At most this many. Invariant: never 0.
    At(u32),
}

impl FromStr for Bound {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        match text.parse() {
            Ok(number @ 1..) => Ok(Self::At(number)),
            Ok(0) | Err(_) => Err("expected `off` or a number from 1".to_owned()),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::At(number) => write!(f, "{number}"),
        }
    }
}

impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::At(number) => serializer.serialize_u32(*number),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text.parse().map_err(D::Error::custom),
            serde_json::Value::Number(number) => number.to_string().parse().map_err(D::Error::custom),
            _ => Err(D::Error::custom("expected `off` or a number from 1")),
        }
    }
}
