//! The built app: types, compressed forms, caching, pages and policy.

use axum::body::Body;
use axum::http::Request;
use hosting::{Part, Site};
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
    for (path, part) in [
        ("/", Part::Page),
        ("/keys", Part::Page),
        ("/boot.js", Part::Config),
        ("/app-0123456789abcdef.js", Part::Asset),
        ("/missing.js", Part::Notice),
        ("/app-0123456789abcdee.js", Part::Notice),
    ] {
        has_all(&get(&gateway, path, &[]).await, part, &Site::default());
    }
    has_all(&gateway.call("POST", "/index.html", Value::Null).await, Part::Notice, &Site::default());
    has_all(&gateway.call("POST", MANAGE, json!({})).await.expect(200), Part::Api, &Site::default());
    has_all(&get(&gateway, "/caui/unknown", &[]).await, Part::Api, &Site::default());
}

/// Whether an answer has exactly the headers that every server is configured to send.
#[track_caller]
fn has_all(answer: &Answer, part: Part, site: &Site) {
    for header in hosting::headers(part, site) {
        assert_eq!(answer.header(header.name), Some(header.value.as_ref()), "{part:?}: {}", header.name);
    }
}

#[tokio::test]
async fn portals_are_those_of_the_configuration_and_of_the_test() {
    let (folder, gateway) = site("portals").await;
    std::fs::write(
        folder.0.join("site/config.json"),
        r#"{"portals": ["https://portal.example", "https://a.example; script-src *"]}"#,
    )
    .unwrap();
    let portals =
        |all: &[&str]| Site { portals: all.iter().map(|it| (*it).to_owned()).collect(), ..Site::default() };
    has_all(&get(&gateway, "/", &[]).await, Part::Page, &portals(&["https://portal.example"]));
    let change = json!({"portals": ["http://127.0.0.1:9"]});
    gateway.call("POST", "/_control/headers", change).await.expect(200);
    has_all(
        &get(&gateway, "/", &[]).await,
        Part::Page,
        &portals(&["https://portal.example", "http://127.0.0.1:9"]),
    );
}

#[tokio::test]
async fn a_test_takes_a_header_away_and_puts_one_in_its_place() {
    let (_folder, gateway) = site("headers").await;
    let change =
        json!({"remove": ["Referrer-Policy", "Cache-Control"], "set": {"X-Content-Type-Options": "other"}});
    gateway.call("POST", "/_control/headers", change).await.expect(200);
    for path in ["/", "/missing.js", "/caui/unknown"] {
        let answer = get(&gateway, path, &[]).await;
        assert_eq!(answer.header("referrer-policy"), None, "{path}");
        assert_eq!(answer.header("cache-control"), None, "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("other"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    gateway.call("POST", "/_control/headers", json!({"opaque_frames": true})).await.expect(200);
    let answer = get(&gateway, "/boot.js", &[]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
    for wrong in [json!({"remove": ["a b"]}), json!({"set": {"A": "b\nc"}}), json!({"take": []})] {
        gateway.call("POST", "/_control/headers", wrong).await.expect(400);
    }
    gateway.call("DELETE", "/_control/headers", Value::Null).await.expect(204);
    has_all(&get(&gateway, "/", &[]).await, Part::Page, &Site::default());
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
