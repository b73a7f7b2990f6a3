//! Kubernetes with the ingress controller of nginx.

use super::{
    Deployment, LARGEST_BODY, METHODS, NGINX_ORDERS, PATIENCE, Proxy, caching, common, escaped, not_sent,
    notice, removed,
};
use crate::{Header, Part, Server, headers, line};

pub(super) fn text(deployment: &Deployment) -> String {
    let Deployment { host, path, .. } = deployment;
    let mut res = notice("#");
    res.push_str(
        "# Kubernetes with ingress-nginx. The service `latchkey` serves the folder on port 80: a pod of nginx with the\n\
         # nginx.conf that was generated with this file and with `tls` set to `before`, for example. It then has the headers of\n\
         # files itself.\n\
         # `configuration-snippet` is off in many clusters (`allow-snippet-annotations`; from ingress-nginx 1.12 on it needs\n\
         # `annotations-risk-level: Critical` as well, in the controller's ConfigMap). Where it stays off, the headers of files\n\
         # still come from that pod; route the platforms' paths to the pod as well, whose nginx.conf passes them on with all\n\
         # that stands here, and leave the ingresses of platforms out. Do so for Qlik Cloud in any case: it tells who is signed in\n\
         # by a redirection, and an ingress cannot lead one back, so that none is let through here.\n",
    );
    let mut own: Vec<Header> = common(&deployment.site);
    own.retain(|it| it.name != "Vary");
    let more: Vec<String> = own.iter().map(|it| line(Server::Kubernetes, Part::Page, it)).collect();
    res.push_str(&ingress(&Ingress {
        name: "latchkey",
        host,
        path,
        kind: "Prefix",
        service: "latchkey",
        port: 80,
        annotations: &[("ssl-redirect", "true".to_owned())],
        snippet: &more,
    }));
    res.push_str(&format!(
        "# What the pod says of caching stays: \"{}\" for hashed files, \"{}\" for others, \"{}\" for errors, and `Vary: Accept-Encoding`.\n",
        caching(Part::Asset),
        caching(Part::Page),
        caching(Part::Notice),
    ));
    for proxy in &deployment.proxies {
        res.push_str(&platform(deployment, proxy));
    }
    res
}

struct Ingress<'a> {
    name: &'a str,
    host: &'a str,
    path: &'a str,
    kind: &'a str,
    service: &'a str,
    port: u16,
    annotations: &'a [(&'a str, String)],
    snippet: &'a [String],
}

fn ingress(it: &Ingress<'_>) -> String {
    let mut res = format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {}\n  annotations:\n",
        it.name
    );
    for (name, value) in it.annotations {
        res.push_str(&format!("    nginx.ingress.kubernetes.io/{name}: \"{value}\"\n"));
    }
    res.push_str("    nginx.ingress.kubernetes.io/configuration-snippet: |\n");
    for line in it.snippet {
        res.push_str(&format!("      {line}\n"));
    }
    res.push_str("spec:\n  ingressClassName: nginx\n");
    res.push_str(&format!(
        "  # TLS ends here. Where it ends before the cluster, take this out, and set `use-forwarded-headers` in the controller's\n\
         \x20 # ConfigMap.\n\
         \x20 tls:\n    - hosts: [\"{}\"]\n      secretName: latchkey-tls\n",
        it.host
    ));
    res.push_str(&format!(
        "  rules:\n    - host: \"{}\"\n      http:\n        paths:\n          - path: \"{}\"\n            pathType: {}\n            backend:\n              service:\n                name: {}\n                port:\n                  number: {}\n",
        it.host, it.path, it.kind, it.service, it.port
    ));
    res
}

fn platform(deployment: &Deployment, proxy: &Proxy) -> String {
    let Proxy { path, upstream, .. } = proxy;
    // Names of objects have neither capitals nor `_`.
    let name = format!("latchkey-{}", proxy.id.to_ascii_lowercase().replace('_', "-"));
    let port = upstream.port.unwrap_or(if upstream.is_tls { 443 } else { 80 });
    let mut annotations = vec![
        ("use-regex", "true".to_owned()),
        ("rewrite-target", format!("{}$1", upstream.base)),
        ("upstream-vhost", upstream.authority()),
        ("backend-protocol", if upstream.is_tls { "HTTPS" } else { "HTTP" }.to_owned()),
        ("proxy-body-size", LARGEST_BODY.to_string()),
        ("client-body-buffer-size", LARGEST_BODY.to_string()),
        ("proxy-max-temp-file-size", "0".to_owned()),
        ("proxy-connect-timeout", "10".to_owned()),
        ("proxy-read-timeout", PATIENCE.to_string()),
        ("proxy-next-upstream", "off".to_owned()),
        ("proxy-redirect-from", "off".to_owned()),
        ("ssl-redirect", "true".to_owned()),
    ];
    if upstream.is_tls {
        annotations.extend([
            ("proxy-ssl-verify", "on".to_owned()),
            ("proxy-ssl-verify-depth", "4".to_owned()),
            ("proxy-ssl-server-name", "on".to_owned()),
            ("proxy-ssl-name", upstream.host.clone()),
            ("proxy-ssl-secret", "default/latchkey-authorities".to_owned()),
        ]);
    }
    let mut snippet =
        vec![format!("if ($request_method !~ \"^({})$\") {{ return 405; }}", METHODS.join("|"))];
    snippet.extend(not_sent(proxy).iter().map(|it| format!("proxy_set_header {it} \"\";")));
    snippet.push(format!("proxy_ignore_headers {NGINX_ORDERS};"));
    snippet.push("gzip off;".to_owned());
    snippet.extend(
        removed(deployment, proxy).iter().chain(&["Location"]).map(|it| format!("proxy_hide_header {it};")),
    );
    snippet.extend(
        headers(Part::Api, &deployment.site).iter().map(|it| line(Server::Kubernetes, Part::Api, it)),
    );
    let mut res = format!(
        "---\n\
         # The platform by its own name. `latchkey-authorities` is a secret with `ca.crt`: who may vouch for it. It is looked for in the\n\
         # namespace `default`: name there the one that all of this is put into.\n\
         apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  type: ExternalName\n  externalName: {}\n",
        upstream.host
    );
    res.push_str(&ingress(&Ingress {
        name: &name,
        host: &deployment.host,
        path: &format!("{}(.*)", escaped(path)).replace('\\', "\\\\"),
        kind: "ImplementationSpecific",
        service: &name,
        port,
        annotations: &annotations,
        snippet: &snippet,
    }));
    res
}
