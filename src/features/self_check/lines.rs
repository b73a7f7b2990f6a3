//! What a server is told to mend something that is no header. Headers come from `hosting::line`.

use hosting::{HASHED, Server, content_type, line};

use super::finding::{Fault, Fix};

/// Stands for the address of a platform, which only the one who hosts the console knows.
const PLATFORM: &str = "https://platform.example";

/// Its host alone.
const PLATFORM_HOST: &str = "platform.example";

/// Where Debian has the certificates of the authorities that it believes.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The lines for a server; `None` where it has no line for that, or does it by itself.
#[must_use]
pub(super) fn lines(server: Server, fault: &Fault) -> Option<String> {
    match &fault.fix {
        Fix::Header(header) => Some(line(server, fault.part, header)),
        Fix::Type(name) => type_line(server, name),
        Fix::Packed => packed_line(server).map(str::to_owned),
        Fix::Marks => mark_line(server).map(str::to_owned),
        Fix::Missing => missing_line(server),
        Fix::Proxy(folder) => proxy_line(server, folder),
        Fix::None => None,
    }
}

fn type_line(server: Server, name: &str) -> Option<String> {
    let extension = name.rsplit_once('.')?.1;
    let kind = content_type(name).split(';').next()?;
    let res = match server {
        // A table in a block takes the place of the one outside: it needs all that was there.
        Server::Nginx | Server::Kubernetes => {
            ["include mime.types;\ntypes {\n    ", kind, " ", extension, ";\n}"].concat()
        }
        // A pattern without a slash in front would be the name of a header.
        Server::Caddy => {
            ["@", extension, " path *.", extension, "\nheader @", extension, " Content-Type \"", kind, "\""]
                .concat()
        }
        Server::Apache => ["AddType ", kind, " .", extension].concat(),
        Server::Iis => ["<mimeMap fileExtension=\".", extension, "\" mimeType=\"", kind, "\" />"].concat(),
        Server::Netlify | Server::Cloudflare => ["/*.", extension, "\n  Content-Type: ", kind].concat(),
        Server::CloudFront => {
            ["aws s3 cp --recursive --exclude \"*\" --include \"*.", extension, "\" --content-type ", kind]
                .concat()
        }
    };
    Some(res)
}

fn packed_line(server: Server) -> Option<&'static str> {
    match server {
        // Brotli takes a module that not every nginx has; an unknown word keeps it from starting.
        Server::Nginx => Some("gzip_static on;"),
        Server::Caddy => Some("file_server {\n    precompressed br gzip\n}"),
        // On the way out, which needs no rules of rewriting; a generated configuration sends what lies packed already.
        Server::Apache => Some(
            "AddOutputFilterByType DEFLATE text/css text/javascript application/javascript application/wasm",
        ),
        Server::Iis => Some("<urlCompression doStaticCompression=\"true\" />"),
        Server::CloudFront => Some("Compress: true"),
        Server::Kubernetes => Some("use-gzip: \"true\""),
        Server::Netlify | Server::Cloudflare => None,
    }
}

fn mark_line(server: Server) -> Option<&'static str> {
    match server {
        Server::Nginx => Some("etag on;"),
        // What is packed on the way out has a mark of its own otherwise, which no request ever meets again.
        Server::Apache => Some(
            "FileETag MTime Size\n<IfModule deflate_module>\n    DeflateAlterETag NoChange\n</IfModule>\n\
             <IfModule brotli_module>\n    BrotliAlterETag NoChange\n</IfModule>",
        ),
        _ => None,
    }
}

fn missing_line(server: Server) -> Option<String> {
    match server {
        // In the block that serves the console: its `try_files` does not hold in a block inside it.
        Server::Nginx => Some(["location ~ \"", HASHED, "\" {\n}"].concat()),
        // `try_files` knows no exceptions. This is what it is short for, with one.
        Server::Caddy => Some(
            [
                "# in the place of try_files\n@known {\n    not path_regexp \"",
                HASHED,
                "\"\n    file {path} /index.html\n}\nrewrite @known {file_match.relative}",
            ]
            .concat(),
        ),
        Server::Apache => {
            Some(["<FilesMatch \"", HASHED, "\">\n    FallbackResource disabled\n</FilesMatch>"].concat())
        }
        Server::Iis => {
            Some(["<add input=\"{REQUEST_URI}\" pattern=\"", HASHED, "\" negate=\"true\" />"].concat())
        }
        _ => None,
    }
}

fn proxy_line(server: Server, folder: &str) -> Option<String> {
    let name = folder.trim_matches('/');
    let res = match server {
        Server::Nginx => [
            "location ",
            folder,
            " {\n    proxy_pass ",
            PLATFORM,
            "/;\n    proxy_set_header Host ",
            PLATFORM_HOST,
            ";\n    proxy_set_header Cookie \"\";\n    proxy_ssl_server_name on;\n    proxy_ssl_name ",
            PLATFORM_HOST,
            ";\n    proxy_ssl_verify on;\n    proxy_ssl_trusted_certificate ",
            AUTHORITIES,
            ";\n}",
        ]
        .concat(),
        Server::Caddy => [
            "handle_path ",
            folder,
            "* {\n    reverse_proxy ",
            PLATFORM,
            " {\n        header_up Host ",
            PLATFORM_HOST,
            "\n        header_up -Cookie\n    }\n}",
        ]
        .concat(),
        // By itself it believes any certificate.
        Server::Apache => [
            "SSLProxyEngine On\nSSLProxyVerify require\nSSLProxyCheckPeerName On\nSSLProxyCACertificateFile ",
            AUTHORITIES,
            "\n<Location \"",
            folder,
            "\">\n    ProxyPass \"",
            PLATFORM,
            "/\"\n    RequestHeader unset Cookie\n</Location>",
        ]
        .concat(),
        Server::Iis => {
            ["<match url=\"^", name, "/(.*)\" />\n<action type=\"Rewrite\" url=\"", PLATFORM, "/{R:1}\" />"]
                .concat()
        }
        Server::CloudFront => ["PathPattern: ", folder, "*"].concat(),
        Server::Kubernetes => ["- path: ", folder, "\n  pathType: Prefix"].concat(),
        // Their own rules of redirection pass on what a platform must not be told.
        Server::Netlify | Server::Cloudflare => return None,
    };
    Some(res)
}

#[cfg(test)]
mod tests {
    use hosting::Part;

    use super::*;

    fn of(server: Server, fix: Fix) -> Option<String> {
        lines(server, &Fault { part: Part::Page, paths: Vec::new(), got: String::new(), fix })
    }

    #[test]
    fn a_line_names_what_it_mends() {
        for server in Server::ALL {
            let kind = of(server, Fix::Type("a-0123456789abcdef_bg.wasm".to_owned())).unwrap_or_default();
            assert!(kind.contains("application/wasm") && kind.contains("wasm"), "{server:?}: {kind}");
            let proxy = of(server, Fix::Proxy("/qualys/eu1/".to_owned()));
            assert_eq!(proxy.is_none(), matches!(server, Server::Netlify | Server::Cloudflare));
            assert!(proxy.is_none_or(|it| it.contains("qualys/eu1")), "{server:?}");
            assert_eq!(of(server, Fix::None), None);
        }
    }

    #[test]
    fn what_a_host_does_by_itself_needs_no_line() {
        let none = |fix: fn() -> Fix| -> Vec<Server> {
            Server::ALL.into_iter().filter(|it| of(*it, fix()).is_none()).collect()
        };
        assert_eq!(none(|| Fix::Packed), [Server::Netlify, Server::Cloudflare]);
        assert_eq!(none(|| Fix::Missing).len(), 4);
        assert_eq!(none(|| Fix::Marks).len(), 6);
    }
}
