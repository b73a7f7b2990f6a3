//! Microsoft IIS 10 with the modules URL Rewrite 2.1 and Application Request Routing 3.

use super::{Deployment, METHODS, NOT_PASSED, Proxy, TYPES, Tls, caching, common, escaped, not_sent};
use crate::{HASHED, Part, Server, headers, line};

pub(super) fn text(deployment: &Deployment) -> String {
    let mut res = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <!-- Written by `cargo xtask hosting` from hosting.json and config.json. Change those and write it again:\n\
         \x20    docs/hosting.md says what each line is for, and what has to be set on the server itself:\n\
         \x20    the modules URL Rewrite and Application Request Routing, its proxy switched on (with \"reverse rewrite host\" off), the\n\
         \x20    variables below allowed, and static compression. This file lies at the root of the site.\n\
         \x20    Windows verifies the platforms' certificates with its own store of authorities. -->\n\
         <configuration>\n  <system.webServer>\n",
    );
    res.push_str("    <httpProtocol>\n      <customHeaders>\n        <remove name=\"X-Powered-By\" />\n");
    for header in common(&deployment.site) {
        res.push_str(&format!("        {}\n", line(Server::Iis, Part::Page, &header)));
    }
    res.push_str("      </customHeaders>\n    </httpProtocol>\n");
    res.push_str("    <staticContent>\n      <clientCache cacheControlMode=\"NoControl\" />\n");
    for (extension, kind) in TYPES {
        res.push_str(&format!(
            "      <remove fileExtension=\".{extension}\" />\n      <mimeMap fileExtension=\".{extension}\" mimeType=\"{kind}\" />\n"
        ));
    }
    res.push_str("    </staticContent>\n    <urlCompression doStaticCompression=\"true\" doDynamicCompression=\"false\" />\n");
    res.push_str(
        "    <defaultDocument>\n      <files>\n        <clear />\n        <add value=\"index.html\" />\n      </files>\n    </defaultDocument>\n\
         \x20   <directoryBrowse enabled=\"false\" />\n\
         \x20   <security>\n      <requestFiltering removeServerHeader=\"false\">\n",
    );
    res.push_str("        <verbs allowUnlisted=\"false\">\n");
    for method in METHODS {
        res.push_str(&format!("          <add verb=\"{method}\" allowed=\"true\" />\n"));
    }
    res.push_str(&format!(
        "        </verbs>\n        <requestLimits maxAllowedContentLength=\"{}\" />\n      </requestFiltering>\n    </security>\n",
        super::LARGEST_BODY
    ));
    res.push_str("    <rewrite>\n");
    res.push_str(&variables(deployment));
    res.push_str(&inbound(deployment));
    res.push_str(&outbound(deployment));
    res.push_str("    </rewrite>\n  </system.webServer>\n</configuration>\n");
    res
}

/// A header as the variable of a request or of an answer.
fn variable(kind: &str, name: &str) -> String {
    format!("{kind}_{}", name.replace('-', "_"))
}

/// What the rules below set, for the list that an administrator allows in `applicationHost.config`.
fn variables(deployment: &Deployment) -> String {
    let mut all: Vec<String> = Vec::new();
    for proxy in &deployment.proxies {
        all.extend(not_sent(proxy).iter().map(|it| variable("HTTP", it).to_ascii_uppercase()));
    }
    all.sort_unstable();
    all.dedup();
    format!("      <!-- Allowed server variables: {} -->\n", all.join(", "))
}

fn inbound(deployment: &Deployment) -> String {
    let mut res = String::from("      <rules>\n        <clear />\n");
    if matches!(deployment.tls, Tls::Here { .. }) {
        // The address holds its query already.
        res.push_str(&format!(
            "        <rule name=\"only over TLS\" stopProcessing=\"true\">\n\
             \x20         <match url=\".*\" />\n\
             \x20         <conditions>\n\
             \x20           <add input=\"{{HTTPS}}\" pattern=\"^off$\" />\n\
             \x20         </conditions>\n\
             \x20         <action type=\"Redirect\" url=\"{}{{REQUEST_URI}}\" redirectType=\"Permanent\" appendQueryString=\"false\" />\n\
             \x20       </rule>\n",
            deployment.origin()
        ));
    }
    for proxy in &deployment.proxies {
        let Proxy { id, path, upstream, .. } = proxy;
        res.push_str(&format!(
            "        <rule name=\"{id}\" stopProcessing=\"true\">\n\
             \x20         <match url=\"^{}(.*)$\" />\n\
             \x20         <serverVariables>\n",
            escaped(path.trim_start_matches('/'))
        ));
        for name in not_sent(proxy) {
            res.push_str(&format!(
                "            <set name=\"{}\" value=\"\" />\n",
                variable("HTTP", name).to_ascii_uppercase()
            ));
        }
        res.push_str(&format!(
            "          </serverVariables>\n\
             \x20         <action type=\"Rewrite\" url=\"{}{}{{R:1}}\" appendQueryString=\"true\" logRewrittenUrl=\"false\" />\n\
             \x20       </rule>\n",
            upstream.origin(),
            upstream.base
        ));
    }
    if let Some(bare) = deployment.path.strip_suffix('/').filter(|it| !it.is_empty()) {
        res.push_str(&format!(
            "        <rule name=\"slash\" stopProcessing=\"true\">\n\
             \x20         <match url=\"^{}$\" />\n\
             \x20         <action type=\"Redirect\" url=\"{}\" redirectType=\"Permanent\" />\n\
             \x20       </rule>\n",
            escaped(bare.trim_start_matches('/')),
            deployment.path
        ));
    }
    res.push_str(
        "        <rule name=\"only reading\" stopProcessing=\"true\">\n\
         \x20         <match url=\".*\" />\n\
         \x20         <conditions>\n\
         \x20           <add input=\"{REQUEST_METHOD}\" pattern=\"^(GET|HEAD)$\" negate=\"true\" />\n\
         \x20         </conditions>\n\
         \x20         <action type=\"CustomResponse\" statusCode=\"405\" statusReason=\"Method Not Allowed\" />\n\
         \x20       </rule>\n\
         \x20       <rule name=\"internal files\" stopProcessing=\"true\">\n\
         \x20         <match url=\"((^|/)[._]|\\.(map|br|gz)$)\" />\n\
         \x20         <action type=\"CustomResponse\" statusCode=\"404\" statusReason=\"Not Found\" />\n\
         \x20       </rule>\n      </rules>\n",
    );
    res
}

/// Rules over answers: how long each is kept, and what a platform may say.
fn outbound(deployment: &Deployment) -> String {
    let mut res = String::from("      <outboundRules>\n        <clear />\n");
    let set = |name: &str, header: &str, value: &str, when: &str| {
        format!(
            "        <rule name=\"{name}\" preCondition=\"{when}\">\n\
             \x20         <match serverVariable=\"{}\" pattern=\".*\" />\n\
             \x20         <action type=\"Rewrite\" value=\"{value}\" />\n\
             \x20       </rule>\n",
            variable("RESPONSE", header)
        )
    };
    res.push_str(&set("kept for ever", "Cache-Control", &caching(Part::Asset), "hashed file"));
    res.push_str(&set("asked for each time", "Cache-Control", &caching(Part::Page), "other file"));
    res.push_str(&set("errors are not kept", "Cache-Control", &caching(Part::Notice), "error"));
    for header in headers(Part::Api, &deployment.site) {
        res.push_str(&set(&format!("platform {}", header.name), header.name, &header.value, "platform"));
    }
    let others: Vec<&str> = NOT_PASSED.iter().copied().chain(["Server"]).collect();
    for name in others.iter().filter(|it| **it != "Server") {
        res.push_str(&set(&format!("platform without {name}"), name, "", "platform"));
    }
    for (at, proxy) in deployment.proxies.iter().enumerate() {
        if !proxy.cookies {
            res.push_str(&set(
                &format!("{} without cookies", proxy.id),
                "Set-Cookie",
                "",
                &format!("platform {at}"),
            ));
        }
        res.push_str(&format!(
            "        <rule name=\"{id} elsewhere\" preCondition=\"platform {at}\">\n\
             \x20         <match serverVariable=\"RESPONSE_Location\" pattern=\"{pattern}\" negate=\"true\" />\n\
             \x20         <action type=\"Rewrite\" value=\"\" />\n\
             \x20       </rule>\n\
             \x20       <rule name=\"{id} back\" preCondition=\"platform {at}\">\n\
             \x20         <match serverVariable=\"RESPONSE_Location\" pattern=\"{pattern}(.*)$\" />\n\
             \x20         <action type=\"Rewrite\" value=\"{path}{{R:{last}}}\" />\n\
             \x20       </rule>\n",
            id = proxy.id,
            pattern = proxy.upstream.link_pattern(),
            path = proxy.path,
            last = if proxy.upstream.port.is_some() { 2 } else { 3 },
        ));
    }
    res.push_str("        <preConditions>\n");
    let all: Vec<String> = deployment.proxies.iter().map(|it| escaped(&it.path)).collect();
    let any = if all.is_empty() { "^$".to_owned() } else { format!("^({})", all.join("|")) };
    let condition = |name: &str, tests: &[(&str, &str, bool)]| {
        let mut res = format!("          <preCondition name=\"{name}\">\n");
        for (input, pattern, negate) in tests {
            let negate = if *negate { " negate=\"true\"" } else { "" };
            res.push_str(&format!(
                "            <add input=\"{{{input}}}\" pattern=\"{pattern}\"{negate} />\n"
            ));
        }
        res.push_str("          </preCondition>\n");
        res
    };
    let good = "^(200|206|304)";
    res.push_str(&condition("platform", &[("REQUEST_URI", &any, false)]));
    for (at, path) in all.iter().enumerate() {
        res.push_str(&condition(&format!("platform {at}"), &[("REQUEST_URI", &format!("^{path}"), false)]));
    }
    let own = ("REQUEST_URI", any.as_str(), true);
    res.push_str(&condition("hashed file", &[own, ("RESPONSE_STATUS", good, false), ("URL", HASHED, false)]));
    res.push_str(&condition("other file", &[own, ("RESPONSE_STATUS", good, false), ("URL", HASHED, true)]));
    res.push_str(&condition("error", &[own, ("RESPONSE_STATUS", good, true)]));
    res.push_str("        </preConditions>\n      </outboundRules>\n");
    res
}
