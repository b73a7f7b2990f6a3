//! The built app: files with their right types, compressed forms, caching and a strict policy.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::percent_decode_str;

use crate::app::App;
use crate::reply::Failure;

/// No inline code, no other origin, no plug-ins; WebAssembly is the one thing that may be compiled.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; \
    form-action 'none'; frame-ancestors 'self'";

/// Everything that is no API call and no control call.
pub(crate) async fn fallback(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    let is_ours = app.api_path(path).is_some() || path == "/_control" || path.starts_with("/_control/");
    let Some(folder) = app.options.serve.clone().filter(|_| !is_ours) else {
        return Failure::new(StatusCode::NOT_FOUND, "There is nothing at this path.").into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let failure = Failure::new(StatusCode::METHOD_NOT_ALLOWED, "Files are only read.");
        return ([(header::ALLOW, "GET, HEAD")], failure).into_response();
    }
    let (path, headers) = (path.to_owned(), request.headers().clone());
    let found = tokio::task::spawn_blocking(move || answer(&folder, &path, &headers)).await;
    let mut res = found.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    protect(res.headers_mut());
    res
}

fn protect(headers: &mut HeaderMap) {
    let all = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A file, `index.html` for a page of the app, or 404 for an asset that is not there.
fn answer(folder: &Path, path: &str, headers: &HeaderMap) -> Response {
    let Some(segments) = segments(path) else { return missing() };
    let is_asset = segments.last().is_some_and(|name| name.contains('.'));
    let name = match segments.last() {
        Some(name) if is_asset => name.clone(),
        Some(_) | None => "index.html".to_owned(),
    };
    let file = if is_asset {
        segments.iter().fold(folder.to_path_buf(), |file, part| file.join(part))
    } else {
        folder.join(&name)
    };
    match inside(folder, &file).and_then(|file| send(&file, &name, headers)) {
        Ok(res) => res,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => missing(),
        Err(error) => {
            crate::complain(&format!("cannot read {}: {error}", file.display()));
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-cache")], "There is no such file.").into_response()
}

/// The decoded segments of a path; `None` when one could leave the folder or names a hidden file.
fn segments(path: &str) -> Option<Vec<String>> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            let is_safe = !segment.starts_with('.') && !segment.contains(['/', '\\', '\0', ':']);
            is_safe.then(|| segment.into_owned())
        })
        .collect()
}

/// Follows links and makes sure that the file is still inside the folder.
fn inside(folder: &Path, file: &Path) -> std::io::Result<PathBuf> {
    let file = file.canonicalize()?;
    if !file.starts_with(folder.canonicalize()?) || !file.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    Ok(file)
}

fn send(file: &Path, name: &str, headers: &HeaderMap) -> std::io::Result<Response> {
    let (read, encoding) = best_form(file, headers);
    let about = std::fs::metadata(&read)?;
    let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let tag = format!("\"{:x}-{changed:x}{}\"", about.len(), encoding.unwrap_or_default());
    let mut res = if matches_tag(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut res = Response::new(Body::from(std::fs::read(&read)?));
        res.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
        if let Some(encoding) = encoding {
            res.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        res
    };
    let caching = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    res.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    res.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        res.headers_mut().insert(header::ETAG, tag);
    }
    Ok(res)
}

fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

/// The precompressed neighbour that the client takes, brotli first, or the file itself.
fn best_form(file: &Path, headers: &HeaderMap) -> (PathBuf, Option<&'static str>) {
    let accepted: Vec<&str> =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        let mut neighbour = file.as_os_str().to_owned();
        neighbour.push(".");
        neighbour.push(extension);
        let neighbour = PathBuf::from(neighbour);
        if accepted.iter().any(|list| accepts(list, encoding)) && neighbour.is_file() {
            return (neighbour, Some(encoding));
        }
    }
    (file.to_path_buf(), None)
}

fn accepts(list: &str, encoding: &str) -> bool {
    list.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight =
            parts.find_map(|part| part.strip_prefix("q=")).and_then(|weight| weight.parse::<f32>().ok());
        is_named && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// Whether a name carries a hash of the content (`app-1f2e3d4c5b6a7988.js`, `…_bg.wasm`), so that it never changes.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '.', '_'])
        .skip(1)
        .any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, is_hashed, segments};

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("latchkey-1f2e3d4c5b6a7988.js"));
        assert!(is_hashed("latchkey-1f2e3d4c5b6a7988_bg.wasm"));
        for name in ["index.html", "config.json", "boot.js", "deadbeefdeadbeef.js", "key-list.css"] {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn no_path_leaves_the_folder() {
        assert_eq!(segments("/a//b.js"), Some(vec!["a".to_owned(), "b.js".to_owned()]));
        for path in
            ["/../x", "/%2e%2e/x", "/a/..%2fx", "/a%5c..%5cx", "/.git/config", "/c%3a/x", "/a%00b", "/%ff"]
        {
            assert_eq!(segments(path), None, "{path}");
        }
    }

    #[test]
    fn an_encoding_with_weight_zero_is_refused() {
        assert!(accepts("gzip, br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip", "br"));
    }
}
