use serde::de::DeserializeOwned;

use super::{ApiError, Request};
use crate::platform::clock::Slices;

/// Headers of an answer: those the browser lets the page see. Names compare without case.
#[derive(Clone, Debug, Default)]
pub struct ResponseHeaders(Vec<(String, String)>);

impl ResponseHeaders {
    /// From pairs of name and value.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The value of a header, without surrounding space.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The value as a whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }
}

/// An answer with a 2xx status. No `Debug`: its text may hold key values or a token.
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: ResponseHeaders,
    /// The whole body.
    pub text: String,
}

impl Response {
    /// Reads the body as JSON.
    ///
    /// # Errors
    /// A `Malformed` error that says where, and holds nothing of the body: a good answer that this app
    /// misreads may be full of key values.
    pub fn json<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ApiError> {
        serde_json::from_str(&self.text).map_err(|err| ApiError::misread(request, self.status, &err))
    }

    /// Reads a list that may be very long, in slices between which the browser does what waits; what stands around it
    /// is read as `R`, with the list empty. It is the list under the name `list` in an object, or the whole body where
    /// that is blank.
    ///
    /// # Errors
    /// As [`Response::json`].
    pub async fn json_list<R: DeserializeOwned, T: DeserializeOwned>(
        &self,
        request: &Request,
        list: &str,
    ) -> Result<(R, Vec<T>), ApiError> {
        let misread = |err| ApiError::misread(request, self.status, &err);
        let read_rest = |text: &str| serde_json::from_str(text).map_err(misread);
        // Where the list is not found, what is wrong with the answer is for the reader of the rest to say.
        let Some(start) = list_start(&self.text, list) else {
            return Ok((read_rest(&self.text)?, Vec::new()));
        };
        let (head, mut rest) = self.text.split_at(start);
        let (mut items, mut slices) = (Vec::new(), Slices::new());
        let mut broken = "";
        loop {
            rest = rest.trim_ascii_start();
            if rest.starts_with(']') {
                break;
            }
            if !items.is_empty() {
                let Some(after) = rest.strip_prefix(',') else {
                    // No list begins with a comma, so that the reader of the rest finds what is wrong.
                    broken = ",";
                    break;
                };
                rest = after;
            }
            let mut reader = serde_json::Deserializer::from_str(rest).into_iter::<T>();
            match reader.next() {
                Some(item) => items.push(item.map_err(misread)?),
                None => break,
            }
            rest = rest.get(reader.byte_offset()..).unwrap_or_default();
            if items.len() % ITEMS == 0 {
                slices.breathe().await;
            }
        }
        Ok((read_rest(&[head, broken, rest].concat())?, items))
    }
}

/// Items of a list between two looks at the clock.
const ITEMS: usize = 20;

/// The place behind the bracket that opens a list: the one under a name of the outermost object, or the outermost one.
fn list_start(text: &str, list: &str) -> Option<usize> {
    if list.is_empty() {
        let at = text.find(|it: char| !it.is_ascii_whitespace())?;
        return text.get(at..)?.starts_with('[').then_some(at + 1);
    }
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b'"' => {
                let end = string_end(bytes, at + 1)?;
                let is_name = depth == 1 && text.get(at + 1..end) == Some(list);
                at = end;
                let after =
                    text.get(end + 1..)?.trim_ascii_start().strip_prefix(':').map(str::trim_ascii_start);
                if let Some(after) = after.filter(|it| is_name && it.starts_with('[')) {
                    return Some(text.len() - after.len() + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The quote that ends a string.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use futures_executor::block_on;
    use serde::Deserialize;

    use super::*;
    use crate::http::Method;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Rest {
        total: u32,
        #[serde(default)]
        items: Vec<String>,
    }

    fn read<R: DeserializeOwned>(text: &str, list: &str) -> Result<(R, Vec<String>), ApiError> {
        let response = Response { status: 200, headers: ResponseHeaders::default(), text: text.to_owned() };
        block_on(response.json_list(&Request::read(Method::Get, "x"), list))
    }

    #[test]
    fn a_list_and_the_rest_are_read_wherever_the_list_stands() {
        let list = |n: usize| format!("[{}]", vec![r#" "a]\\\"," "#; n].join(","));
        let item = "a]\\\",".to_owned();
        for n in [0, 1, 2, 500] {
            let text = format!(
                r#" {{"x":{{"items":["not this"]}},"y":"items\":[","items" : {},"total":7}} "#,
                list(n)
            );
            assert_eq!(
                read::<Rest>(&text, "items").unwrap(),
                (Rest { total: 7, items: Vec::new() }, vec![item.clone(); n])
            );
            assert_eq!(
                read::<Vec<String>>(&format!(" {}\n", list(n)), "").unwrap(),
                (Vec::new(), vec![item.clone(); n])
            );
        }
        // A list that is not there is for the rest to judge.
        let (rest, items) = read::<Rest>(r#"{"total":1}"#, "items").unwrap();
        assert_eq!((rest.total, items.len()), (1, 0));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "[",
            "[\"a\"",
            "[\"a\",",
            "[\"a\",]",
            "[,]",
            "[\"a\" \"b\"]",
            "[\"a\"]]",
            "[\"a\"] x",
            "[1]",
            "{}",
            "null",
            "[\"a\"}",
        ] {
            assert!(read::<Vec<String>>(text, "").is_err(), "{text}");
        }
        for text in [
            r#"{"total":1,"items":["a"]"#,
            r#"{"total":1,"items":["a",}"#,
            r#"{"total":1,"items":"#,
            r#"{"items":["a"]}"#,
        ] {
            assert!(read::<Rest>(text, "items").is_err(), "{text}");
        }
    }
}
