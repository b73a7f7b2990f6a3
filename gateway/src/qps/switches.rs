//! The values of the QPS switches. Each stands for a point the documents leave open or tell in two ways.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::switches::{Bound, OnOff};

/// The switches of the QPS API. Their names start with `qps-`.
#[derive(Debug, Clone, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct QpsSwitches {
    /// QPS: how free text is written in XML.
    #[arg(long, value_enum, default_value = "escaped")]
    pub qps_text: TextForm,
    /// QPS: what a search without a hit replies beside `SUCCESS` and a count of 0.
    #[arg(long, value_enum, default_value = "bare")]
    pub qps_empty_result: EmptyResult,
    /// QPS: the HTTP status of an answer that carries an error code.
    #[arg(long, value_enum, default_value = "ok")]
    pub qps_error_status: ErrorStatus,
    /// QPS: what `list` means in the collections of an update.
    #[arg(long, value_enum, default_value = "wipes")]
    pub qps_list_on_update: ListOnUpdate,
    /// QPS: whether an update has to name the `type`.
    #[arg(long, value_enum, default_value = "required")]
    pub qps_type_on_update: Demand,
    /// QPS: which fields a key search takes in its criteria.
    #[arg(long, value_enum, default_value = "documented")]
    pub qps_search_fields: SearchFields,
    /// QPS: whether every call needs the header `X-Requested-With`.
    #[arg(long, value_enum, default_value = "required")]
    pub qps_requested_with: Demand,
    /// QPS: whether the token of the gateway API is taken beside a password.
    #[arg(long, value_enum, default_value = "accepted")]
    pub qps_bearer: Bearer,
    /// QPS: whether the account may use the API.
    #[arg(long, value_enum, default_value = "granted")]
    pub qps_access: Access,
    /// QPS: how booleans other than `hasMoreRecords` are written in JSON.
    #[arg(long, value_enum, default_value = "strings")]
    pub qps_json_booleans: JsonBooleans,
    /// QPS: how many agents a key shows in a reply: `off` for all, or a number.
    #[arg(long, default_value = "25")]
    pub qps_agents_shown: Bound,
    /// QPS: whether a host search has to ask for the tag `Cloud Agent`.
    #[arg(long, value_enum, default_value = "optional")]
    pub qps_agent_tag: Demand,
    /// QPS: how many milliseconds after its answer a change of agents' key happens: `off` for before it.
    #[arg(long, default_value = "off")]
    pub qps_change_delay: Bound,
    /// QPS: whether the subscription has networks.
    #[arg(long, value_enum, default_value = "on")]
    pub qps_networks: OnOff,
    /// QPS: how many calls a window takes: `off` or a number.
    #[arg(long, default_value = "off")]
    pub qps_rate_limit: Bound,
    /// QPS: the length of a rate window in seconds.
    #[arg(long, default_value = "3600", value_parser = clap::value_parser!(u32).range(1..))]
    pub qps_rate_window: u32,
    /// QPS: whether answers carry the rate headers while a limit is set.
    #[arg(long, value_enum, default_value = "on")]
    pub qps_rate_headers: OnOff,
    /// QPS: how many calls may run at the same time: `off` or a number.
    #[arg(long, default_value = "off")]
    pub qps_concurrency: Bound,
}

/// How free text (titles, names) is written in XML; both were recorded (reference, section 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextForm {
    /// With the entities of XML.
    Escaped,
    /// In CDATA sections.
    Cdata,
}

/// What a search without a hit replies; each was recorded on a sibling API (reference, section 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyResult {
    /// `responseCode` and `count` alone.
    Bare,
    /// `hasMoreRecords` and an empty `data` too. A public client needs both.
    Full,
}

/// The HTTP status of an answer that carries an error code (reference, section 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorStatus {
    /// Always 200, as recorded.
    Ok,
    /// 400, 401, 403 or 404, as clients guard for.
    Http,
}

/// What `list` means in the collections of an update (reference, section 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListOnUpdate {
    /// It is read-only, and the collection is empty afterwards, as the printed sample shows.
    Wipes,
    /// It replaces the collection, as `set` does.
    Sets,
    /// It is read-only and nothing happens.
    Ignored,
}

/// Whether something has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// It has to be there.
    Required,
    /// It may be left out.
    Optional,
}

/// Which fields a key search takes in its criteria (reference, section 6.3; the notes of 2021 for `ownerId`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchFields {
    /// `id`, `activationKey`, `countPurchased`, `isDisabled`.
    Documented,
    /// These and `ownerId`.
    Owner,
    /// These, `title` and `isEnabled`.
    All,
}

/// Whether the token of the gateway API is taken (reference, section 3.2: unknown).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bearer {
    /// Basic and Bearer are taken.
    Accepted,
    /// Basic alone.
    Refused,
}

/// Whether the account may use the API; the answer without it was recorded (reference, section 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// It may.
    Granted,
    /// Every call is `UNAUTHORIZED`.
    Denied,
}

/// How booleans are written in JSON; `hasMoreRecords` is always a string, as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JsonBooleans {
    /// `"true"`.
    Strings,
    /// `true`.
    Booleans,
}
