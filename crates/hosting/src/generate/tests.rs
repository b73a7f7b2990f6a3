use super::*;
use crate::{Server, line};

fn deployment() -> Deployment {
    let proxy = |id: &str, path: &str, host: &str, base: &str| Proxy {
        id: id.to_owned(),
        path: path.to_owned(),
        upstream: Upstream { is_tls: true, host: host.to_owned(), port: None, base: base.to_owned() },
        ca: "/etc/ssl/authorities.pem".to_owned(),
        cookies: false,
    };
    Deployment {
        host: "console.example".to_owned(),
        path: "/tools/keys/".to_owned(),
        folder: "/srv/latchkey".to_owned(),
        tls: Tls::Here { certificate: "/etc/ssl/site.pem".to_owned(), key: "/etc/ssl/site.key".to_owned() },
        address: None,
        https_port: 443,
        http_port: 80,
        resolvers: Vec::new(),
        nginx_brotli: false,
        log: None,
        site: Site { portals: vec!["https://portal.example".to_owned()], hsts: true, reports: None },
        proxies: vec![
            proxy("eu-1", "/qualys/eu1/", "gateway.example", "/"),
            proxy("lic", "/licences/", "licences.example", "/api/v2/"),
        ],
    }
}

fn text(deployment: &Deployment, name: &str) -> String {
    all(deployment).into_iter().find(|it| it.name == name).map(|it| it.text).unwrap_or_default()
}

/// The part of a text that begins with `start`, up to the line that closes it with the same indent.
fn block<'a>(text: &'a str, start: &str) -> &'a str {
    let Some((_, rest)) = text.split_once(start) else { return "" };
    let indent: String = text
        .lines()
        .find(|it| it.contains(start))
        .unwrap_or_default()
        .chars()
        .take_while(|it| it.is_whitespace())
        .collect();
    ["}", "</"]
        .iter()
        .filter_map(|end| rest.split_once(&format!("\n{indent}{end}")))
        .map(|(it, _)| it)
        .min_by_key(|it| it.len())
        .unwrap_or(rest)
}

/// The servers that run everything themselves.
const OWN: &[&str] = &["nginx.conf", "Caddyfile", "apache.conf"];

#[test]
fn every_server_says_every_header() {
    let deployment = deployment();
    for file in all(&deployment).iter().filter(|it| !["_redirects", "netlify-edge.js"].contains(&it.name)) {
        for part in [Part::Page, Part::Asset] {
            for header in headers(part, &deployment.site) {
                let known = file.text.to_ascii_lowercase();
                assert!(known.contains(&header.name.to_ascii_lowercase()), "{}: {}", file.name, header.name);
                assert!(
                    file.text.contains(header.value.as_ref()),
                    "{}: {}: {}",
                    file.name,
                    header.name,
                    header.value
                );
            }
        }
    }
}

#[test]
fn the_answers_of_a_platform_have_all_their_headers_and_no_other_of_ours() {
    let deployment = deployment();
    for (name, start) in [
        ("nginx.conf", "location /licences/ {"),
        ("Caddyfile", "handle_path /licences/* {"),
        ("apache.conf", "<Location \"/licences/\">"),
    ] {
        let whole = text(&deployment, name);
        let block = block(&whole, start);
        for header in headers(Part::Api, &deployment.site) {
            let server = Server::ALL.into_iter().find(|it| it.file() == name).unwrap_or(Server::Nginx);
            assert!(block.contains(&line(server, Part::Api, &header)), "{name}: {}\n{block}", header.name);
        }
        for header in NOT_PASSED.iter().chain(&["Set-Cookie"]) {
            assert!(block.contains(header), "{name} lets {header} through");
        }
        for header in NOT_SENT.iter().chain(&["Cookie"]) {
            assert!(block.contains(header), "{name} sends {header}");
        }
    }
}

/// Also where no test starts the server: what is behind it is nginx as well.
#[test]
fn nginx_obeys_no_order_of_a_platform() {
    let deployment = deployment();
    for name in ["nginx.conf", "ingress.yaml"] {
        let text = text(&deployment, name);
        assert_eq!(text.matches(&format!("proxy_ignore_headers {NGINX_ORDERS};")).count(), 2, "{name}");
        assert!(text.contains("gzip off;"), "{name}");
    }
}

/// One run gives a pod of nginx that speaks HTTP and an ingress before it that speaks TLS.
#[test]
fn an_ingress_speaks_tls_wherever_the_pod_does_not() {
    let mut deployment = deployment();
    for tls in [deployment.tls.clone(), Tls::Before] {
        deployment.tls = tls;
        assert_eq!(text(&deployment, "ingress.yaml").matches("secretName: latchkey-tls").count(), 3);
    }
}

#[test]
fn iis_redirects_to_https_before_anything_else() {
    let mut deployment = deployment();
    deployment.https_port = 8443;
    let first = |deployment: &Deployment| {
        let text = text(deployment, "web.config");
        text.split("<rule ").nth(1).map(str::to_owned).unwrap_or_default()
    };
    assert!(first(&deployment).contains("url=\"https://console.example:8443{REQUEST_URI}\""));
    deployment.tls = Tls::Before;
    assert!(!first(&deployment).contains("https://console.example"));
}

/// A function of CloudFront has 10 KB at most.
#[test]
fn a_function_is_not_too_long_for_its_service() {
    let mut deployment = deployment();
    let first = deployment.proxies.first().cloned();
    deployment.proxies = (0..12)
        .filter_map(|at| Some(Proxy { path: format!("/tools/keys/platform-{at}/"), ..first.clone()? }))
        .collect();
    let length = text(&deployment, "cloudfront-function.js").len();
    assert!(length <= 10_240, "{length}");
}

/// Its edge keeps for a day what does not say how long it is good for.
#[test]
fn files_for_a_bucket_say_how_long_they_are_kept() {
    let text = text(&deployment(), "cloudfront-function.js");
    let commands: Vec<&str> = text.lines().filter(|it| it.contains("aws s3")).collect();
    let is = |at: usize, words: &str| commands.get(at).is_some_and(|it| it.contains(words));
    assert!(is(0, "immutable' --exclude '*' --include '*.css'"), "{commands:#?}");
    assert!(is(1, "'no-cache' --exclude '*.br'") && is(1, "--exclude release.json"), "{commands:#?}");
    assert!(is(2, "'no-cache' --exclude '*' --include release.json"), "{commands:#?}");
}

/// Caddy takes a word that is no matcher for a header's name, and the rest of the line for what to replace in it.
#[test]
fn every_header_of_caddy_has_a_name() {
    let text = text(&deployment(), "Caddyfile");
    for line in text.lines().filter_map(|it| it.trim().strip_prefix("header ")) {
        let mut words = line.split(' ').skip_while(|it| it.starts_with(['/', '@']));
        let name = words.next().unwrap_or_default().trim_start_matches('?');
        assert!(name.starts_with(|it: char| it.is_ascii_uppercase()), "{line}");
        assert!(words.next().is_some_and(|it| it.starts_with('"')), "{line}");
    }
}

#[test]
fn addresses_of_both_kinds_are_listened_on() {
    let mut deployment = deployment();
    let nginx = text(&deployment, "nginx.conf");
    for line in ["listen 443 ssl http2;", "listen [::]:443 ssl http2;", "listen 80;", "listen [::]:80;"] {
        assert!(nginx.contains(&format!("    {line}\n")), "{nginx}");
    }
    deployment.resolvers = vec!["10.0.0.2".to_owned(), "fd00::2".to_owned()];
    for (address, shown) in [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")] {
        deployment.address = Some(address.to_owned());
        let nginx = text(&deployment, "nginx.conf");
        assert!(nginx.contains(&format!("    listen {shown}:443 ssl http2;\n")), "{nginx}");
        assert!(nginx.contains(&format!("    listen {shown}:80;\n")), "{nginx}");
        assert_eq!(nginx.matches(" listen ").count(), 2, "{nginx}");
        assert!(nginx.contains("resolver 10.0.0.2 [fd00::2] valid=30s;"), "{nginx}");
        let apache = text(&deployment, "apache.conf");
        assert!(apache.contains(&format!("<VirtualHost {shown}:443>")), "{apache}");
        assert!(text(&deployment, "Caddyfile").contains(&format!("\tbind {address}\n")));
    }
}

#[test]
fn cookies_go_where_they_are_asked_for_alone() {
    let mut deployment = deployment();
    if let Some(first) = deployment.proxies.first_mut() {
        first.cookies = true;
    }
    for name in OWN {
        let text = text(&deployment, name);
        assert_eq!(text.matches("Set-Cookie").count(), 1, "{name}");
    }
}

#[test]
fn platforms_are_verified() {
    let deployment = deployment();
    let check = |name: &str, wanted: &[&str]| {
        let text = text(&deployment, name);
        for wanted in wanted {
            assert_eq!(text.matches(wanted).count(), 2, "{name}: {wanted}");
        }
    };
    check(
        "nginx.conf",
        &[
            "proxy_ssl_verify on;",
            "proxy_ssl_server_name on;",
            "proxy_ssl_trusted_certificate /etc/ssl/authorities.pem;",
        ],
    );
    check("Caddyfile", &["tls_trusted_ca_certs /etc/ssl/authorities.pem\n", "tls_server_name "]);
    check(
        "apache.conf",
        &[
            "SSLProxyVerify require",
            "SSLProxyCheckPeerName On",
            "SSLProxyCACertificateFile \"/etc/ssl/authorities.pem\"",
        ],
    );
    check("ingress.yaml", &["proxy-ssl-verify: \"on\"", "proxy-ssl-server-name: \"on\""]);
    for file in all(&deployment) {
        let text = file.text.to_ascii_lowercase();
        for forbidden in ["insecure", "proxy_ssl_verify off", "sslproxyverify none", "verify_none"] {
            assert!(!text.contains(forbidden), "{}: {forbidden}", file.name);
        }
    }
}

#[test]
fn a_name_is_looked_up_anew_where_name_servers_are_known() {
    let mut deployment = deployment();
    assert!(text(&deployment, "nginx.conf").contains("proxy_pass https://licences.example/api/v2/;"));
    deployment.resolvers = vec!["10.0.0.2".to_owned()];
    let text = text(&deployment, "nginx.conf");
    assert!(text.contains("resolver 10.0.0.2 valid=30s;"), "{text}");
    assert!(text.contains("rewrite \"^/licences/(.*)$\" /api/v2/$1 break;"), "{text}");
    assert!(text.contains("proxy_pass https://$latchkey_upstream_eu_1;"), "{text}");
}

#[test]
fn a_console_at_the_root_has_no_path_to_lead_to() {
    let mut deployment = deployment();
    deployment.path = "/".to_owned();
    assert!(!text(&deployment, "nginx.conf").contains("location = "));
    assert!(text(&deployment, "nginx.conf").contains("location / {\n        alias /srv/latchkey/;"));
    assert!(!text(&deployment, "Caddyfile").contains("redir @plain"));
    assert!(!text(&deployment, "apache.conf").contains("\"!^/"), "every path is the console's");
}

#[test]
fn before_a_balancer_nothing_is_encrypted_and_nothing_redirected() {
    let mut deployment = deployment();
    deployment.tls = Tls::Before;
    for (name, words) in [
        ("nginx.conf", "listen 80;"),
        ("Caddyfile", "http://console.example:80 {"),
        ("apache.conf", "<VirtualHost *:80>"),
    ] {
        let text = text(&deployment, name);
        assert!(text.contains(words), "{name}\n{text}");
        assert!(!text.contains("site.key") && !text.contains("301 https"), "{name}");
    }
}

/// nginx drops every `add_header` of a server for a location that has one of its own.
#[test]
fn a_location_of_nginx_says_all_headers_or_none() {
    let deployment = deployment();
    let text = text(&deployment, "nginx.conf");
    let wanted = headers(Part::Api, &deployment.site).len() + 1;
    for block in text.split("    location ").skip(1) {
        let own = block.split("\n    }\n").next().unwrap_or_default();
        let count = own.matches("add_header").count();
        assert!(count == 0 || count == wanted, "{own}");
    }
}

#[test]
fn a_pattern_matches_its_text_alone() {
    assert_eq!(escaped("/a.b/c-d/"), "/a\\.b/c-d/");
    let upstream =
        Upstream { is_tls: true, host: "a.example".to_owned(), port: Some(8443), base: "/api/".to_owned() };
    assert_eq!(upstream.link_pattern(), "^(https://a\\.example:8443)?/api/");
    assert_eq!(
        (upstream.origin(), upstream.authority()),
        ("https://a.example:8443".to_owned(), "a.example:8443".to_owned())
    );
}

#[test]
fn every_line_that_opens_something_closes_it() {
    for file in all(&deployment()).iter().filter(|it| !["web.config", "ingress.yaml"].contains(&it.name)) {
        for (open, close) in [('{', '}'), ('(', ')')] {
            assert_eq!(
                file.text.matches(open).count(),
                file.text.matches(close).count(),
                "{}: {open}{close}",
                file.name
            );
        }
        assert!(file.text.is_empty() || file.text.ends_with('\n'), "{}", file.name);
        assert!(file.text.lines().all(|it| it.trim_end() == it), "{}: blanks at an end", file.name);
    }
}
