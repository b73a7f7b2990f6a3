//! What a query may name, and who answers for it.

use leptos::callback::UnsyncCallback;
use qql::{FieldType, Logic, Parse, Problem, Schema, Split};

use crate::features::key_text;
use crate::i18n::t;
use crate::systems::STATES;
use crate::systems::record::state_name;
use crate::systems::{FieldKind, Manifest, QuerySchema, SeenValues, field_type};
use crate::ui::Choice;

/// Asks for the values of a field, by its name in queries, among the keys that are loaded.
pub type Seen = UnsyncCallback<(&'static str,), SeenValues>;

/// The fields of one kind of query: of one system's keys, or of the keys of all connections.
pub trait Language: Sync {
    /// The name under which queries in it are saved: a query of one system means nothing to another.
    fn saved_as(&'static self) -> &'static str;

    /// Fields that can be searched, in the order in which they are offered.
    fn fields(&'static self) -> Vec<QueryField>;

    /// What is wrong with a query beyond its syntax.
    fn problems(&'static self, parse: &Parse) -> Vec<Problem>;

    /// Where each part of a query runs; `None` while it has syntax errors.
    fn split(&'static self, parse: &Parse) -> Option<Split>;

    /// Hands out what the query language knows of the fields.
    fn with_schema(&'static self, work: &mut dyn FnMut(&Schema<'_>));

    /// What is said where no service takes part in the search; `None` where one does.
    fn all_here(&'static self) -> Option<&'static str>;
}

/// A field that queries can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryField {
    /// Its name in queries.
    pub name: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// What its values are.
    pub kind: FieldType,
    /// All values it can have; empty where anything is possible.
    pub values: Vec<Choice>,
    /// Whether the service searches it.
    pub on_service: bool,
}

impl QueryField {
    /// The value of a clause that was just added; blank where there is no obvious one.
    pub(super) fn first_value(&self) -> String {
        match (self.kind, self.values.first()) {
            (_, Some(first)) => first.value.clone(),
            (FieldType::Boolean, None) => "true".to_owned(),
            (FieldType::Date, None) => "now".to_owned(),
            _ => String::new(),
        }
    }
}

/// The field that a new clause and the example start with: one that the service searches and that has an obvious
/// value, so that the clause can run as it stands.
pub(super) fn starting_field(fields: &[QueryField]) -> Option<&QueryField> {
    let ready = |it: &&QueryField| it.kind == FieldType::Boolean || !it.values.is_empty();
    let on_service = fields.iter().filter(|it| it.on_service).find(ready);
    on_service.or_else(|| fields.iter().find(ready)).or_else(|| fields.first())
}

/// The states of a key, as the values of a field.
#[must_use]
pub fn state_choices() -> Vec<Choice> {
    STATES.iter().map(|it| Choice::new(state_name(*it), key_text::state_name(*it))).collect()
}

impl Language for Manifest {
    fn saved_as(&'static self) -> &'static str {
        self.id
    }

    fn fields(&'static self) -> Vec<QueryField> {
        let field = |(name, spec): (&'static str, &'static crate::systems::FieldSpec)| {
            let values = match spec.kind {
                FieldKind::State => state_choices(),
                FieldKind::Choice(choices) => {
                    choices.iter().map(|it| Choice::new(it.code, (it.label)())).collect()
                }
                FieldKind::Codes(codes) if !codes.open => {
                    codes.known.iter().map(|it| Choice::new(it.code, (it.label)())).collect()
                }
                _ => Vec::new(),
            };
            let on_service = matches!(spec.search, crate::systems::manifest::Search::Server { .. });
            QueryField { name, label: (spec.label)(), kind: field_type(spec), values, on_service }
        };
        QuerySchema::of(self).fields().map(field).collect()
    }

    fn problems(&'static self, parse: &Parse) -> Vec<Problem> {
        QuerySchema::of(self).problems(parse, key_text::now())
    }

    fn split(&'static self, parse: &Parse) -> Option<Split> {
        QuerySchema::of(self).split(parse)
    }

    fn with_schema(&'static self, work: &mut dyn FnMut(&Schema<'_>)) {
        QuerySchema::of(self).with(work);
    }

    fn all_here(&'static self) -> Option<&'static str> {
        (self.logic == Logic::Nothing).then(t::query_all_here_no_search)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    #[test]
    fn every_searchable_field_is_offered_with_its_values() {
        let fields = MANIFEST.fields();
        let named = |name: &str| fields.iter().find(|it| it.name == name).cloned();
        let state = named("state").map(|it| (it.kind, it.values.len(), it.on_service));
        assert_eq!(state, Some((FieldType::Keyword, STATES.len(), false)));
        let disabled = named("activationKey.isDisabled").map(|it| (it.kind, it.on_service));
        assert_eq!(disabled, Some((FieldType::Boolean, true)));
        assert_eq!(named("apply"), None);
    }

    #[test]
    fn a_clause_starts_with_what_the_service_can_answer_at_once() {
        let fields = MANIFEST.fields();
        let first = starting_field(&fields).map(|it| (it.name, it.first_value()));
        assert_eq!(first, Some(("activationKey.isDisabled", "true".to_owned())));
    }
}
