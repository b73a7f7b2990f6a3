//! Apache httpd 2.4.41 and later: a file for `sites-available`.

use super::{
    Deployment, LARGEST_BODY, METHODS, PATIENCE, Proxy, TYPES, Tls, bracketed, caching, common, escaped,
    not_sent, notice, removed,
};
use crate::{HASHED, Part, Server, headers, line};

/// What must be loaded: the module's name and what enables it on Debian.
const MODULES: &[(&str, &str)] = &[
    ("headers_module", "headers"),
    ("rewrite_module", "rewrite"),
    ("alias_module", "alias"),
    ("mime_module", "mime"),
    ("env_module", "env"),
];

/// What must be loaded for platforms, too.
const PROXY_MODULES: &[(&str, &str)] =
    &[("proxy_module", "proxy"), ("proxy_http_module", "proxy_http"), ("ssl_module", "ssl")];

pub(super) fn text(deployment: &Deployment) -> String {
    let Deployment { path, folder, site, host, .. } = deployment;
    let mut res = notice("#");
    res.push_str(
        "# As /etc/apache2/sites-available/latchkey.conf. The server has a `Listen` for the port (Debian: ports.conf).\n\
\n",
    );
    for (module, name) in modules(deployment) {
        res.push_str(&format!("<IfModule !{module}>\n    Error \"latchkey: a2enmod {name}\"\n</IfModule>\n"));
    }

    res.push_str(&format!(
        "\nServerTokens Prod\nLogFormat \"%h %{{%Y-%m-%dT%H:%M:%S%z}}t \\\"%m %U %H\\\" %>s %B\" latchkey\n\n\
         <VirtualHost {}>\n\
         \x20   ServerName {host}\n\
         \x20   ServerSignature Off\n\
         \x20   UseCanonicalName Off\n\
         \x20   TraceEnable Off\n\
         \x20   CustomLog \"{}\" latchkey\n",
        endpoint(deployment, if is_tls(deployment) { deployment.https_port } else { deployment.http_port }),
        deployment.log.as_deref().unwrap_or("${APACHE_LOG_DIR}/latchkey.log"),
    ));
    if let Tls::Here { certificate, key } = &deployment.tls {
        res.push_str(&format!(
            "    SSLEngine On\n\
             \x20   SSLCertificateFile \"{certificate}\"\n\
             \x20   SSLCertificateKeyFile \"{key}\"\n\
             \x20   SSLProtocol -all +TLSv1.2 +TLSv1.3\n\
             \x20   <IfModule http2_module>\n\
             \x20       Protocols h2 http/1.1\n\
             \x20       # It offers on other connections what only a handshake can agree to.\n\
             \x20       Header unset Upgrade\n\
             \x20   </IfModule>\n"
        ));
    }

    res.push_str("\n    # `always`: with errors too. What was said before is taken out, so that nothing is said twice.\n");
    for header in common(site) {
        res.push_str(&format!("    Header unset {}\n", header.name));
        res.push_str(&format!("    {}\n", line(Server::Apache, Part::Page, &header)));
    }
    res.push_str(&format!(
        "    Header unset Cache-Control\n\
         \x20   Header always set Cache-Control \"{notice}\"\n\
         \x20   Header always set Cache-Control \"{page}\" \"expr=%{{REQUEST_STATUS}} in {{'200','206','304'}}\"\n\
         \x20   Header always set Cache-Control \"{asset}\" \"expr=%{{REQUEST_STATUS}} in {{'200','206','304'}} && %{{THE_REQUEST}} =~ m#^[A-Z]+ [^? ]*{hashed}([? ])#\"\n\n",
        notice = caching(Part::Notice),
        page = caching(Part::Page),
        asset = caching(Part::Asset),
        hashed = HASHED.trim_end_matches('$'),
    ));

    res.push_str(&rewriting(deployment));

    res.push_str(&format!(
        "\n    Alias \"{path}\" \"{folder}/\"\n\
         \x20   <Directory \"{folder}\">\n\
         \x20       Require all granted\n\
         \x20       Options None\n\
         \x20       AllowOverride None\n\
         \x20       DirectoryIndex disabled\n\
         \x20       DirectorySlash Off\n\
         \x20       FileETag MTime Size\n\
         \x20       # Packed once, at build time; nothing is packed for each answer.\n\
         \x20       SetEnv no-gzip 1\n\
         \x20       SetEnv no-brotli 1\n\
         \x20       RemoveType .br .gz\n\
         \x20       AddEncoding br .br\n\
         \x20       AddEncoding gzip .gz\n\
         \x20       AddDefaultCharset Off\n"
    ));
    for (extension, kind) in TYPES {
        res.push_str(&format!("        AddType \"{kind}\" .{extension}\n"));
    }
    res.push_str(
        "        <FilesMatch \"^[^.]+$\">\n            ForceType application/octet-stream\n        </FilesMatch>\n\
         \x20   </Directory>\n",
    );
    if !deployment.proxies.is_empty() {
        // A write must not be repeated: see the comment that is written here.
        res.push_str(
            "\n    # When a call to a platform breaks on a connection that served a request before, mod_proxy ends it without an\n\
             \x20   # answer, and a browser then repeats the call. HTTP/2 keeps its connections all the same.\n\
             \x20   KeepAlive Off\n",
        );
        res.push_str("\n    ProxyRequests Off\n    ProxyPreserveHost Off\n    ProxyAddHeaders Off\n");
        if deployment.proxies.iter().any(|it| it.upstream.is_tls) {
            res.push_str("    SSLProxyEngine On\n");
        }
    }
    for proxy in &deployment.proxies {
        res.push('\n');
        res.push_str(&proxied(deployment, proxy));
    }
    res.push_str("</VirtualHost>\n");
    if is_tls(deployment) {
        res.push_str(&to_https(deployment));
    }
    res
}

fn is_tls(deployment: &Deployment) -> bool {
    matches!(deployment.tls, Tls::Here { .. })
}

fn modules(deployment: &Deployment) -> Vec<(&'static str, &'static str)> {
    let mut res = MODULES.to_vec();
    if deployment.proxies.is_empty() {
        res.extend(PROXY_MODULES.iter().filter(|(_, name)| *name == "ssl" && is_tls(deployment)));
    } else {
        res.extend(PROXY_MODULES);
    }
    res
}

fn endpoint(deployment: &Deployment, port: u16) -> String {
    format!("{}:{port}", deployment.address.as_deref().map_or("*".to_owned(), bracketed))
}

fn to_https(deployment: &Deployment) -> String {
    format!(
        "\n<VirtualHost {}>\n\
         \x20   ServerName {}\n\
         \x20   TraceEnable Off\n\
         \x20   CustomLog /dev/null latchkey\n\
         \x20   RewriteEngine On\n\
         \x20   RewriteRule \"^\" \"{}%{{REQUEST_URI}}\" [R=301,L]\n\
         </VirtualHost>\n",
        endpoint(deployment, deployment.http_port),
        deployment.host,
        deployment.origin(),
    )
}

/// What each address means, from the special to the general.
fn rewriting(deployment: &Deployment) -> String {
    let Deployment { path, folder, .. } = deployment;
    let pattern = escaped(path);
    let mut res = String::from("    RewriteEngine On\n");
    for proxy in &deployment.proxies {
        let proxied = escaped(&proxy.path);
        res.push_str(&format!(
            "    RewriteCond \"%{{REQUEST_METHOD}}\" \"!^({})$\"\n\
             \x20   RewriteRule \"^{proxied}\" \"-\" [R=405,L]\n\
             \x20   RewriteCond \"%{{HTTP:Content-Length}}\" \"-gt{LARGEST_BODY}\"\n\
             \x20   RewriteRule \"^{proxied}\" \"-\" [R=413,L]\n\
             \x20   RewriteRule \"^{proxied}\" \"-\" [L]\n",
            METHODS.join("|"),
        ));
    }
    if let Some(bare) = pattern.strip_suffix('/').filter(|it| !it.is_empty()) {
        // A path alone would lead to what this server itself speaks, which may be plain HTTP.
        res.push_str(&format!("    RewriteRule \"^{bare}$\" \"{}{path}\" [R=301,L]\n", deployment.origin()));
        res.push_str(&format!("    RewriteRule \"!^{pattern}\" \"-\" [R=404,L]\n"));
    }
    res.push_str(&format!(
        "    RewriteCond \"%{{REQUEST_METHOD}}\" \"!^(GET|HEAD)$\"\n\
         \x20   RewriteRule \"^\" \"-\" [R=405,L]\n\
         \x20   # Hidden and internal files, maps, and the packed forms under their own names.\n\
         \x20   RewriteRule \"(/[._]|\\.(map|br|gz)$)\" \"-\" [R=404,L]\n\
         \x20   RewriteRule \"^{pattern}$\" \"{path}index.html\"\n\
         \x20   RewriteRule \"/$\" \"-\" [R=404,L]\n\
         \x20   # The packed neighbour of a file, if the browser takes it.\n"
    ));
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        res.push_str(&format!(
            "    RewriteCond \"%{{HTTP:Accept-Encoding}}\" \"(^|[, ]){encoding} *(;(?! *q=0(\\.0*)?([, ]|$))|,|$)\"\n\
             \x20   RewriteCond \"{folder}/$1.{extension}\" -s\n\
             \x20   RewriteRule \"^{pattern}(.+)$\" \"{path}$1.{extension}\" [PT,L]\n"
        ));
    }
    res.push_str(&format!("    RewriteRule \"^{pattern}\" \"-\" [PT,L]\n"));
    res
}

fn proxied(deployment: &Deployment, proxy: &Proxy) -> String {
    let Proxy { path, upstream, ca, .. } = proxy;
    let (origin, base) = (upstream.origin(), &upstream.base);
    let mut res = String::new();
    if upstream.is_tls {
        res.push_str(&format!(
            "    <Proxy \"{origin}{base}\">\n\
             \x20       SSLProxyVerify require\n\
             \x20       SSLProxyVerifyDepth 4\n\
             \x20       SSLProxyCheckPeerName On\n\
             \x20       SSLProxyCheckPeerExpire On\n\
             \x20       SSLProxyProtocol -all +TLSv1.2 +TLSv1.3\n\
             \x20       SSLProxyCACertificateFile \"{ca}\"\n\
             \x20   </Proxy>\n"
        ));
    }
    res.push_str(&format!(
        "    <Location \"{path}\">\n\
         \x20       ProxyPass \"{origin}{base}\" connectiontimeout=10 timeout={PATIENCE} retry=0 disablereuse=On\n\
         \x20       LimitRequestBody {LARGEST_BODY}\n\
         \x20       # The length of a packed answer tells of the keys in it.\n\
         \x20       SetEnv no-gzip 1\n\
         \x20       SetEnv no-brotli 1\n"
    ));
    for name in not_sent(proxy) {
        res.push_str(&format!("        RequestHeader unset {name}\n"));
    }
    let wanted = headers(Part::Api, &deployment.site);
    for header in
        common(&deployment.site).iter().filter(|it| wanted.iter().all(|other| other.name != it.name))
    {
        res.push_str(&format!("        Header always unset {}\n", header.name));
    }
    for name in removed(deployment, proxy) {
        res.push_str(&format!("        Header unset {name}\n"));
    }
    for header in wanted {
        res.push_str(&format!("        {}\n", line(Server::Apache, Part::Api, &header)));
    }
    res.push_str(&format!(
        "        # A redirection of the platform leads back below this path, or nowhere.\n\
         \x20       Header edit Location \"{}\" \"{path}\"\n\
         \x20       Header unset Location \"expr=!(resp('Location') =~ m#^{}#)\"\n\
         \x20   </Location>\n",
        upstream.link_pattern(),
        escaped(path),
    ));
    res
}
