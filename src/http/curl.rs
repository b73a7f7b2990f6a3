//! A call as a command a shell runs, with shell variables where the credential goes.

use super::request::FormValue;
use super::{Auth, Body, Method, Request, Scheme};

/// The command for `request`, on one line unless a value holds a line break. `base` is absolute and ends
/// in `/`.
///
/// Everything is quoted for a POSIX shell, so that it runs as it stands and no value is ever taken for
/// shell code. Token, user and password are shell variables: the line holds no secret but those in a
/// JSON or XML body, and no call puts one there.
///
/// `None` where a word would hold what changes a command while it is pasted: a terminal acts on control characters,
/// and marks of writing direction show another command than the one that runs.
#[must_use]
pub fn line(request: &Request, base: &str, scheme: Scheme) -> Option<String> {
    let mut parts = vec!["curl".to_owned()];
    if request.method != Method::Get || request.body.is_some() {
        parts.push(["--request ", request.method.name()].concat());
    }
    parts.push(quoted(&request.url(base))?);
    if request.auth == Auth::Signed {
        parts.push(credential(scheme).to_owned());
    }
    for (name, value) in &request.headers {
        parts.push(["--header ", &quoted(&[name, ": ", value].concat())?].concat());
    }
    match &request.body {
        None => {}
        Some(body @ (Body::Json(text) | Body::Xml(text))) => {
            parts.push(["--header ", &quoted(&["Content-Type: ", body.content_type()].concat())?].concat());
            // `--data-raw`, because `--data` reads a file when the text begins with `@`.
            parts.push(["--data-raw ", &quoted(text)?].concat());
        }
        Some(Body::Form(fields)) => {
            for (name, value) in fields {
                parts.push(form_field(name, value)?);
            }
        }
    }
    Some(parts.join(" "))
}

fn credential(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Bearer => "--header \"Authorization: Bearer $TOKEN\"",
        // Not `$USER`: a shell has that one already, and it is the name at this computer.
        Scheme::Basic => "--user \"$API_USER:$PASSWORD\"",
    }
}

fn form_field(name: &str, value: &FormValue) -> Option<String> {
    Some(match value {
        FormValue::Plain(text) => ["--data-urlencode ", &quoted(&[name, "=", text].concat())?].concat(),
        FormValue::Secret { placeholder, .. } => {
            ["--data-urlencode \"", name, "=$", placeholder, "\""].concat()
        }
    })
}

/// One word for a POSIX shell: inside single quotes everything stands for itself but the quote. `None` for a text
/// that no word may hold; see [`is_unsafe`].
pub(crate) fn quoted(text: &str) -> Option<String> {
    let is_safe = !text.contains(is_unsafe);
    is_safe.then(|| ["'", &text.replace('\'', r"'\''"), "'"].concat())
}

/// Whether a command with this sign may do or show something else once it is pasted into a terminal, however it is
/// quoted: control characters but the line break and the tab, and marks of writing direction.
pub(crate) fn is_unsafe(it: char) -> bool {
    let is_control = it.is_control() && !matches!(it, '\n' | '\t');
    is_control
        || matches!(it, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot start a shell must fail")]
mod tests {
    use super::*;
    use crate::domain::Secret;
    use std::process::Command;

    const BASE: &str = "https://gateway.example/";

    #[test]
    fn a_read_is_the_address_and_the_token_variable() {
        let request = Request::read(Method::Get, "keys/5");
        let want = "curl 'https://gateway.example/keys/5' --header \"Authorization: Bearer $TOKEN\"";
        assert_eq!(line(&request, BASE, Scheme::Bearer).unwrap(), want);
    }

    #[test]
    fn a_write_has_its_method_headers_and_body() {
        let request =
            Request::write(Method::Patch, "keys/5").header("X-Requested-With", "a'b").json("{}".to_owned());
        let want = "curl --request PATCH 'https://gateway.example/keys/5' --header \"Authorization: Bearer $TOKEN\" \
                    --header 'X-Requested-With: a'\\''b' --header 'Content-Type: application/json' --data-raw '{}'";
        assert_eq!(line(&request, BASE, Scheme::Bearer).unwrap(), want);
    }

    #[test]
    fn basic_names_two_variables_and_xml_is_a_body() {
        let request =
            Request::write(Method::Post, "create").accept("application/json").xml("<a/>".to_owned());
        let want = "curl --request POST 'https://gateway.example/create' --user \"$API_USER:$PASSWORD\" \
                    --header 'Accept: application/json' --header 'Content-Type: text/xml' --data-raw '<a/>'";
        assert_eq!(line(&request, BASE, Scheme::Basic).unwrap(), want);
    }

    #[test]
    fn a_sign_in_holds_no_password() {
        let password =
            FormValue::Secret { value: Secret::new("hunter2".to_owned()), placeholder: "PASSWORD" };
        let fields = vec![("username", FormValue::Plain("o'neil".to_owned())), ("password", password)];
        let command =
            line(&Request::write(Method::Post, "auth").unsigned().form(fields), BASE, Scheme::Bearer);
        let want = "curl --request POST 'https://gateway.example/auth' --data-urlencode 'username=o'\\''neil' \
                    --data-urlencode \"password=$PASSWORD\"";
        assert_eq!(command.unwrap(), want);
    }

    /// Pasted, an escape character can run the line before it is read, and a mark of direction can hide half of it.
    #[test]
    fn what_a_terminal_acts_on_makes_no_command() {
        for odd in
            ["\r", "\u{1b}[201~", "\u{7f}", "\u{9b}", "\0", "\u{202e}", "\u{2066}", "\u{200f}", "\u{61c}"]
        {
            let text = ["a", odd, "b"].concat();
            assert_eq!(quoted(&text), None, "{odd:?}");
            let by_header = Request::read(Method::Get, "keys").header("X", text.clone());
            let by_form =
                Request::write(Method::Post, "keys").form(vec![("x", FormValue::Plain(text.clone()))]);
            let by_body = Request::write(Method::Post, "keys").xml(text.clone());
            for request in [Request::read(Method::Get, text.clone()), by_header, by_form, by_body] {
                assert_eq!(line(&request, BASE, Scheme::Bearer), None, "{odd:?}");
            }
        }
        assert!(quoted("schlüssel 鍵 🔑\n\tمفتاح").is_some());
    }

    /// The shell itself says whether the quoting holds: the words curl would get must be what we meant.
    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for text in [
            "plain",
            "",
            "it's",
            "'''",
            "\"$TOKEN\" `id` $(id) ${HOME} \\ \\' !x *",
            "two\nlines\n\tindented",
            "schlüssel 鍵 🔑",
            "-rf; rm & | > <",
            "{\"title\":\"O'Neil\\n\"}",
        ] {
            let request = Request::write(Method::Post, text).json(text.to_owned());
            // Each word is followed by a byte no text holds.
            let script =
                line(&request, BASE, Scheme::Bearer).unwrap().replacen("curl", r"printf '%s\001'", 1);
            let output = Command::new("sh").args(["-c", &script]).env("TOKEN", "t").output().unwrap();
            assert!(output.status.success(), "{script}");
            let words = String::from_utf8(output.stdout).unwrap();
            let words: Vec<&str> = words.split_terminator('\u{1}').collect();
            let url = [BASE, text].concat();
            let want = [
                "--request",
                "POST",
                &url,
                "--header",
                "Authorization: Bearer t",
                "--header",
                "Content-Type: application/json",
                "--data-raw",
                text,
            ];
            assert_eq!(words, want, "{text}");
        }
    }
}
