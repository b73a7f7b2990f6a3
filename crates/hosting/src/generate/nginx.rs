//! nginx 1.18 and later, built with OpenSSL: a file for `/etc/nginx/conf.d/`.

use super::{
    Deployment, LARGEST_BODY, METHODS, NGINX_ORDERS, PATIENCE, Proxy, TYPES, Tls, bracketed, caching, common,
    escaped, not_sent, notice, removed,
};
use crate::{HASHED, Part, Server, headers, line};

pub(super) fn text(deployment: &Deployment) -> String {
    let Deployment { host, path, folder, site, .. } = deployment;
    let mut res = notice("#");
    res.push_str(
        "# For the http block, as in /etc/nginx/conf.d/latchkey.conf. Needs the modules for TLS and gzip_static, which every\n\
         # distribution builds in.\n\n",
    );
    res.push_str(&maps(deployment));
    res.push_str("server {\n");
    res.push_str(&listen(deployment));
    res.push_str(&format!("    server_name {host};\n    server_tokens off;\n    absolute_redirect off;\n\n"));
    let log = deployment.log.as_deref().unwrap_or("/var/log/nginx/latchkey.log");
    res.push_str(&format!("    access_log {log} latchkey;\n"));
    res.push_str(
        "    # Most lines of `error` and of what is less would quote the whole request, with its query. That a platform cannot be\n\
         \x20   # reached, or its certificate does not hold, is such a line: write `error` here for as long as you look for it.\n",
    );
    res.push_str("    error_log stderr crit;\n\n");

    res.push_str("    # Here alone: a location with an add_header of its own would inherit none of these.\n");
    for header in common(site) {
        res.push_str(&format!("    {}\n", line(Server::Nginx, Part::Page, &header)));
    }
    res.push_str("    add_header Cache-Control $latchkey_caching always;\n\n");
    res.push_str(
        "    # Files are packed once, at build time. The length of a packed answer of a platform would tell of the keys in it.\n\
         \x20   gzip off;\n\n",
    );
    res.push_str("    types {\n");
    for (extension, kind) in TYPES {
        res.push_str(&format!("        \"{kind}\" {extension};\n"));
    }
    res.push_str("    }\n    default_type application/octet-stream;\n\n");

    if let Some(bare) = path.strip_suffix('/').filter(|it| !it.is_empty()) {
        res.push_str("    location / {\n        return 404;\n    }\n\n");
        res.push_str(&format!(
            "    location = {bare} {{\n        return 301 {path}$is_args$args;\n    }}\n\n"
        ));
    }
    let brotli = match deployment.nginx_brotli {
        true => "brotli_static on;",
        false => {
            "# With the module for it (Debian: libnginx-mod-http-brotli-static) set `nginx_brotli` in hosting.json."
        }
    };
    res.push_str(&format!(
        "    location {path} {{\n\
         \x20       alias {folder}/;\n\
         \x20       index index.html;\n\
         \x20       # The packed neighbour of a file, if the browser takes it.\n\
         \x20       gzip_static on;\n\
         \x20       {brotli}\n\n\
         \x20       # Hidden and internal files, maps, and the packed forms under their own names.\n\
         \x20       location ~ \"(/[._]|\\.(map|br|gz)$)\" {{\n\
         \x20           return 404;\n\
         \x20       }}\n\
         \x20   }}\n",
    ));
    for proxy in &deployment.proxies {
        res.push('\n');
        res.push_str(&proxied(deployment, proxy));
    }
    res.push_str("}\n");
    if matches!(deployment.tls, Tls::Here { .. }) {
        res.push('\n');
        res.push_str(&to_https(deployment));
    }
    res
}

/// What the server block looks up: how long an answer is kept, and where a platform's redirection leads.
fn maps(deployment: &Deployment) -> String {
    let mut res = format!(
        "log_format latchkey '$remote_addr [$time_iso8601] \"$request_method $uri $server_protocol\" $status $body_bytes_sent';\n\n\
         map $uri $latchkey_part {{\n    \"~{HASHED}\" asset;\n    default page;\n}}\n\n\
         map \"$status $latchkey_part\" $latchkey_caching {{\n\
         \x20   \"~^(200|206|304) asset\" \"{asset}\";\n\
         \x20   \"~^(200|206|304) \" \"{page}\";\n\
         \x20   default \"{notice}\";\n}}\n\n",
        asset = caching(Part::Asset),
        page = caching(Part::Page),
        notice = caching(Part::Notice),
    );
    for proxy in &deployment.proxies {
        res.push_str(&format!(
            "# A redirection of the platform leads back below the proxy's path, or nowhere.\n\
             map $upstream_http_location ${variable} {{\n\
             \x20   \"~{pattern}(?<{rest}>.*)$\" {path}${rest};\n\
             \x20   default \"\";\n}}\n\n",
            variable = variable("latchkey_location", proxy),
            rest = variable("latchkey_rest", proxy),
            pattern = proxy.upstream.link_pattern(),
            path = proxy.path,
        ));
    }
    res
}

fn variable(name: &str, proxy: &Proxy) -> String {
    format!("{name}_{}", proxy.id.replace('-', "_"))
}

/// The lines for a port, with what else is said of it: without an address, nginx listens on those of one kind alone.
fn listening(deployment: &Deployment, port: u16, more: &str) -> String {
    match &deployment.address {
        Some(address) => format!("    listen {}:{port}{more};\n", bracketed(address)),
        None => format!("    listen {port}{more};\n    listen [::]:{port}{more};\n"),
    }
}

fn listen(deployment: &Deployment) -> String {
    match &deployment.tls {
        Tls::Before => listening(deployment, deployment.http_port, ""),
        Tls::Here { certificate, key } => format!(
            "    # From nginx 1.25.1 on `http2 on;` in a line of its own is the newer spelling.\n\
             {}\
             \x20   ssl_certificate {certificate};\n\
             \x20   ssl_certificate_key {key};\n\
             \x20   ssl_protocols TLSv1.2 TLSv1.3;\n\
             \x20   ssl_session_cache shared:latchkey:5m;\n\
             \x20   ssl_session_tickets off;\n",
            listening(deployment, deployment.https_port, " ssl http2")
        ),
    }
}

fn to_https(deployment: &Deployment) -> String {
    format!(
        "server {{\n\
         {}\
         \x20   server_name {host};\n\
         \x20   server_tokens off;\n\
         \x20   access_log off;\n\
         \x20   return 301 {origin}$request_uri;\n\
         }}\n",
        listening(deployment, deployment.http_port, ""),
        host = deployment.host,
        origin = deployment.origin(),
    )
}

fn proxied(deployment: &Deployment, proxy: &Proxy) -> String {
    let Proxy { path, upstream, ca, .. } = proxy;
    let mut res = format!(
        "    location {path} {{\n\
         \x20       if ($request_method !~ \"^({methods})$\") {{\n\
         \x20           return 405;\n\
         \x20       }}\n\
         \x20       # Bodies and answers hold keys: they are kept in memory, never in a file.\n\
         \x20       client_max_body_size {LARGEST_BODY};\n\
         \x20       client_body_buffer_size {LARGEST_BODY};\n\
         \x20       proxy_max_temp_file_size 0;\n\n",
        methods = METHODS.join("|"),
    );
    for header in headers(Part::Api, &deployment.site) {
        res.push_str(&format!("        {}\n", line(Server::Nginx, Part::Api, &header)));
    }
    res.push_str(&format!(
        "        add_header Location ${} always;\n\n",
        variable("latchkey_location", proxy)
    ));

    res.push_str(&target(deployment, proxy));
    res.push_str(&format!(
        "        proxy_http_version 1.1;\n\
         \x20       proxy_redirect off;\n\
         \x20       # A platform does not say which other path of this site is answered.\n\
         \x20       proxy_ignore_headers {NGINX_ORDERS};\n\
         \x20       # A call is passed on once, also when the platform has several addresses: a write must not be repeated.\n\
         \x20       proxy_next_upstream off;\n\
         \x20       proxy_connect_timeout 10s;\n\
         \x20       proxy_send_timeout {PATIENCE}s;\n\
         \x20       proxy_read_timeout {PATIENCE}s;\n\n\
         \x20       proxy_set_header Host {};\n\
         \x20       proxy_set_header Connection \"\";\n",
        upstream.authority(),
    ));
    for name in not_sent(proxy) {
        res.push_str(&format!("        proxy_set_header {name} \"\";\n"));
    }
    res.push('\n');
    for name in removed(deployment, proxy).into_iter().chain(["Location"]) {
        res.push_str(&format!("        proxy_hide_header {name};\n"));
    }
    if upstream.is_tls {
        res.push_str(&format!(
            "\n        proxy_ssl_server_name on;\n\
             \x20       proxy_ssl_name {};\n\
             \x20       proxy_ssl_verify on;\n\
             \x20       proxy_ssl_verify_depth 4;\n\
             \x20       proxy_ssl_trusted_certificate {ca};\n\
             \x20       proxy_ssl_protocols TLSv1.2 TLSv1.3;\n",
            upstream.host,
        ));
    }
    res.push_str("    }\n");
    res
}

/// Where a call goes. A name in a variable is looked up again and again, one in the line itself at the start alone.
fn target(deployment: &Deployment, proxy: &Proxy) -> String {
    let Proxy { path, upstream, .. } = proxy;
    if deployment.resolvers.is_empty() {
        return format!(
            "        # The name is looked up when nginx starts; with `resolvers` in hosting.json it is looked up anew.\n\
             \x20       proxy_pass {}{};\n",
            upstream.origin(),
            upstream.base
        );
    }
    let variable = variable("latchkey_upstream", proxy);
    format!(
        "        resolver {} valid=30s;\n\
         \x20       set ${variable} {};\n\
         \x20       rewrite \"^{}(.*)$\" {}$1 break;\n\
         \x20       proxy_pass {}://${variable};\n",
        deployment.resolvers.iter().map(|it| bracketed(it)).collect::<Vec<_>>().join(" "),
        upstream.authority(),
        escaped(path),
        upstream.base,
        if upstream.is_tls { "https" } else { "http" },
    )
}
