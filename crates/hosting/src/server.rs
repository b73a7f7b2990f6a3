//! The servers a console is known to be hosted by, and how each is told a header.

use crate::files::Part;
use crate::headers::Header;

/// A server, or a service that hosts files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// nginx.
    Nginx,
    /// Caddy 2.
    Caddy,
    /// Apache httpd 2.4.
    Apache,
    /// Microsoft IIS 10.
    Iis,
    /// Netlify.
    Netlify,
    /// Cloudflare Pages or Workers with files.
    Cloudflare,
    /// Amazon CloudFront before a bucket.
    CloudFront,
    /// A Kubernetes cluster with the ingress controller of nginx.
    Kubernetes,
}

impl Server {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Nginx,
        Self::Caddy,
        Self::Apache,
        Self::Iis,
        Self::Netlify,
        Self::Cloudflare,
        Self::CloudFront,
        Self::Kubernetes,
    ];

    /// Its own name, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::Apache => "Apache httpd",
            Self::Iis => "Microsoft IIS",
            Self::Netlify => "Netlify",
            Self::Cloudflare => "Cloudflare Pages",
            Self::CloudFront => "Amazon CloudFront",
            Self::Kubernetes => "Kubernetes (ingress-nginx)",
        }
    }

    /// The file that `cargo xtask hosting` writes for it, and that its lines go into.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Nginx => "nginx.conf",
            Self::Caddy => "Caddyfile",
            Self::Apache => "apache.conf",
            Self::Iis => "web.config",
            Self::Netlify | Self::Cloudflare => "_headers",
            Self::CloudFront => "cloudfront-function.js",
            Self::Kubernetes => "ingress.yaml",
        }
    }
}

/// Which server an answer came from, by its `Server` header. The ingress of Kubernetes calls itself nginx or says nothing.
#[must_use]
pub fn from_server_header(value: &str) -> Option<Server> {
    const KNOWN: &[(&str, Server)] = &[
        ("nginx", Server::Nginx),
        ("openresty", Server::Nginx),
        ("caddy", Server::Caddy),
        ("apache", Server::Apache),
        ("microsoft-iis", Server::Iis),
        ("netlify", Server::Netlify),
        ("cloudflare", Server::Cloudflare),
        ("cloudfront", Server::CloudFront),
        ("amazons3", Server::CloudFront),
    ];
    let value = value.trim().to_ascii_lowercase();
    KNOWN.iter().find(|(name, _)| value.starts_with(name)).map(|(_, server)| *server)
}

/// The line that makes a server send a header with the answers of a part, as it stands in the generated file (see
/// [`Server::file`]) in the place of that part.
#[must_use]
pub fn line(server: Server, part: Part, header: &Header) -> String {
    let (name, value) = (header.name, header.value.as_ref());
    match server {
        Server::Nginx => ["add_header ", name, " \"", value, "\" always;"].concat(),
        Server::Caddy => ["header ", caddy_matcher(part, name), name, " \"", value, "\""].concat(),
        Server::Apache => ["Header always set ", name, " \"", value, "\""].concat(),
        Server::Iis => ["<add name=\"", name, "\" value=\"", value, "\" />"].concat(),
        Server::Netlify | Server::Cloudflare => ["  ", name, ": ", value].concat(),
        // A function gets and sets names in lower case.
        Server::CloudFront => {
            ["headers[\"", &name.to_ascii_lowercase(), "\"] = { value: \"", value, "\" };"].concat()
        }
        Server::Kubernetes => ["more_set_headers \"", name, ": ", value, "\";"].concat(),
    }
}

/// Which files a line of Caddy is for, with a blank behind it: how long a file is kept is all that differs.
fn caddy_matcher(part: Part, name: &str) -> &'static str {
    match part {
        Part::Asset if name == "Cache-Control" => "@hashed ",
        Part::Page | Part::Config if name == "Cache-Control" => "@other ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn a_server_is_known_by_what_it_calls_itself() {
        let check =
            |value: &str, want: Option<Server>| assert_eq!(from_server_header(value), want, "{value}");
        check("nginx/1.26.3", Some(Server::Nginx));
        check("Caddy", Some(Server::Caddy));
        check("Apache/2.4.65 (Debian)", Some(Server::Apache));
        check("Microsoft-IIS/10.0", Some(Server::Iis));
        check("Netlify", Some(Server::Netlify));
        check("cloudflare", Some(Server::Cloudflare));
        check("AmazonS3", Some(Server::CloudFront));
        check("CloudFront", Some(Server::CloudFront));
        check("", None);
        check("gws", None);
    }

    #[test]
    fn every_server_has_a_line_with_name_and_value() {
        let header = Header { name: "X-Content-Type-Options", value: Cow::Borrowed("nosniff") };
        for server in Server::ALL {
            let line = line(server, Part::Page, &header);
            assert!(line.to_ascii_lowercase().contains("x-content-type-options"), "{line}");
            assert!(line.contains("nosniff") && !line.contains('\n'), "{line}");
        }
    }
}
