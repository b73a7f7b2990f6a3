//! The built app: types, compressed forms, caching, pages and policy.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::{Answer, Folder, Gateway, MANAGE, gateway};

async fn site(name: &str) -> (Folder, Gateway) {
    let folder = Folder::new(name);
    let root = folder.0.join("site");
    for (name, text) in [
        ("index.html", "<!doctype html><title>x</title>"),
        ("config.json", "{}"),
        ("boot.js", "export {}"),
        ("app-0123456789abcdef.js", "plain"),
        ("app-0123456789abcdef.js.br", "brotli"),
        ("app-0123456789abcdef.js.gz", "gzip"),
        ("app-0123456789abcdef_bg.wasm", "\0asm"),
        ("style.css", "a{}"),
        ("sub/note.txt", "note"),
    ] {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    std::fs::write(folder.0.join("outside.txt"), "outside").unwrap();
    std::os::unix::fs::symlink(folder.0.join("outside.txt"), root.join("link.txt")).unwrap();
    let gateway = gateway(&["--serve", root.to_str().unwrap(), "--prefix", "/qualys/eu1"]).await;
    (folder, gateway)
}

async fn get(gateway: &Gateway, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    gateway.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn types_and_caching() {
    let (_folder, gateway) = site("types").await;
    let forever = "public, max-age=31536000, immutable";
    for (path, kind, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/config.json", "application/json", "no-cache"),
        ("/boot.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/app-0123456789abcdef.js", "text/javascript; charset=utf-8", forever),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", forever),
        ("/style.css", "text/css; charset=utf-8", "no-cache"),
        ("/sub/note.txt", "text/plain; charset=utf-8", "no-cache"),
    ] {
        let answer = get(&gateway, path, &[]).await.expect(200);
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some(caching), "{path}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{path}");
    }
}

#[tokio::test]
async fn the_policy_is_on_every_file_and_every_miss() {
    let (_folder, gateway) = site("policy").await;
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                  font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; \
                  frame-ancestors 'self'";
    for path in ["/", "/keys", "/boot.js", "/missing.js"] {
        let answer = get(&gateway, path, &[]).await;
        assert_eq!(answer.header("content-security-policy"), Some(policy), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
    }
    let answer = gateway.call("POST", MANAGE, json!({})).await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn a_page_of_the_app_is_its_index_and_a_missing_asset_is_404() {
    let (_folder, gateway) = site("pages").await;
    for path in ["/keys", "/keys/123", "/connections/eu1?page=2", "/sub", "/qualys"] {
        assert!(get(&gateway, path, &[]).await.expect(200).text().starts_with("<!doctype"), "{path}");
    }
    for path in [
        "/missing.js",
        "/keys/missing.css",
        "/style.css/x.css",
        "/sub/",
        "/../Cargo.toml",
        "/%2e%2e/x.txt",
        "/link.txt",
        "/.hidden",
        "/sub/%2e%2e%2fboot.js",
    ] {
        let answer = get(&gateway, path, &[]).await;
        let status = if path == "/sub/" { 200 } else { 404 };
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    // A path of the API is never answered with a page.
    for path in ["/caui/unknown", "/auth/unknown", "/qualys/eu1/unknown", "/_control/unknown", "/_control"] {
        let answer = get(&gateway, path, &[]).await.expect(404);
        assert_eq!(answer.json()["status"], 404, "{path}");
    }
    let answer = gateway.call("POST", "/index.html", Value::Null).await.expect(405);
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
}

#[tokio::test]
async fn the_best_accepted_form_is_sent() {
    let (_folder, gateway) = site("forms").await;
    for (accept, body, encoding) in [
        ("gzip, deflate, br", "brotli", Some("br")),
        ("gzip", "gzip", Some("gzip")),
        ("br;q=0, gzip", "gzip", Some("gzip")),
        ("identity", "plain", None),
    ] {
        let answer =
            get(&gateway, "/app-0123456789abcdef.js", &[("accept-encoding", accept)]).await.expect(200);
        assert_eq!((answer.text(), answer.header("content-encoding")), (body, encoding), "{accept}");
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    }
    let answer = get(&gateway, "/boot.js", &[("accept-encoding", "br")]).await.expect(200);
    assert_eq!((answer.text(), answer.header("content-encoding")), ("export {}", None));
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let (folder, gateway) = site("tags").await;
    let tag = get(&gateway, "/boot.js", &[]).await.header("etag").unwrap().to_owned();
    let answer = get(&gateway, "/boot.js", &[("if-none-match", &tag)]).await.expect(304);
    assert!(answer.bytes.is_empty());
    std::fs::write(folder.0.join("site/boot.js"), "export { changed }").unwrap();
    get(&gateway, "/boot.js", &[("if-none-match", &tag)]).await.expect(200);
}

#[tokio::test]
async fn without_a_folder_there_are_no_pages() {
    let gateway = gateway(&[]).await;
    for path in ["/", "/index.html", "/keys"] {
        get(&gateway, path, &[]).await.expect(404);
    }
}
