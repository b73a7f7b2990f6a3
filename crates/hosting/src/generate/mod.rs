//! Whole configurations of servers, made from one [`Deployment`].
//!
//! What all of them do, each in its own words:
//!
//! - every answer has the headers of its [`Part`], also an error, a redirect and a "not modified";
//! - hashed files are kept for ever, but a missing one is not, and is never answered with the page;
//! - hidden files, maps and packed forms have no address of their own;
//! - a proxy path reaches one platform, whose certificate and name are verified; credentials go there and nowhere else;
//!   cookies go neither way unless asked; nothing of an answer is kept, and a redirection leads back below the same path
//!   or nowhere;
//! - the log of calls has neither queries nor headers.

mod apache;
mod caddy;
mod cloudfront;
mod iis;
mod kubernetes;
mod nginx;
mod pages;

use crate::{HASHED, Header, Part, Site, headers};

/// Where and how a console is hosted. Every text in it was checked: none holds a character that a configuration gives a
/// meaning to, such as a quotation mark, a brace, a blank, `$` or a line feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The host name.
    pub host: String,
    /// The path of the console, with `/` at both ends.
    pub path: String,
    /// The folder with the built console on the server, absolute, without `/` at the end.
    pub folder: String,
    /// Where TLS ends.
    pub tls: Tls,
    /// The address to listen on; all when left out.
    pub address: Option<String>,
    /// The port of HTTPS.
    pub https_port: u16,
    /// The port of HTTP.
    pub http_port: u16,
    /// The name servers that nginx asks anew when an address of a platform changes; empty: asked at its start alone.
    pub resolvers: Vec<String>,
    /// Whether nginx has the module that sends files packed with brotli.
    pub nginx_brotli: bool,
    /// The file for the log of calls; each server's usual one when left out.
    pub log: Option<String>,
    /// What differs in the headers.
    pub site: Site,
    /// The platforms, each under its path.
    pub proxies: Vec<Proxy>,
}

impl Deployment {
    /// The console's origin as browsers know it, wherever TLS ends.
    fn origin(&self) -> String {
        match self.https_port {
            443 => format!("https://{}", self.host),
            other => format!("https://{}:{other}", self.host),
        }
    }
}

/// Where TLS ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// At this server, with these files in PEM form.
    Here {
        /// The certificate with its chain.
        certificate: String,
        /// Its key.
        key: String,
    },
    /// At a balancer or proxy before it.
    Before,
}

/// A path on the console's origin that leads to a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// The id of its connection (the first one, if several share the path): letters, digits, `-` and `_`.
    pub id: String,
    /// The path, with `/` at both ends.
    pub path: String,
    /// The platform.
    pub upstream: Upstream,
    /// A file with the certificates that may vouch for the platform, in PEM form.
    pub ca: String,
    /// Whether cookies are passed, both ways.
    pub cookies: bool,
}

/// A platform's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Whether it is spoken to over TLS; always, but for one on this computer.
    pub is_tls: bool,
    /// Its host name.
    pub host: String,
    /// Its port, where it is not the usual one.
    pub port: Option<u16>,
    /// The path its API is under, with `/` at both ends.
    pub base: String,
}

impl Upstream {
    /// `https://host:port`, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.authority())
    }

    /// `host:port`, or the host alone with its usual port.
    #[must_use]
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// A regular expression for the beginning of a link to the platform, absolute or from its root.
    fn link_pattern(&self) -> String {
        let usual = if self.is_tls { "443" } else { "80" };
        let port = self.port.map_or_else(|| format!("(:{usual})?"), |it| format!(":{it}"));
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("^({scheme}://{}{port})?{}", escaped(&self.host), escaped(&self.base))
    }
}

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

/// Every file there is, one or two a server.
#[must_use]
pub fn all(deployment: &Deployment) -> Vec<Generated> {
    let file = |name, text| Generated { name, text };
    vec![
        file("nginx.conf", nginx::text(deployment)),
        file("Caddyfile", caddy::text(deployment)),
        file("apache.conf", apache::text(deployment)),
        file("web.config", iis::text(deployment)),
        file("_headers", pages::headers_file(&deployment.path, &deployment.site)),
        file("_redirects", pages::redirects_file(deployment)),
        file("_worker.js", pages::worker(deployment)),
        file("netlify-edge.js", pages::edge(deployment)),
        file("cloudfront-function.js", cloudfront::text(deployment)),
        file("ingress.yaml", kubernetes::text(deployment)),
    ]
}

/// The `_headers` file of Netlify and Cloudflare for a folder served at `path`.
#[must_use]
pub fn headers_file(path: &str, site: &Site) -> String {
    pages::headers_file(path, site)
}

/// The largest body of a call, in bytes: far more than a change of one key needs.
const LARGEST_BODY: u32 = 2 << 20;

/// How long a platform may take to answer, in seconds; the console itself gives up earlier.
const PATIENCE: u32 = 75;

/// The methods the platforms' APIs have.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// What a platform is not told: where the call comes from, what the browser keeps for this origin, and whom a sign-in in
/// front of the console knows.
const NOT_SENT: &[&str] = &[
    "Origin",
    "Referer",
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
    "X-Forwarded-Access-Token",
    "X-Auth-Request-User",
    "X-Auth-Request-Email",
    "X-Auth-Request-Access-Token",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Via",
];

/// What an answer of a platform must not say on the console's origin: its own rules for browsers, for it would set them
/// for the console; a challenge, which opens the browser's own sign-in; orders to a server in front of it, such as to send
/// a file in its place; and what runs there.
const NOT_PASSED: &[&str] = &[
    "Accept-CH",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Alt-Svc",
    "Clear-Site-Data",
    "Content-Security-Policy-Report-Only",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Opener-Policy",
    "Expires",
    "Link",
    "NEL",
    "Permissions-Policy",
    "Pragma",
    "Refresh",
    "Report-To",
    "Reporting-Endpoints",
    "Server",
    "Service-Worker-Allowed",
    "SourceMap",
    "WWW-Authenticate",
    "X-Accel-Buffering",
    "X-Accel-Charset",
    "X-Accel-Expires",
    "X-Accel-Limit-Rate",
    "X-Accel-Redirect",
    "X-Lighttpd-Send-File",
    "X-Powered-By",
    "X-Sendfile",
];

/// Orders of a platform that nginx would obey: to answer with another path of the site, credentials and all, or slowly, or
/// from what it keeps.
const NGINX_ORDERS: &str =
    "X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset";

/// Everything that is taken out of a platform's answer, what is set anew included.
fn removed(deployment: &Deployment, proxy: &Proxy) -> Vec<&'static str> {
    let mut res: Vec<&str> = headers(Part::Api, &deployment.site).iter().map(|it| it.name).collect();
    // Valid on the platform's own host, where it came from, and not on this one.
    if !deployment.site.hsts {
        res.push("Strict-Transport-Security");
    }
    if !proxy.cookies {
        res.push("Set-Cookie");
    }
    res.extend(NOT_PASSED);
    res.sort_unstable();
    res
}

/// Everything a platform is not told.
fn not_sent(proxy: &Proxy) -> Vec<&'static str> {
    let cookie = (!proxy.cookies).then_some("Cookie");
    NOT_SENT.iter().copied().chain(cookie).collect()
}

/// The headers that all files have, whichever part they belong to.
fn common(site: &Site) -> Vec<Header> {
    headers(Part::Page, site).into_iter().filter(|it| it.name != "Cache-Control").collect()
}

/// How long a part is kept.
fn caching(part: Part) -> String {
    let site = Site::default();
    let found = headers(part, &site).into_iter().find(|it| it.name == "Cache-Control");
    found.map(|it| it.value.into_owned()).unwrap_or_default()
}

/// Types by the end of a name, those that servers get wrong included.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("json", "application/json"),
    ("txt", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
];

/// What the functions of hosts tell files by: those with a hash, and those that are for no reader.
fn script_patterns() -> String {
    format!("const HASHED = /{HASHED}/;\nconst INTERNAL = /(\\/[._]|\\.(map|br|gz)$)/;\n")
}

/// An address as it is written before a port.
fn bracketed(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}

/// A text as a regular expression that matches nothing else.
fn escaped(text: &str) -> String {
    // Names and paths were checked: of the signs they may have, these two mean something in a pattern.
    text.replace('.', "\\.").replace('+', "\\+")
}

/// The first lines of every file, in the form of its comments.
fn notice(mark: &str) -> String {
    format!(
        "{mark} Written by `cargo xtask hosting` from hosting.json and config.json. Change those and write it again:\n\
         {mark} docs/hosting.md says what each line is for.\n"
    )
}

#[cfg(test)]
mod tests;
