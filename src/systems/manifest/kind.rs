use super::Words;
use crate::systems::Picker;

/// What a field holds, and so how it is shown, entered, checked and compared.
#[derive(Clone, Copy)]
pub enum FieldKind {
    /// The state of the key, derived.
    State,
    /// The key's value.
    Secret,
    /// A line of text of at most so many characters.
    Text {
        /// The largest number of characters, if there is one.
        max: Option<usize>,
    },
    /// A whole number within these bounds.
    Number {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// How many, or no limit.
    Limit {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
        /// It must be above what is used already.
        above_used: bool,
    },
    /// How many are used, of the limit.
    Usage,
    /// Yes or no.
    Flag,
    /// A push that goes with a change, never kept ticked: it has an effect at once and no memory.
    Push,
    /// A last day in UTC, with days from today offered by one click.
    Day {
        /// Days from today.
        presets: &'static [i64],
    },
    /// A moment; `future` ones alone where it is an end.
    Moment {
        /// A past one is refused.
        future: bool,
        /// Days from now offered by one click.
        presets: &'static [i64],
    },
    /// A time to live in hours, shown with the moment it ends.
    Hours {
        /// Hours offered by one click.
        presets: &'static [i64],
    },
    /// A time to live as an ISO 8601 duration, shown with the moment it ends.
    Duration {
        /// Durations offered by one click.
        presets: &'static [&'static str],
    },
    /// One of a closed set.
    Choice(&'static [Choice]),
    /// Several codes of a list.
    Codes(&'static Codes),
    /// Several things pointed at by number.
    Refs,
    /// One thing chosen from what the service offers.
    Pick(Picker),
    /// A person or an account; shown alone.
    Person,
    /// What names the key in calls; shown alone.
    Id,
}

/// One of a closed set.
#[derive(Clone, Copy)]
pub struct Choice {
    /// What is sent.
    pub code: &'static str,
    /// What is read.
    pub label: Words,
}

/// A list of codes.
pub struct Codes {
    /// Codes the documents name. Others are kept and shown as they are.
    pub known: &'static [Choice],
    /// Whether further codes may be entered.
    pub open: bool,
    /// The one spelling of a code.
    pub canonical: fn(&str) -> &str,
    /// What speaks against a choice without forbidding it.
    pub warnings: fn(&[String]) -> Vec<&'static str>,
}
