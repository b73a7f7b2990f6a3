//! What is wrong with a form, in words, and at which field.

use crate::domain::FieldId;
use crate::http::{ApiError, ErrorKind};
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::{FieldError, FieldKind, FieldSpec, Manifest, Problem};

/// What is wrong with a field and what would be right.
#[must_use]
pub fn problem_text(manifest: &Manifest, error: &FieldError) -> String {
    let is_list = || manifest.field(error.field).is_some_and(|it| matches!(it.kind, FieldKind::Refs));
    let text = match &error.problem {
        Problem::Missing => t::form_missing(),
        Problem::TooLong(max) => return t::form_too_long(u64::try_from(*max).unwrap_or(u64::MAX)),
        Problem::NotADate => t::form_not_a_date(),
        Problem::NotAMoment => t::form_not_a_moment(),
        Problem::InThePast => match manifest.field(error.field).map(|it| it.kind) {
            Some(FieldKind::Moment { .. }) => t::form_moment_in_the_past(),
            _ => t::form_in_the_past(),
        },
        Problem::NotANumber if is_list() => t::form_not_tags(),
        Problem::NotANumber => t::form_not_a_number(),
        Problem::OutOfRange(min, max) => return t::form_out_of_range(&signed(*min), &signed(*max)),
        Problem::NotAboveUsed(used) => return t::form_not_above_used(*used),
        Problem::NotADuration => t::form_not_a_duration(),
        Problem::NotOffered => t::form_not_offered(),
        Problem::Rule(words) => words,
        Problem::Said(words) => words,
    };
    text.to_owned()
}

/// A number of either sign in the reader's form.
pub(super) fn signed(number: i64) -> String {
    let text = intl::number(number.unsigned_abs());
    if number < 0 { ["−", &text].concat() } else { text }
}

/// The fields of the form that the server's words are about, each with the words that concern it.
///
/// Only a refusal of what was sent is read so: other errors are not about a field.
#[must_use]
pub fn server_problems(manifest: &Manifest, editing: bool, error: &ApiError) -> Vec<(FieldId, String)> {
    let about_input = matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict);
    let message = error.message.as_deref().filter(|_| about_input).unwrap_or_default();
    let mut res: Vec<(FieldId, String)> = Vec::new();
    // Several messages arrive joined by `; `.
    for sentence in message.split("; ") {
        if let Some(field) = field_of(manifest, editing, sentence) {
            match res.iter_mut().find(|(known, _)| *known == field) {
                Some((_, text)) => *text = [text.as_str(), "; ", sentence].concat(),
                None => res.push((field, sentence.to_owned())),
            }
        }
    }
    res
}

/// The field a sentence names first; of two names in one place, the longer counts.
fn field_of(manifest: &Manifest, editing: bool, sentence: &str) -> Option<FieldId> {
    let sentence = sentence.to_lowercase();
    let found = manifest.form(editing).filter_map(|spec| {
        let at = |name: String| Some((sentence.find(&*name)?, usize::MAX - name.len()));
        Some((names(spec).into_iter().filter_map(at).min()?, spec.id))
    });
    found.min_by_key(|(at, _)| *at).map(|(_, field)| field)
}

/// What a field may be called in a refusal.
fn names(spec: &FieldSpec) -> Vec<String> {
    if spec.refusal_words.is_empty() {
        return vec![spec.id.0.to_lowercase(), (spec.label)().to_lowercase()];
    }
    spec.refusal_words.iter().map(|it| (*it).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CODES, LIST, MANIFEST, SWITCH};
    use super::*;
    use crate::http::{Method, Request};

    fn refusal(kind: ErrorKind, message: &str) -> ApiError {
        let error = ApiError::without_answer(kind, &Request::write(Method::Post, "x"), true);
        ApiError { message: Some(message.to_owned()), ..error }
    }

    fn fields(kind: ErrorKind, message: &str) -> Vec<FieldId> {
        let named = server_problems(&MANIFEST, true, &refusal(kind, message));
        named.iter().map(|(field, _)| *field).collect()
    }

    #[test]
    fn messages_find_their_fields() {
        let check = |message: &str, want: &[FieldId]| {
            assert_eq!(fields(ErrorKind::Invalid, message), want, "{message}");
        };
        // By the words of the manifest, by the name, by the label.
        check("`addThings` holds an unknown code.", &[CODES]);
        check("`expires` is not a day as YYYY-MM-DD.", &[FieldId::EXPIRES]);
        check("Another activation key has this Title.", &[FieldId::TITLE]);
        check("`removeTags` holds a number that is no tag id.", &[LIST]);
        check("tags must exist; title is too long; Tags unknown", &[LIST, FieldId::TITLE]);
        check("Something else entirely", &[]);
    }

    #[test]
    fn the_first_name_counts_and_of_two_in_one_place_the_longer() {
        assert_eq!(fields(ErrorKind::Invalid, "the limit is below the tags"), [FieldId::LIMIT]);
        assert_eq!(fields(ErrorKind::Invalid, "switching on needs a title"), [SWITCH]);
    }

    #[test]
    fn refusals_of_the_qualys_gateway_find_their_fields() {
        use crate::systems::qualys_gateway::MANIFEST;
        use crate::systems::qualys_gateway::fields::{APPLY, LICENCES, NETWORK, TAGS};
        let check = |message: &str, want: &[FieldId]| {
            let named = server_problems(&MANIFEST, true, &refusal(ErrorKind::Invalid, message));
            assert_eq!(named.iter().map(|(field, _)| *field).collect::<Vec<_>>(), want, "{message}");
        };
        check("`expireDate` is not a day as YYYY-MM-DD.", &[FieldId::EXPIRES]);
        check("`maxAgentsAllowed` is not more than the 5 agents installed with this key.", &[FieldId::LIMIT]);
        check("Another activation key has this title.", &[FieldId::TITLE]);
        check("`addLicenses` holds an unknown code.", &[LICENCES]);
        check("`removeTags` holds a number that is no tag id.", &[TAGS]);
        check("`applyToExistingAgents` is no boolean.", &[APPLY]);
        check("networkId must be positive; title is too long; Network unknown", &[NETWORK, FieldId::TITLE]);
        check("Something else entirely", &[]);
    }

    #[test]
    fn fields_of_the_other_form_are_not_blamed() {
        let error = refusal(ErrorKind::Invalid, "switching is not possible");
        assert!(server_problems(&MANIFEST, false, &error).is_empty());
    }

    #[test]
    fn other_errors_are_about_no_field() {
        assert!(fields(ErrorKind::Forbidden, "No right to set a title").is_empty());
        assert_eq!(fields(ErrorKind::Conflict, "Title exists"), [FieldId::TITLE]);
    }

    #[test]
    fn two_sentences_about_one_field_are_both_shown() {
        let error = refusal(ErrorKind::Invalid, "tag 7 of `tags` is gone; tags holds a dynamic one");
        let want = "tag 7 of `tags` is gone; tags holds a dynamic one";
        assert_eq!(server_problems(&MANIFEST, true, &error), [(LIST, want.to_owned())]);
    }

    #[test]
    fn each_problem_has_words() {
        let text = |field, problem| problem_text(&MANIFEST, &FieldError { field, problem });
        assert_eq!(text(LIST, Problem::NotANumber), t::form_not_tags());
        assert_eq!(text(FieldId::LIMIT, Problem::NotANumber), t::form_not_a_number());
        assert_eq!(text(FieldId::LIMIT, Problem::OutOfRange(-5, 1_000)), t::form_out_of_range("−5", "1,000"));
        assert_eq!(text(FieldId::EXPIRES, Problem::InThePast), t::form_in_the_past());
        assert_eq!(text(FieldId::TITLE, Problem::Said("so".to_owned())), "so");
    }
}
