//! Criteria: fields, operators and values of a search (reference, section 6.3).

use rusqlite::types::Value as SqlValue;

use super::refusal::Refusal;
use crate::qualys_gateway::stored::Condition;

/// A criterion as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) field: String,
    pub(super) operator: String,
    pub(super) value: String,
}

/// What kind of values a field has, which decides its operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    Date,
    Keyword,
    /// `true` and `false`; with numbers `1` and `0` too.
    Boolean {
        with_numbers: bool,
    },
    /// Text that can only be asked for as a whole.
    Exact,
}

/// How a value is compared. `NOT EQUALS` has a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equals,
    NotEquals,
    Greater,
    Lesser,
    In,
    Contains,
}

impl Operator {
    const ALL: [Self; 6] =
        [Self::Equals, Self::NotEquals, Self::Greater, Self::Lesser, Self::In, Self::Contains];

    fn name(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::NotEquals => "NOT EQUALS",
            Self::Greater => "GREATER",
            Self::Lesser => "LESSER",
            Self::In => "IN",
            Self::Contains => "CONTAINS",
        }
    }
}

impl Kind {
    fn operators(self) -> &'static [Operator] {
        use Operator::{Contains, Equals, Greater, In, Lesser, NotEquals};
        match self {
            Self::Integer => &[Equals, NotEquals, Greater, Lesser, In],
            Self::Text => &[Contains, Equals, NotEquals],
            Self::Date => &[Equals, NotEquals, Greater, Lesser],
            Self::Keyword => &[Equals, NotEquals, In],
            Self::Boolean { .. } => &[Equals, NotEquals],
            Self::Exact => &[Equals],
        }
    }
}

/// The comparison of one criterion: an operator and its values, of which only `IN` may have several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    operator: Operator,
    values: Values,
}

/// Invariant: sorted, as a subscription has very many agents to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    Numbers(Vec<i64>),
    Words(Vec<String>),
}

/// A criterion that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Criterion {
    /// One of the fields that were offered.
    pub(super) field: &'static str,
    pub(super) test: Test,
}

/// As many values as all criteria take together, and as many criteria.
const MOST_VALUES: usize = 5_000;
const MOST_CRITERIA: usize = 100;

/// Understands criteria against the fields an object has.
///
/// # Errors
/// `INVALID_REQUEST` for another field, another operator and an unusable value. The words about values are recorded.
pub(super) fn understood(raw: &[Raw], fields: &[(&'static str, Kind)]) -> Result<Vec<Criterion>, Refusal> {
    let values = raw.iter().map(|raw| raw.value.matches(',').count() + 1).sum::<usize>();
    if raw.len() > MOST_CRITERIA || values > MOST_VALUES {
        let resolution = format!("Specify at most {MOST_CRITERIA} criteria and {MOST_VALUES} values.");
        return Err(Refusal::invalid("Criteria: There are too many.", resolution));
    }
    raw.iter().map(|raw| one(raw, fields)).collect()
}

fn one(raw: &Raw, fields: &[(&'static str, Kind)]) -> Result<Criterion, Refusal> {
    let Some(&(field, kind)) = fields.iter().find(|(name, _)| *name == raw.field) else {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let message = format!("Criteria: Invalid field '{}'.", raw.field);
        return Err(Refusal::invalid(message, format!("Fields expected: {}.", names.join(", "))));
    };
    let operator = Operator::ALL.into_iter().find(|operator| operator.name() == raw.operator.trim());
    let Some(operator) = operator.filter(|operator| kind.operators().contains(operator)) else {
        let names: Vec<&str> = kind.operators().iter().map(|operator| operator.name()).collect();
        let message = format!("Criteria: Invalid operator '{}' for criteria '{field}'.", raw.operator);
        return Err(Refusal::invalid(message, format!("Operators expected: {}.", names.join(", "))));
    };
    let texts: Vec<&str> = match operator {
        Operator::In => raw.value.split(',').map(str::trim).collect(),
        _ => vec![raw.value.trim()],
    };
    let unusable = |resolution: &str| {
        let message =
            format!("Criteria: Invalid value format for criteria '{field}' ({}).", raw.value.trim());
        Refusal::invalid(message, resolution)
    };
    let mut values = match kind {
        Kind::Integer => {
            let numbers = texts.iter().map(|text| text.parse().ok()).collect::<Option<_>>();
            Values::Numbers(numbers.ok_or_else(|| unusable("Specify criteria value(s) as Long."))?)
        }
        Kind::Boolean { with_numbers } => {
            let flag = |text: &&str| match *text {
                "true" => Some(1),
                "false" => Some(0),
                "1" | "0" if with_numbers => text.parse().ok(),
                _ => None,
            };
            let numbers = texts.iter().map(flag).collect::<Option<_>>();
            Values::Numbers(numbers.ok_or_else(|| unusable("Values expected: true, false."))?)
        }
        Kind::Date => {
            let dates =
                texts.iter().map(|text| text.parse::<jiff::Timestamp>().ok().map(|time| time.as_second()));
            let dates = dates.collect::<Option<_>>();
            Values::Numbers(
                dates.ok_or_else(|| unusable("Specify criteria value(s) as YYYY-MM-DDTHH:MM:SSZ."))?,
            )
        }
        Kind::Text | Kind::Keyword | Kind::Exact => {
            if texts.iter().any(|text| text.is_empty()) {
                return Err(unusable("Specify a value."));
            }
            Values::Words(texts.into_iter().map(str::to_owned).collect())
        }
    };
    match &mut values {
        Values::Numbers(values) => values.sort_unstable(),
        Values::Words(values) => values.sort_unstable(),
    }
    Ok(Criterion { field, test: Test { operator, values } })
}

impl Test {
    /// Whether a number meets it. Dates are seconds since 1970, booleans 0 and 1.
    pub(super) fn holds_number(&self, number: i64) -> bool {
        let Values::Numbers(values) = &self.values else { return false };
        match self.operator {
            Operator::Equals | Operator::In => values.binary_search(&number).is_ok(),
            Operator::NotEquals => values.binary_search(&number).is_err(),
            Operator::Greater => values.iter().all(|&value| number > value),
            Operator::Lesser => values.iter().all(|&value| number < value),
            Operator::Contains => false,
        }
    }

    /// Whether a text meets it: `EQUALS` minds the case, `CONTAINS` does not.
    pub(super) fn holds_text(&self, text: &str) -> bool {
        let Values::Words(values) = &self.values else { return false };
        match self.operator {
            Operator::Equals | Operator::In => {
                values.binary_search_by(|value| value.as_str().cmp(text)).is_ok()
            }
            Operator::NotEquals => values.iter().all(|value| value != text),
            Operator::Contains => {
                let text = text.to_lowercase();
                values.iter().all(|value| text.contains(&value.to_lowercase()))
            }
            Operator::Greater | Operator::Lesser => false,
        }
    }

    /// Whether one of several texts meets it; `NOT EQUALS` asks for all.
    pub(super) fn holds_any<'a>(&self, mut texts: impl Iterator<Item = &'a str>) -> bool {
        match self.operator {
            Operator::NotEquals => texts.all(|text| self.holds_text(text)),
            _ => texts.any(|text| self.holds_text(text)),
        }
    }

    /// The same for numbers.
    pub(super) fn holds_any_number(&self, mut numbers: impl Iterator<Item = i64>) -> bool {
        match self.operator {
            Operator::NotEquals => numbers.all(|number| self.holds_number(number)),
            _ => numbers.any(|number| self.holds_number(number)),
        }
    }

    /// The only value, when it is a text that has to be equal.
    pub(super) fn equal_text(&self) -> Option<&str> {
        match (self.operator, &self.values) {
            (Operator::Equals, Values::Words(values)) => values.first().map(String::as_str),
            _ => None,
        }
    }

    /// The same question in SQL. A column without a value differs from every value.
    pub(super) fn condition(&self, column: &str) -> Condition {
        let numbers =
            |values: &[i64]| values.iter().map(|&value| SqlValue::Integer(value)).collect::<Vec<_>>();
        let values = match &self.values {
            Values::Numbers(values) => numbers(values),
            Values::Words(values) => values.iter().map(|value| SqlValue::Text(value.clone())).collect(),
        };
        let marks = vec!["?"; values.len()].join(", ");
        let sql = match self.operator {
            Operator::Equals | Operator::In => format!("{column} IN ({marks})"),
            Operator::NotEquals => format!("{column} IS NOT ?"),
            Operator::Greater => format!("{column} > ?"),
            Operator::Lesser => format!("{column} < ?"),
            Operator::Contains => format!("instr(lower({column}), lower(?)) > 0"),
        };
        Condition { sql, values }
    }
}

/// All conditions at once; `None` when there are none.
pub(super) fn all_of(conditions: Vec<Condition>) -> Option<Condition> {
    conditions.into_iter().reduce(|mut res, mut next| {
        res.sql = format!("{} AND {}", res.sql, next.sql);
        res.values.append(&mut next.values);
        res
    })
}
