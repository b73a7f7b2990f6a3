//! The body of a create from a file, as the vendor's own tool takes it with `--file` (reference `qlik.md`, 8).

use super::{CLIENT, EXPIRY, PROVIDER, SUB_TYPE, USER};
use crate::domain::FieldId;
use crate::systems::import::read_object;
use crate::systems::{Draft, ImportProblem, Imported, Input};

/// What "ApiKeyBody" is made of (2).
const MEMBERS: &[(&str, FieldId)] =
    &[("description", FieldId::TITLE), ("expiry", EXPIRY), ("sub", FieldId::OWNER), ("subType", SUB_TYPE)];

/// Reads a body into the form of a new key. What a member holds beyond its type is judged by the form, as if it was
/// typed.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_body(text: &str) -> Result<Imported, Vec<ImportProblem>> {
    let Imported { draft, left_out } = read_object(text, MEMBERS)?;
    let kind = draft.text(SUB_TYPE);
    if !["", USER, CLIENT].contains(&kind) {
        let member = "subType".to_owned();
        return Err(vec![ImportProblem::NotOffered { member, words: "user, externalClient" }]);
    }
    Ok(Imported { draft: sorted(draft), left_out })
}

/// A subject without a type is a person, and the subject of a client is an identity provider.
fn sorted(mut draft: Draft) -> Draft {
    let sub = draft.text(FieldId::OWNER).to_owned();
    match draft.text(SUB_TYPE) {
        "" if !sub.is_empty() => draft.set(SUB_TYPE, Input::Text(USER.to_owned())),
        // "user" alone is the caller, which the form says with a blank.
        USER if sub.is_empty() => draft.set(SUB_TYPE, Input::Text(String::new())),
        CLIENT => {
            draft.set(FieldId::OWNER, Input::Text(String::new()));
            draft.set(PROVIDER, Input::Text(sub));
        }
        _ => {}
    }
    draft
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn read(text: &str) -> Draft {
        read_body(text).unwrap().draft
    }

    #[test]
    fn a_whole_body_fills_the_form() {
        let draft =
            read(r#"{"description":"CI","expiry":"P7D","sub":"64ef645a3b7009d55dee5a2b","subType":"user"}"#);
        let want = Draft::default()
            .with_text(FieldId::TITLE, "CI")
            .with_text(EXPIRY, "P7D")
            .with_text(SUB_TYPE, "user")
            .with_text(FieldId::OWNER, "64ef645a3b7009d55dee5a2b");
        assert_eq!(draft, want);
    }

    #[test]
    fn subjects_find_their_place() {
        let scim = read(r#"{"description":"S","sub":"SCIM\\5f1","subType":"externalClient"}"#);
        assert_eq!((scim.text(PROVIDER), scim.text(FieldId::OWNER)), (r"SCIM\5f1", ""));
        assert_eq!(read(r#"{"sub":"u1"}"#).text(SUB_TYPE), "user");
        assert_eq!(read(r#"{"subType":"user","sub":null}"#), Draft::default());
    }

    #[test]
    fn what_no_document_names_is_named_and_left_out() {
        let read =
            read_body("\u{feff}{\"description\":\"x\",\"role\":\"admin\",\"Expiry\":\"P1D\"}").unwrap();
        assert_eq!(read.left_out, ["Expiry", "role"]);
        assert_eq!(read.draft, Draft::default().with_text(FieldId::TITLE, "x"));
    }

    #[test]
    fn everything_wrong_is_said() {
        let wrong = |member: &str| ImportProblem::WrongType { member: member.to_owned() };
        let problems = |text: &str| read_body(text).unwrap_err();
        assert_eq!(
            problems(r#"{"description":5,"expiry":["P7D"],"sub":"x"}"#),
            [wrong("description"), wrong("expiry")]
        );
        assert_eq!(problems("[]"), [ImportProblem::NotAnObject]);
        assert_eq!(problems("{\n \"description\": }"), [ImportProblem::NotJson { line: 2, column: 17 }]);
        assert_eq!(problems(&" ".repeat(70_000)), [ImportProblem::TooLarge]);
        let words = "user, externalClient";
        let member = "subType".to_owned();
        assert_eq!(problems(r#"{"subType":"robot"}"#), [ImportProblem::NotOffered { member, words }]);
        for problem in problems(r#"{"description":5}"#) {
            assert!(problem.text().contains("description"));
        }
    }
}
