//! What is wrong with a form, in words, and at which field.

use crate::domain::{Field, FieldError, LIMIT_RANGE, Problem};
use crate::http::{ApiError, ErrorKind};
use crate::i18n::t;
use crate::platform::intl;

/// What is wrong with a field and what would be right.
#[must_use]
pub fn problem_text(error: &FieldError) -> String {
    match error.problem {
        Problem::NotADate => t::form_not_a_date().to_owned(),
        Problem::InThePast => t::form_in_the_past().to_owned(),
        Problem::NotANumber if error.field == Field::Tags => t::form_not_tags().to_owned(),
        Problem::NotANumber => t::form_not_a_number().to_owned(),
        Problem::OutOfRange => {
            t::form_out_of_range(&intl::number(*LIMIT_RANGE.start()), &intl::number(*LIMIT_RANGE.end()))
        }
        Problem::NotAboveUsed(used) => t::form_not_above_used(used),
    }
}

/// Words of the API that name a field, in lower case. The names stand in the documents (reference
/// `qualys.md`, 1.3 and 1.4); the plain words are guesses, since no error text is documented.
const NAMES: [(&str, Field); 15] = [
    ("applytoexistingagents", Field::ApplyToExisting),
    ("maxagentsallowed", Field::Limit),
    ("countpurchased", Field::Limit),
    ("agent count", Field::Limit),
    ("expiredate", Field::Expires),
    ("expiry", Field::Expires),
    ("expiration", Field::Expires),
    ("networkid", Field::Network),
    ("network", Field::Network),
    ("license", Field::Licences),
    ("licence", Field::Licences),
    ("module", Field::Licences),
    ("tag", Field::Tags),
    ("title", Field::Title),
    ("limit", Field::Limit),
];

/// The fields that the server's words are about, each with the words that concern it.
///
/// Only a refusal of what was sent is read so: other errors are not about a field.
#[must_use]
pub fn server_problems(error: &ApiError) -> Vec<(Field, String)> {
    let about_input = matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict);
    let message = error.message.as_deref().filter(|_| about_input).unwrap_or_default();
    let mut res: Vec<(Field, String)> = Vec::new();
    // Several messages arrive joined by `; `.
    for sentence in message.split("; ") {
        if let Some(field) = field_of(sentence) {
            match res.iter_mut().find(|(known, _)| *known == field) {
                Some((_, text)) => *text = [text.as_str(), "; ", sentence].concat(),
                None => res.push((field, sentence.to_owned())),
            }
        }
    }
    res
}

/// The field a sentence names first.
fn field_of(sentence: &str) -> Option<Field> {
    let sentence = sentence.to_lowercase();
    let at = |name: &str| sentence.find(name);
    NAMES
        .iter()
        .filter_map(|(name, field)| Some((at(name)?, *field)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Method, Request};

    fn fields(kind: ErrorKind, message: &str) -> Vec<Field> {
        let error = ApiError::without_answer(kind, &Request::write(Method::Post, "x"), true);
        let error = ApiError { message: Some(message.to_owned()), ..error };
        server_problems(&error).iter().map(|(field, _)| *field).collect()
    }

    #[test]
    fn messages_find_their_fields() {
        let check = |message: &str, want: &[Field]| {
            assert_eq!(fields(ErrorKind::Invalid, message), want, "{message}");
        };
        check("`expireDate` is not a day as YYYY-MM-DD.", &[Field::Expires]);
        check("`maxAgentsAllowed` is not more than the 5 agents installed with this key.", &[Field::Limit]);
        check("Another activation key has this title.", &[Field::Title]);
        check("`addLicenses` holds an unknown code.", &[Field::Licences]);
        check("`removeTags` holds a number that is no tag id.", &[Field::Tags]);
        check(
            "networkId must be positive; title is too long; Network unknown",
            &[Field::Network, Field::Title],
        );
        check("Something else entirely", &[]);
    }

    #[test]
    fn other_errors_are_about_no_field() {
        assert!(fields(ErrorKind::Forbidden, "No right to set a title").is_empty());
        assert_eq!(fields(ErrorKind::Conflict, "Title exists"), [Field::Title]);
    }

    #[test]
    fn two_sentences_about_one_field_are_both_shown() {
        let error = ApiError::without_answer(ErrorKind::Invalid, &Request::write(Method::Post, "x"), true);
        let error = ApiError { message: Some("tag 7 is gone; tag 9 is dynamic".to_owned()), ..error };
        assert_eq!(server_problems(&error), [(Field::Tags, "tag 7 is gone; tag 9 is dynamic".to_owned())]);
    }
}
