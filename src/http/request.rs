use crate::domain::Secret;

/// How long an attempt may take from the moment it is sent until its body is read.
pub(super) const DEADLINE_MS: u32 = 30_000;

/// An HTTP method the APIs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates; searches too.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What a call does to the server; the method does not say it (a search is a POST).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Changes nothing, so it may be sent again.
    Read,
    /// May change something, so it is sent at most once.
    Write,
}

/// How a call proves who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization` with the credential of the authority.
    Signed,
    /// Nothing: sign-in itself and `config.json`.
    None,
}

/// A request body with its content type.
#[derive(Clone)]
pub enum Body {
    /// JSON text.
    Json(String),
    /// XML text, sent as `text/xml` (reference `qualys.md`, section 6).
    Xml(String),
    /// A form, sent as `application/x-www-form-urlencoded`.
    Form(Vec<(&'static str, FormValue)>),
}

/// One value of a form.
#[derive(Clone)]
pub enum FormValue {
    /// Shown as it is.
    Plain(String),
    /// Sent, and shown as the placeholder `$NAME` alone.
    Secret {
        /// What is sent.
        value: Secret,
        /// The shell variable that stands for it in a copied command.
        placeholder: &'static str,
    },
}

impl Body {
    /// The `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Xml(_) => "text/xml",
            Self::Form(_) => "application/x-www-form-urlencoded",
        }
    }

    /// The text on the wire. Holds the form's secrets: for the transport only.
    pub(super) fn wire_text(&self) -> String {
        match self {
            Self::Json(text) | Self::Xml(text) => text.clone(),
            Self::Form(fields) => {
                let mut res = String::new();
                for (name, value) in fields {
                    if !res.is_empty() {
                        res.push('&');
                    }
                    res.push_str(&percent_encoded(name));
                    res.push('=');
                    res.push_str(&percent_encoded(value.sent()));
                }
                res
            }
        }
    }
}

impl FormValue {
    fn sent(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret { value, .. } => value.expose(),
        }
    }
}

/// A call, before it knows a host or a token.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path below the connection's base URL, without a leading `/`; may hold a query. Never a key's
    /// value: paths are shown and copied.
    pub path: String,
    /// Further headers. No secrets: they are shown in copied commands.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if any.
    pub body: Option<Body>,
    /// Whether it may be sent again.
    pub kind: Kind,
    /// How it is signed.
    pub auth: Auth,
    /// The longest an attempt may take, in milliseconds.
    pub deadline_ms: u32,
    /// Whether a redirection is followed, on the page's own origin. For reads that are documented to redirect.
    pub follows: bool,
    /// Secrets in the body, which a server may repeat when it refuses.
    hidden: Vec<Secret>,
}

impl Request {
    /// A signed read.
    #[must_use]
    pub fn read(method: Method, path: impl Into<String>) -> Self {
        Self::new(Kind::Read, method, path.into())
    }

    /// A signed write.
    #[must_use]
    pub fn write(method: Method, path: impl Into<String>) -> Self {
        Self::new(Kind::Write, method, path.into())
    }

    fn new(kind: Kind, method: Method, path: String) -> Self {
        let auth = Auth::Signed;
        Self {
            method,
            path,
            headers: Vec::new(),
            body: None,
            kind,
            auth,
            deadline_ms: DEADLINE_MS,
            follows: false,
            hidden: Vec::new(),
        }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, text: String) -> Self {
        self.body = Some(Body::Json(text));
        self
    }

    /// With an XML body.
    #[must_use]
    pub fn xml(mut self, text: String) -> Self {
        self.body = Some(Body::Xml(text));
        self
    }

    /// With a form body.
    #[must_use]
    pub fn form(mut self, fields: Vec<(&'static str, FormValue)>) -> Self {
        self.body = Some(Body::Form(fields));
        self
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With the kind of answer that is wanted, such as `application/json`.
    #[must_use]
    pub fn accept(self, content_type: &'static str) -> Self {
        self.header("Accept", content_type)
    }

    /// A read that is documented to lead elsewhere on the same origin.
    #[must_use]
    pub fn following(mut self) -> Self {
        self.follows = self.kind == Kind::Read;
        self
    }

    /// A call with a secret in its body: no error of it holds the secret.
    #[must_use]
    pub fn hiding(mut self, secret: Secret) -> Self {
        self.hidden.push(secret);
        self
    }

    /// The secrets in its body.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let mut res = self.hidden.clone();
        if let Some(Body::Form(fields)) = &self.body {
            res.extend(fields.iter().filter_map(|(_, value)| match value {
                FormValue::Secret { value, .. } => Some(value.clone()),
                FormValue::Plain(_) => None,
            }));
        }
        res
    }

    /// Sent without a credential.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.auth = Auth::None;
        self
    }

    /// Whether the path stays below the base and in the folder it names: a step such as `..` is taken back by whoever
    /// fetches, before anything is sent.
    pub(super) fn stays_in_place(&self) -> bool {
        let path = self.path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        !path.replace("%2e", ".").split(['/', '\\']).any(|it| matches!(it, "." | ".."))
    }

    /// The address: `base` ends in `/` (see `session::base_url`). Two slashes at its start, or what a browser takes
    /// for them, would be read as a host, so a path loses all of its own.
    #[must_use]
    pub fn url(&self, base: &str) -> String {
        let leads_elsewhere = |it: char| matches!(it, '/' | '\\') || it <= ' ';
        [base, self.path.trim_start_matches(leads_elsewhere)].concat()
    }
}

/// `application/x-www-form-urlencoded` with `%20` for a space, which every decoder reads.
pub(crate) fn percent_encoded(text: &str) -> String {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut res = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            res.push(char::from(byte));
        } else {
            let digit = |it: u8| HEX.get(usize::from(it)).copied().unwrap_or_default();
            res.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    res
}

/// `text`, an id that an answer told or a reader typed, as one step of a path.
///
/// What is no step of its own becomes `.`, and a call with that in its path is refused before it is sent: nothing at
/// all, and `.` and `..`, which lead elsewhere even when they are percent-encoded.
pub(crate) fn segment(text: &str) -> String {
    let leads_elsewhere = text.trim().is_empty() || text == "." || text == "..";
    if leads_elsewhere { ".".to_owned() } else { percent_encoded(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded_and_hold_what_is_sent() {
        let secret = FormValue::Secret { value: Secret::new("p&s=1 ü".to_owned()), placeholder: "PASSWORD" };
        let body = Body::Form(vec![("username", FormValue::Plain("a+b".to_owned())), ("password", secret)]);
        assert_eq!(body.wire_text(), "username=a%2Bb&password=p%26s%3D1%20%C3%BC");
    }

    #[test]
    fn paths_join_the_base_with_one_slash() {
        let check = |path: &str| {
            assert_eq!(Request::read(Method::Get, path).url("https://h/x/"), "https://h/x/a/b?c=1")
        };
        check("a/b?c=1");
        check("/a/b?c=1");
        check("///a/b?c=1");
    }

    #[test]
    fn an_id_is_one_step_of_a_path_or_none() {
        for (id, step, is_sent) in [
            ("64ef-A_5.b~", "64ef-A_5.b~", true),
            ("a/b", "a%2Fb", true),
            ("../x?y#z", "..%2Fx%3Fy%23z", true),
            ("a\\b%2e ü", "a%5Cb%252e%20%C3%BC", true),
            ("...", "...", true),
            ("..", ".", false),
            (".", ".", false),
            ("", ".", false),
            (" \t", ".", false),
        ] {
            assert_eq!(segment(id), step, "{id}");
            let request = Request::read(Method::Get, ["keys/", &segment(id), "/members?of=.."].concat());
            assert_eq!(request.stays_in_place(), is_sent, "{id}");
        }
        for path in ["keys/..", "../keys", "keys/%2E%2e/x", "keys/./x", "keys\\..\\x", "keys/%2e"] {
            assert!(!Request::read(Method::Get, path).stays_in_place(), "{path}");
        }
    }

    /// `//host/x` is an address of another host.
    #[test]
    fn no_path_becomes_a_host() {
        for path in [
            "//evil.example/x",
            "///evil.example/x",
            "/evil.example/x",
            "\\\\evil.example/x",
            "/\t/evil.example/x",
        ] {
            assert_eq!(Request::read(Method::Get, path).url("/"), "/evil.example/x", "{path}");
        }
    }
}
