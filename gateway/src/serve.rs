//! The built app: files with their right types, compressed forms, caching and a strict policy.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hosting::{Part, content_type, part_of};
use percent_encoding::percent_decode_str;

use crate::app::App;
use crate::reply::Failure;

/// Everything that is no API call and no control call.
pub(crate) async fn fallback(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    let is_ours = app.api_path(path).is_some() || path == "/_control" || path.starts_with("/_control/");
    let Some(folder) = app.options.serve.clone().filter(|_| !is_ours) else {
        return Failure::new(StatusCode::NOT_FOUND, "There is nothing at this path.").into_response();
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let failure = Failure::new(StatusCode::METHOD_NOT_ALLOWED, "Files are only read.");
        let mut res = ([(header::ALLOW, "GET, HEAD")], failure).into_response();
        app.served.dress(res.headers_mut(), Part::Notice, &folder);
        return res;
    }
    let (path, headers) = (path.to_owned(), request.headers().clone());
    let found = tokio::task::spawn_blocking(move || {
        let mut res = answer(&folder, &path, &headers);
        let part = part(res.status(), &path);
        app.served.dress(res.headers_mut(), part, &folder);
        res
    });
    found.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The part an answer belongs to: a file that was found (or that the browser has already), or a notice.
fn part(status: StatusCode, path: &str) -> Part {
    if !status.is_success() && status != StatusCode::NOT_MODIFIED {
        return Part::Notice;
    }
    match path.rsplit_once('/').map_or(path, |(_, name)| name) {
        name if name.contains('.') => part_of(name),
        _ => Part::Page,
    }
}

/// A file, `index.html` for a page of the app, or 404 for an asset that is not there.
fn answer(folder: &Path, path: &str, headers: &HeaderMap) -> Response {
    let Some(segments) = segments(path) else { return missing() };
    let is_asset = segments.last().is_some_and(|name| name.contains('.'));
    // The packed forms are chosen by what a browser accepts, and maps are nobody's business.
    if [".br", ".gz", ".map"].iter().any(|it| path.ends_with(it)) {
        return missing();
    }
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
    (StatusCode::NOT_FOUND, "There is no such file.").into_response()
}

/// The decoded segments of a path; `None` when one could leave the folder or names a hidden file.
fn segments(path: &str) -> Option<Vec<String>> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            let is_safe = !segment.starts_with(['.', '_']) && !segment.contains(['/', '\\', '\0', ':']);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_part() {
        let check = |status: u16, path: &str, want: Part| {
            assert_eq!(part(StatusCode::from_u16(status).unwrap_or_default(), path), want, "{status} {path}");
        };
        check(200, "/", Part::Page);
        check(200, "/keys/5", Part::Page);
        check(304, "/index.html", Part::Page);
        check(200, "/latchkey-1f2e3d4c5b6a7988.js", Part::Asset);
        check(404, "/latchkey-1f2e3d4c5b6a7988.js", Part::Notice);
        check(200, "/config.json", Part::Config);
    }

    #[test]
    fn no_path_leaves_the_folder() {
        assert_eq!(segments("/a//b.js"), Some(vec!["a".to_owned(), "b.js".to_owned()]));
        for path in [
            "/../x",
            "/%2e%2e/x",
            "/a/..%2fx",
            "/a%5c..%5cx",
            "/.git/config",
            "/c%3a/x",
            "/a%00b",
            "/%ff",
            "/_headers",
        ] {
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
