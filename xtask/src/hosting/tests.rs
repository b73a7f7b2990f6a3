#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

const CONFIG: &str = r#"{"version": 1, "portals": ["https://portal.example"], "connections": [
    {"id": "eu1", "name": "Europe", "system": "qualys-gateway", "base_url": "/qualys/eu1/"},
    {"id": "lic", "name": "Licences", "system": "solifyn", "base_url": "/solifyn"}]}"#;

const HOSTING: &str = r#"{"version": 1, "host": "console.example", "path": "/keys", "folder": "/srv/latchkey/",
    "tls": {"certificate": "/etc/ssl/a.pem", "key": "/etc/ssl/a.key"},
    "upstreams": {"eu1": {"url": "https://gateway.example"}, "lic": {"url": "https://licences.example:8443/api", "cookies": true}}}"#;

fn both(hosting: &str, config: &str) -> Result<Deployment> {
    file::read(hosting)?.with(&config::read(config)?)
}

#[test]
fn a_good_file_is_read() {
    let deployment = both(HOSTING, CONFIG).unwrap();
    assert_eq!((deployment.path.as_str(), deployment.folder.as_str()), ("/keys/", "/srv/latchkey"));
    assert_eq!(deployment.site.portals, ["https://portal.example"]);
    assert!(deployment.site.hsts);
    let proxies: Vec<_> = deployment.proxies.iter().map(|it| (it.path.as_str(), it.cookies)).collect();
    assert_eq!(proxies, [("/qualys/eu1/", false), ("/solifyn/", true)]);
    let second = deployment.proxies.last().unwrap();
    assert_eq!(
        (second.upstream.origin(), second.upstream.base.as_str()),
        ("https://licences.example:8443".to_owned(), "/api/")
    );
}

#[test]
fn the_example_in_the_repository_is_good() {
    let dir = project::root().join("deploy");
    let deployment = read(&dir.join("hosting.json")).unwrap();
    assert!(!deployment.proxies.is_empty());
    assert_eq!(generate::all(&deployment).len(), 10);
}

#[track_caller]
fn check(from: &str, to: &str, place: &str) {
    let (hosting, config) = (HOSTING.replacen(from, to, 1), CONFIG.replacen(from, to, 1));
    assert!(hosting != HOSTING || config != CONFIG, "{from} is in neither file");
    let error = format!("{:#}", both(&hosting, &config).unwrap_err());
    assert!(error.starts_with(place), "{error}");
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    check("\"host\": \"console.example\",", "", "host: is missing");
    check("console.example", "Console_example", "host: ");
    check("console.example", "a;return 200", "host: ");
    check("\"path\": \"/keys\"", "\"path\": \"keys\"", "path: ");
    check("\"path\": \"/keys\"", "\"path\": \"/ke ys\"", "path: ");
    check("\"path\": \"/keys\"", "\"path\": \"/.keys\"", "path: ");
    check("\"path\": \"/keys\"", "\"path\": \"//\"", "path: ");
    check("/srv/latchkey/", "/srv/$x", "folder: ");
    check("/srv/latchkey/", "/", "folder: ");
    check("/etc/ssl/a.key", "a.key", "tls.key: ");
    check("\"folder\"", "\"foldr\"", "folder: is missing");
    check("\"tls\"", "\"nginx_brotli\": 1, \"tls\"", "nginx_brotli: ");
    check("\"tls\"", "\"https_port\": 70000, \"tls\"", "https_port: ");
    check("\"tls\"", "\"resolvers\": [\"dns\"], \"tls\"", "resolvers[0]: ");
    check("\"tls\"", "\"colour\": 1, \"tls\"", "colour: there is no such field");
    check("https://gateway.example", "http://gateway.example", "upstreams.eu1.url: ");
    check("https://gateway.example", "https://gate\\nway.example", "upstreams.eu1.url: ");
    check("\"cookies\": true", "\"cookie\": true", "upstreams.lic.cookie: there is no such field");
    check("\"eu1\": {\"url\"", "\"eu2\": {\"url\"", "upstreams.eu1: is missing");
    check("\"version\": 1, \"host\"", "\"version\": 2, \"host\"", "version: ");
}

#[test]
fn what_the_console_is_configured_to_must_fit() {
    check("\"/qualys/eu1/\"", "\"/\"", "upstreams.eu1: ");
    check("\"/solifyn\"", "\"/qualys/eu1\"", "upstreams.lic: another connection");
    check(
        "\"/solifyn\"",
        "\"/qualys/\"",
        "upstreams.lic: `/qualys/` and `/qualys/eu1/` lie one in the other",
    );
    check("\"/solifyn\"", "\"/Qualys/EU1/\"", "upstreams.lic: `/Qualys/EU1/` and `/qualys/eu1/` lie");
    check("\"/solifyn\"", "\"/qualys/eu1/us\"", "upstreams.lic: `/qualys/eu1/us/` and `/qualys/eu1/` lie");
    check("\"/solifyn\"", "\"https://licences.example\"", "connections[1].base_url: ");
    check("https://portal.example", "https://*.example", "portals[0]: ");
    check("https://portal.example", "https://portal.example/", "portals[0]: ");
    check("https://portal.example", "http://portal.example", "portals[0]: ");
}

/// nginx has no `-` in a variable, and Kubernetes neither `_` nor capitals in a name.
#[test]
fn ids_differ_to_every_server() {
    for (first, second) in [("eu1", "EU1"), ("eu-1", "eu_1")] {
        let named = |text: &str| {
            text.replace("\"eu1\"", &format!("\"{first}\"")).replace("\"lic\"", &format!("\"{second}\""))
        };
        let error = format!("{:#}", both(&named(HOSTING), &named(CONFIG)).unwrap_err());
        assert!(error.starts_with(&format!("upstreams.{second}: `{first}` is the same id")), "{error}");
    }
}

/// A platform names itself without it when it redirects, and what leads elsewhere is dropped.
#[test]
fn the_usual_port_of_a_platform_is_no_part_of_its_name() {
    for (url, want) in [
        ("https://licences.example:443/api", "https://licences.example"),
        ("http://localhost:80/api", "http://localhost"),
        ("http://localhost:443/api", "http://localhost:443"),
    ] {
        let deployment = both(&HOSTING.replace("https://licences.example:8443/api", url), CONFIG).unwrap();
        assert_eq!(deployment.proxies.last().unwrap().upstream.origin(), want, "{url}");
    }
}

#[test]
fn headers_are_printed_by_part() {
    let value = headers_as_json(&both(HOSTING, CONFIG).unwrap().site);
    let of = |part: &str, name: &str| {
        value.pointer(&format!("/parts/{part}/{name}")).and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(of("api", "Cache-Control").as_deref(), Some("no-store"));
    assert!(
        of("page", "Content-Security-Policy").unwrap().ends_with("frame-ancestors https://portal.example")
    );
    assert_eq!(of("page", "Strict-Transport-Security").as_deref(), Some("max-age=31536000"));
}

#[test]
fn the_file_for_iis_is_xml() {
    let deployment = both(HOSTING, CONFIG).unwrap();
    let file = generate::all(&deployment).into_iter().find(|it| it.name == "web.config").unwrap();
    let mut reader = quick_xml::Reader::from_str(&file.text);
    let mut open = Vec::new();
    let mut rules = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(it) => open.push(it.name().as_ref().to_owned()),
            quick_xml::events::Event::End(it) => assert_eq!(open.pop().unwrap(), it.name().as_ref()),
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Empty(it) => {
                assert!(it.attributes().all(|it| it.is_ok()), "{it:?}");
                rules += usize::from(it.name().as_ref() == "action");
            }
            _ => {}
        }
    }
    assert!(open.is_empty() && rules > 10, "{open:?} {rules}");
}

#[test]
fn functions_for_services_are_programs() {
    let deployment = both(HOSTING, CONFIG).unwrap();
    let dir = std::env::temp_dir().join(format!("latchkey-functions-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    for file in generate::all(&deployment).iter().filter(|it| it.name.ends_with(".js")) {
        let path = dir.join(file.name).with_extension("mjs");
        fs::write(&path, &file.text).unwrap();
        crate::process::Call::new("node", &["--check"]).arg(&path).quiet().unwrap();
    }
    fs::remove_dir_all(dir).unwrap();
}

/// At most 100 rules, and 2,000 signs a line, or the rest is silently not there.
#[test]
fn headers_of_services_keep_within_their_limits() {
    let mut deployment = both(HOSTING, CONFIG).unwrap();
    deployment.site.portals = (0..20).map(|it| format!("https://portal{it}.example")).collect();
    let file = generate::all(&deployment).into_iter().find(|it| it.name == "_headers").unwrap();
    let rules = file.text.lines().filter(|it| it.starts_with('/')).count();
    assert!(rules > 5 && rules <= 100, "{rules}");
    assert!(file.text.lines().all(|it| it.len() <= 2_000), "a line is too long");
}
