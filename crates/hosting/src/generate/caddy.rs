//! Caddy 2.6 and later.

use super::{
    Deployment, LARGEST_BODY, METHODS, PATIENCE, Proxy, TYPES, Tls, caching, common, not_sent, notice,
    removed,
};
use crate::{HASHED, Part, Server, headers, line};

pub(super) fn text(deployment: &Deployment) -> String {
    let Deployment { path, site, .. } = deployment;
    let mut res = notice("#");
    res.push_str(&global(deployment));

    res.push_str("\n(latchkey_headers) {\n");
    for header in common(site) {
        // Caddy itself adds `Vary` to a packed file, and says it twice where it was said before.
        let line = line(Server::Caddy, Part::Page, &header);
        let line = if header.name == "Vary" { line.replacen("header ", "header ?", 1) } else { line };
        res.push_str(&format!("\t{line}\n"));
    }
    res.push_str("}\n\n");

    res.push_str(&format!("{} {{\n", address(deployment)));
    if let Some(listen) = &deployment.address {
        res.push_str(&format!("\tbind {listen}\n"));
    }
    if let Tls::Here { certificate, key } = &deployment.tls {
        res.push_str(&format!("\ttls {certificate} {key}\n"));
    }
    res.push_str(&log(deployment));
    for proxy in &deployment.proxies {
        res.push_str(&proxied(deployment, proxy));
    }
    if let Some(bare) = path.strip_suffix('/').filter(|it| !it.is_empty()) {
        res.push_str(&format!(
            "\n\thandle {bare} {{\n\
             \t\timport latchkey_headers\n\
             \t\theader Cache-Control \"{no_store}\"\n\
             \t\t@plain vars {{query}} \"\"\n\
             \t\tredir @plain {path} 301\n\
             \t\tredir * {path}?{{query}} 301\n\
             \t}}\n",
            no_store = caching(Part::Notice),
        ));
    }
    res.push_str(&files(deployment));
    if path != "/" {
        res.push_str("\n\thandle {\n\t\timport latchkey_headers\n\t\terror 404\n\t}\n");
    }
    res.push_str(&errors(deployment));
    if matches!(deployment.tls, Tls::Here { .. }) {
        res.push_str(&to_https(deployment));
    }
    res
}

/// Ports, and no query in what is said about an error.
fn global(deployment: &Deployment) -> String {
    format!(
        "{{\n\
         \thttp_port {}\n\
         \thttps_port {}\n\
         \tauto_https disable_redirects\n\
         \t# The third version would be told of in a header of every answer, and needs a port of its own to be open.\n\
         \tservers {{\n\t\tprotocols h1 h2\n\t}}\n\
         \tlog default {{\n{}\t}}\n\
         }}\n",
        deployment.http_port,
        deployment.https_port,
        filter("\t\t"),
    )
}

/// Calls are logged without queries, headers and names of readers.
fn filter(indent: &str) -> String {
    [
        "format filter {",
        "\twrap json",
        "\tfields {",
        "\t\trequest>uri regexp \\?.* \"\"",
        "\t\trequest>headers delete",
        "\t\tresp_headers delete",
        "\t\tuser_id delete",
        "\t}",
        "}",
    ]
    .map(|it| format!("{indent}{it}\n"))
    .concat()
}

fn log(deployment: &Deployment) -> String {
    let output = deployment.log.as_ref().map(|it| format!("\t\toutput file {it}\n")).unwrap_or_default();
    format!("\tlog {{\n{output}{}\t}}\n", filter("\t\t"))
}

fn address(deployment: &Deployment) -> String {
    match deployment.tls {
        Tls::Here { .. } => format!("https://{}:{}", deployment.host, deployment.https_port),
        Tls::Before => format!("http://{}:{}", deployment.host, deployment.http_port),
    }
}

fn to_https(deployment: &Deployment) -> String {
    let bind = deployment.address.as_ref().map(|it| format!("\tbind {it}\n")).unwrap_or_default();
    format!(
        "\nhttp://{}:{} {{\n{bind}\tredir {}{{uri}} 301\n}}\n",
        deployment.host,
        deployment.http_port,
        deployment.origin(),
    )
}

/// The texts of errors. The headers of the place where one came up are there already; only a file has several forms.
fn errors(deployment: &Deployment) -> String {
    let paths: Vec<String> = deployment.proxies.iter().map(|it| format!("{}*", it.path)).collect();
    let varied = if paths.is_empty() {
        "\t\theader Vary \"Accept-Encoding\"\n".to_owned()
    } else {
        format!("\t\t@file not path {}\n\t\theader @file Vary \"Accept-Encoding\"\n", paths.join(" "))
    };
    format!(
        "\n\t# What is missing now may be there in a moment: kept nowhere.\n\
         \thandle_errors {{\n\
         \t\theader Cache-Control \"{}\"\n\
         {varied}\
         \t\theader Content-Type \"text/plain; charset=utf-8\"\n\
         \t\trespond \"{{err.status_code}} {{err.status_text}}\"\n\
         \t}}\n}}\n",
        caching(Part::Notice),
    )
}

fn files(deployment: &Deployment) -> String {
    let Deployment { path, folder, .. } = deployment;
    let mut res = format!(
        "\n\thandle_path {path}* {{\n\
         \t\timport latchkey_headers\n\
         \t\t@hashed path_regexp {HASHED}\n\
         \t\t@other not path_regexp {HASHED}\n\
         \t\theader @hashed Cache-Control \"{}\"\n\
         \t\theader @other Cache-Control \"{}\"\n",
        caching(Part::Asset),
        caching(Part::Page),
    );
    // Only what begins with `/` is a path here; `*.js` would be taken for the name of a header.
    for (extension, kind) in TYPES {
        res.push_str(&format!("\t\theader /*.{extension} Content-Type \"{kind}\"\n"));
    }
    res.push_str(&format!(
        "\t\theader ?Content-Type \"application/octet-stream\"\n\
         \t\theader / Content-Type \"text/html; charset=utf-8\"\n\n\
         \t\t@write not method GET HEAD\n\
         \t\terror @write 405\n\
         \t\t# Hidden and internal files, maps, and the packed forms under their own names.\n\
         \t\t@internal path_regexp (/[._]|\\x00|\\.(map|br|gz)$)\n\
         \t\terror @internal 404\n\n\
         \t\troot * {folder}\n\
         \t\tfile_server {{\n\
         \t\t\tprecompressed br gzip\n\
         \t\t\tdisable_canonical_uris\n\
         \t\t}}\n\
         \t}}\n"
    ));
    res
}

fn proxied(deployment: &Deployment, proxy: &Proxy) -> String {
    let Proxy { path, upstream, ca, .. } = proxy;
    let mut res = format!("\n\thandle_path {path}* {{\n");
    for header in headers(Part::Api, &deployment.site) {
        res.push_str(&format!("\t\t{}\n", line(Server::Caddy, Part::Api, &header)));
    }
    res.push_str(&format!(
        "\t\t@method not method {}\n\
         \t\terror @method 405\n\
         \t\trequest_body {{\n\t\t\tmax_size {LARGEST_BODY}\n\t\t}}\n",
        METHODS.join(" "),
    ));
    if let Some(base) = upstream.base.strip_suffix('/').filter(|it| !it.is_empty()) {
        res.push_str(&format!("\t\trewrite * {base}{{uri}}\n"));
    }
    res.push_str(&format!(
        "\t\treverse_proxy {} {{\n\t\t\theader_up Host {}\n",
        upstream.origin(),
        upstream.authority()
    ));
    for name in not_sent(proxy) {
        res.push_str(&format!("\t\t\theader_up -{name}\n"));
    }
    for name in removed(deployment, proxy) {
        res.push_str(&format!("\t\t\theader_down -{name}\n"));
    }
    // Four steps, because a pattern here cannot say "not": forget what has the mark already, mark what leads to the
    // platform, forget what has no mark, take the mark off.
    res.push_str(&format!(
        "\t\t\t# A redirection of the platform leads back below this path, or nowhere.\n\
         \t\t\theader_down Location ^[|].*$ about:blank\n\
         \t\t\theader_down Location {}(.*)$ |{path}$2\n\
         \t\t\theader_down Location ^[^|].*$ |about:blank\n\
         \t\t\theader_down Location ^[|](.*)$ $1\n",
        upstream.link_pattern().replace("(:443)?", "(?::443)?").replace("(:80)?", "(?::80)?"),
    ));
    res.push_str(&format!(
        "\t\t\ttransport http {{\n\
         \t\t\t\tdial_timeout 10s\n\
         \t\t\t\tresponse_header_timeout {PATIENCE}s\n\
         \t\t\t\tcompression off\n"
    ));
    if upstream.is_tls {
        res.push_str(&format!(
            "\t\t\t\t# From Caddy 2.8 on `tls_trust_pool file {ca}` is the newer spelling.\n\
             \t\t\t\ttls_trusted_ca_certs {ca}\n\
             \t\t\t\ttls_server_name {}\n",
            upstream.host
        ));
    }
    res.push_str("\t\t\t}\n\t\t}\n\t}\n");
    res
}
