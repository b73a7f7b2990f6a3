//! The `filter` of the users list: the part of SCIM's filter language that the documents name.
//!
//! Terms `field op "text"` with `eq` everywhere and `co` for names, addresses and subjects; `and`, `or`, `not`, brackets.
//! Letter case does not matter.

use rusqlite::types::Value as SqlValue;

use super::people::ROLES;

const LONGEST: usize = 8_192;
const DEEPEST: u32 = 20;

/// The condition in SQL with its values.
///
/// # Errors
/// A sentence saying what is wrong.
pub(super) fn condition(text: &str) -> Result<(String, Vec<SqlValue>), String> {
    if text.len() > LONGEST {
        return Err(format!("The filter is longer than {LONGEST} bytes."));
    }
    let mut parser = Parser { words: words(text)?.into_iter().peekable(), values: Vec::new() };
    let sql = parser.any(0)?;
    match parser.words.next() {
        None => Ok((sql, parser.values)),
        Some(_) => Err("There is more after the end of the filter.".to_owned()),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Open,
    Close,
    /// A field, an operator or a connective.
    Name(String),
    Text(String),
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut res = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' => {
                res.push(Word::Open);
                1
            }
            ')' => {
                res.push(Word::Close);
                1
            }
            '"' => {
                // The text is a JSON string, as SCIM says.
                let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let value = values.next().and_then(Result::ok).ok_or("A text in the filter does not end.")?;
                res.push(Word::Text(value));
                values.byte_offset()
            }
            _ => {
                let length =
                    rest.find(|c: char| c.is_whitespace() || "()\"".contains(c)).unwrap_or(rest.len());
                let name = rest.get(..length).unwrap_or_default();
                res.push(Word::Name(name.to_lowercase()));
                length
            }
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(res)
}

struct Parser {
    words: std::iter::Peekable<std::vec::IntoIter<Word>>,
    values: Vec<SqlValue>,
}

impl Parser {
    fn any(&mut self, depth: u32) -> Result<String, String> {
        if depth > DEEPEST {
            return Err("The filter is nested too deeply.".to_owned());
        }
        let mut terms = vec![self.all(depth)?];
        while self.takes("or") {
            terms.push(self.all(depth)?);
        }
        Ok(format!("({})", terms.join(" OR ")))
    }

    fn all(&mut self, depth: u32) -> Result<String, String> {
        let mut terms = vec![self.one(depth)?];
        while self.takes("and") {
            terms.push(self.one(depth)?);
        }
        Ok(format!("({})", terms.join(" AND ")))
    }

    fn one(&mut self, depth: u32) -> Result<String, String> {
        if self.takes("not") {
            if self.words.peek() != Some(&Word::Open) {
                return Err("After `not` comes a bracket.".to_owned());
            }
            return Ok(format!("NOT {}", self.one(depth + 1)?));
        }
        match self.words.next() {
            Some(Word::Open) => {
                let res = self.any(depth + 1)?;
                match self.words.next() {
                    Some(Word::Close) => Ok(res),
                    _ => Err("A bracket is not closed.".to_owned()),
                }
            }
            Some(Word::Name(field)) => self.term(&field),
            _ => Err("The filter ends too early.".to_owned()),
        }
    }

    fn term(&mut self, field: &str) -> Result<String, String> {
        let (Some(Word::Name(operator)), Some(Word::Text(text))) = (self.words.next(), self.words.next())
        else {
            return Err(format!("After `{field}` comes an operator and a text in quotes."));
        };
        let text = text.to_lowercase();
        let (sql, text) = match (field, operator.as_str()) {
            ("id" | "status", "eq") => (format!("{field} = ?"), text),
            ("name" | "email" | "subject", "eq") => (format!("{field}_folded = ?"), text),
            ("name" | "email" | "subject", "co") => (format!("instr({field}_folded, ?) > 0"), text),
            ("assignedroles.name", "eq") => (has_role(), text),
            ("assignedroles.id", "eq") => {
                let role = ROLES.iter().find(|(id, _, _)| *id == text);
                (has_role(), role.map(|(_, name, _)| name.to_lowercase()).unwrap_or_default())
            }
            _ => return Err(format!("`{field}` with `{operator}` is not supported.")),
        };
        self.values.push(SqlValue::from(text));
        Ok(sql)
    }

    fn takes(&mut self, word: &str) -> bool {
        self.words.next_if(|next| matches!(next, Word::Name(name) if name == word)).is_some()
    }
}

fn has_role() -> String {
    "EXISTS (SELECT 1 FROM json_each(roles) WHERE lower(value) = ?)".to_owned()
}
