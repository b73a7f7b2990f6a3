use crate::domain::Secret;
use crate::http::{FormValue, Method, Request};

/// Exchanges user and password for a token (reference `qualys.md`, 3.1). A write: a wrong password sent again and
/// again locks the account.
pub(super) fn request(user: &str, password: &Secret) -> Request {
    let plain = |text: &str| FormValue::Plain(text.to_owned());
    let password = FormValue::Secret { value: password.clone(), placeholder: "PASSWORD" };
    let fields = vec![
        ("username", plain(user)),
        ("password", password),
        ("token", plain("true")),
        ("permissions", plain("true")),
    ];
    Request::write(Method::Post, "auth").unsigned().form(fields)
}
