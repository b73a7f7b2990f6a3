//! What shall become of the fields of many keys, and of each key's draft by it.

use super::titling::Titling;
use crate::domain::{Date, FieldId, Key, Limit, Value};
use crate::i18n::t;
use crate::systems::draft::{moment_input, read_moment};
use crate::systems::{Draft, FieldError, FieldKind, FieldSpec, Input, Manifest, Problem};

/// What becomes of one field of each key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// This takes the place of what was there; blank text takes it away.
    Set(Input),
    /// So many more (or fewer, below 0): places of a limit, days of an end. Of each key's own.
    Shift(i64),
    /// Items go into a list and out of it.
    Items {
        /// To add.
        add: Vec<String>,
        /// To take away.
        remove: Vec<String>,
    },
    /// Each key's title is made of its own.
    Title(Titling),
}

/// What becomes of the fields that were chosen; all others stay.
pub type Edits = Vec<(FieldId, Edit)>;

/// The draft of a key after these edits. `count` is what its counter shows.
///
/// # Errors
/// Fields of which there is nothing that could be moved: a limit that is none, an end that never comes.
pub fn edited(manifest: &Manifest, key: &Key, edits: &Edits, count: u64) -> Result<Draft, Vec<FieldError>> {
    let mut draft = Draft::of(manifest, key);
    let mut errors = Vec::new();
    for (field, edit) in edits {
        let Some(spec) = manifest.field(*field) else { continue };
        match input(spec, &draft, key, edit, count) {
            Ok(input) => draft.set(*field, input),
            Err(problem) => errors.push(FieldError { field: *field, problem }),
        }
    }
    if errors.is_empty() { Ok(draft) } else { Err(errors) }
}

fn input(spec: &FieldSpec, draft: &Draft, key: &Key, edit: &Edit, count: u64) -> Result<Input, Problem> {
    match edit {
        Edit::Set(input) => Ok(input.clone()),
        Edit::Title(titling) => Ok(Input::Text(titling.title(key, count))),
        Edit::Shift(by) => shifted(key.fields.get(spec.id), *by).map(Input::Text),
        Edit::Items { .. } if key.fields.get(spec.id).is_none() => Err(Problem::Rule(t::bulk_not_told())),
        Edit::Items { add, remove } => {
            let same = |a: &str, b: &str| match spec.kind {
                FieldKind::Codes(codes) => (codes.canonical)(a) == (codes.canonical)(b),
                _ => a == b,
            };
            let mut items = draft.list(spec.id).to_vec();
            items.retain(|it| !remove.iter().any(|out| same(out, it)));
            for new in add {
                if !items.iter().any(|it| same(it, new)) {
                    items.push(new.clone());
                }
            }
            Ok(Input::List(items))
        }
    }
}

/// A limit or an end, so much later or larger, as a form has it.
fn shifted(value: Option<&Value>, by: i64) -> Result<String, Problem> {
    match value {
        Some(Value::Limit(Limit::Of(limit))) => {
            let sum = limit.checked_add_signed(by).filter(|it| *it > 0);
            sum.map(|it| it.to_string()).ok_or(Problem::Rule(t::bulk_below_one()))
        }
        Some(Value::Day(day)) => {
            let moved = day.day_number().checked_add(by).and_then(Date::from_day_number);
            moved.map(|it| it.to_string()).ok_or(Problem::NotADate)
        }
        Some(Value::Moment(at)) => {
            let moved = at.plus_secs(by.saturating_mul(86_400));
            // What is beyond the calendar cannot be read back.
            let text = moment_input(moved);
            read_moment(&text).map(|_| text).ok_or(Problem::NotAMoment)
        }
        Some(Value::Limit(Limit::Unlimited)) => Err(Problem::Rule(t::bulk_no_limit())),
        Some(_) => Err(Problem::Rule(t::bulk_no_end())),
        None => Err(Problem::Rule(t::bulk_not_told())),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use super::*;
    use crate::features::key_text::tests::key;
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::{LICENCES, TAGS};

    fn drafted(edits: Edits) -> Draft {
        edited(&MANIFEST, &key(), &edits, 1).expect("a draft")
    }

    fn strings(items: &[&str]) -> Vec<String> {
        items.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn only_what_was_chosen_changes() {
        let draft = drafted(vec![(FieldId::LIMIT, Edit::Shift(500))]);
        assert_eq!(draft, Draft::of(&MANIFEST, &key()).with_text(FieldId::LIMIT, "1500"));
    }

    #[test]
    fn each_keys_own_end_and_limit_is_moved() {
        let text = |field, by| drafted(vec![(field, Edit::Shift(by))]).text(field).to_owned();
        assert_eq!(text(FieldId::EXPIRES, 31), "2027-01-01");
        assert_eq!(text(FieldId::EXPIRES, -1), "2026-11-30");
        assert_eq!(text(FieldId::LIMIT, -1), "999");
        let moment = Value::Moment(read_moment("2026-12-01T08:30").expect("a moment"));
        assert_eq!(shifted(Some(&moment), 2), Ok("2026-12-03T08:30".to_owned()));
    }

    #[test]
    fn what_is_not_there_cannot_be_moved() {
        let problem = |value: Option<&Value>, by| shifted(value, by).expect_err("no such thing");
        assert_eq!(problem(Some(&Value::Limit(Limit::Unlimited)), 5), Problem::Rule(t::bulk_no_limit()));
        assert_eq!(problem(Some(&Value::Limit(Limit::Of(5))), -5), Problem::Rule(t::bulk_below_one()));
        assert_eq!(problem(Some(&Value::Nothing), 5), Problem::Rule(t::bulk_no_end()));
        assert_eq!(problem(None, 5), Problem::Rule(t::bulk_not_told()));
        let day = Value::Day(Date::parse("2026-12-01").expect("a day"));
        assert_eq!(problem(Some(&day), 9_000_000), Problem::NotADate);
        assert_eq!(problem(Some(&day), i64::MAX), Problem::NotADate);
    }

    #[test]
    fn a_list_that_is_not_told_is_not_guessed() {
        let mut key = key();
        key.fields.remove(TAGS);
        let edits = vec![(TAGS, Edit::Items { add: Vec::new(), remove: strings(&["1"]) })];
        let errors = edited(&MANIFEST, &key, &edits, 1).expect_err("nobody knows its tags");
        assert_eq!(errors, [FieldError { field: TAGS, problem: Problem::Rule(t::bulk_not_told()) }]);
    }

    #[test]
    fn items_go_in_and_out_whatever_their_spelling() {
        let draft = drafted(vec![
            (LICENCES, Edit::Items { add: strings(&["PM", "PC"]), remove: strings(&["GAV"]) }),
            (TAGS, Edit::Items { add: strings(&["2", "3"]), remove: strings(&["1", "9"]) }),
        ]);
        // PC is the same licence as PA, which the key has.
        assert_eq!(draft.list(LICENCES), strings(&["PA", "PM"]));
        assert_eq!(draft.list(TAGS), strings(&["2", "3"]));
    }
}
