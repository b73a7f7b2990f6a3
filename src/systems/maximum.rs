//! Largest values that a service tells: what a form may ask for, beyond what its documents say.

use super::{Draft, Duration, FieldError, Manifest, Problem};
use crate::domain::{FieldId, Limit, Timestamp, Value};
use crate::i18n::t;

/// The largest value of one field of a new key, as the account has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Maximum {
    /// The field.
    pub field: FieldId,
    /// The largest value, which is also what a blank stands for where the manifest says that a blank is filled in.
    pub most: Value,
    /// It counts where this field holds this text alone: a tenant may allow its machines more than its people.
    pub when: (FieldId, &'static [&'static str]),
}

impl Maximum {
    /// Whether it is the one that counts for what was chosen.
    #[must_use]
    pub fn counts_for(&self, draft: &Draft) -> bool {
        let (field, texts) = self.when;
        texts.contains(&draft.text(field).trim())
    }

    /// Whether what stands in its field is more. What cannot be read is no concern of this.
    #[must_use]
    pub fn is_exceeded(&self, draft: &Draft, now: Timestamp) -> bool {
        let typed = draft.text(self.field).trim();
        match &self.most {
            Value::Text(most) => match (Duration::parse(typed), Duration::parse(most)) {
                (Some(typed), Some(most)) => typed.is_longer_than(most, now),
                _ => false,
            },
            Value::Number(most) => typed.parse::<i64>().is_ok_and(|it| it > *most),
            Value::Limit(Limit::Of(most)) => typed.parse::<u64>().is_ok_and(|it| it > *most),
            _ => false,
        }
    }

    /// The largest value as it would be typed.
    fn text(&self) -> String {
        match &self.most {
            Value::Text(it) => it.clone(),
            Value::Number(it) => it.to_string(),
            Value::Limit(Limit::Of(it)) => it.to_string(),
            _ => String::new(),
        }
    }
}

/// The fields of a draft that ask for more than the account allows.
#[must_use]
pub fn exceeded(manifest: &Manifest, draft: &Draft, maxima: &[Maximum], now: Timestamp) -> Vec<FieldError> {
    let applies = |it: &&Maximum| manifest.field(it.field).is_some_and(|it| it.applies_to(draft));
    let over = maxima.iter().filter(applies).filter(|it| it.counts_for(draft) && it.is_exceeded(draft, now));
    over.map(|it| FieldError { field: it.field, problem: Problem::Said(t::form_over_maximum(&it.text())) })
        .collect()
}
