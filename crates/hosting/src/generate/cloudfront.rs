//! CloudFront before a bucket: one function for both sides of the cache.

use super::{Deployment, METHODS, Proxy, TYPES, caching, common, notice, script_patterns};
use crate::{Part, Server, headers, line};

/// What a call needs. The second half a function may not take out, and there is nothing in it to hide.
const SENT: &[&str] = &[
    "authorization",
    "accept",
    "accept-encoding",
    "content-type",
    "x-requested-with",
    "content-length",
    "host",
    "transfer-encoding",
    "via",
];

pub(super) fn text(deployment: &Deployment) -> String {
    let mut res = notice("//");
    res.push_str(
        "// CloudFront: one function (runtime cloudfront-js-2.0), associated with viewer request and viewer response of the\n\
         // default behaviour and of each behaviour below.\n\
         // - The default behaviour: the bucket, read by origin access control; \"Compress objects automatically\" on, the\n\
         //   cache policy CachingOptimized, \"Redirect HTTP to HTTPS\".\n\
         // - The folder lies at the root of the bucket. Each file is uploaded with how long it is kept, for the edge would keep\n\
         //   it for a day otherwise, the page of the release before included. First what nothing names yet:\n",
    );
    res.push_str(&upload());
    res.push_str(
        "// - A function is not run for an answer of 400 and more. Give the default behaviour a response headers policy, too,\n\
         //   with the headers of `fromFile` but `cache-control` and `content-type`, each with \"override origin\".\n",
    );
    res.push_str(
        "// - A behaviour for each path below: HTTPS only on both sides (CloudFront verifies name and certificate), all methods,\n\
         //   the cache policy CachingDisabled, the origin request policy AllViewerExceptHostHeader: no other passes Authorization\n\
         //   on. The function takes out what else the browser sent.\n",
    );
    for Proxy { path, upstream, .. } in &deployment.proxies {
        res.push_str(&format!("//     {path}* to {}\n", upstream.authority()));
    }
    res.push_str("\nconst PLATFORMS = [\n");
    for Proxy { path, upstream, cookies, .. } in &deployment.proxies {
        res.push_str(&format!(
            "    {{ path: '{path}', origin: '{}', base: '{}', cookies: {cookies} }},\n",
            upstream.origin(),
            upstream.base
        ));
    }
    res.push_str(&format!("];\nconst PATH = '{}';\nconst TYPES = {{\n", deployment.path));
    for (extension, kind) in TYPES {
        res.push_str(&format!("    {extension}: '{kind}',\n"));
    }
    res.push_str("};\n");
    let list = |all: &[&str]| all.iter().map(|it| format!("'{it}'")).collect::<Vec<_>>().join(", ");
    res.push_str(&format!("const METHODS = [{}];\nconst SENT = [{}];\n", list(METHODS), list(SENT)));
    res.push_str(&script_patterns());
    res.push_str(
        r"
function handler(event) {
    const uri = event.request.uri;
    const platform = PLATFORMS.find((it) => uri.startsWith(it.path));
    if (event.context.eventType === 'viewer-request') {
        return platform ? toPlatform(event.request, platform) : toFile(event.request);
    }
    return platform ? fromPlatform(event.response, platform) : fromFile(event.response, uri);
}

function toPlatform(request, platform) {
    if (!METHODS.includes(request.method)) return fromPlatform({ statusCode: 405, headers: {} }, platform);
    for (const name of Object.keys(request.headers)) {
        if (!SENT.includes(name)) delete request.headers[name];
    }
    request.uri = platform.base + request.uri.slice(platform.path.length);
    if (!platform.cookies) request.cookies = {};
    return request;
}

function toFile(request) {
    if (request.uri === PATH.slice(0, -1)) {
        const names = Object.keys(request.querystring);
        const query = names.map((it) => it + '=' + request.querystring[it].value).join('&');
        return fromFile({ statusCode: 301, headers: { location: { value: PATH + (query && '?' + query) } } }, request.uri);
    }
    if (!request.uri.startsWith(PATH) || INTERNAL.test(request.uri)) {
        return fromFile({ statusCode: 404, headers: {} }, request.uri);
    }
    // The bucket holds the folder at its root.
    request.uri = '/' + (request.uri.slice(PATH.length) || 'index.html');
    return request;
}

",
    );
    res.push_str("function fromFile(response, uri) {\n    const headers = response.headers;\n");
    for header in common(&deployment.site) {
        res.push_str(&format!("    {}\n", line(Server::CloudFront, Part::Page, &header)));
    }
    res.push_str(&format!(
        "    const isGood = response.statusCode === 200 || response.statusCode === 206 || response.statusCode === 304;\n\
         \x20   const kept = HASHED.test(uri) ? \"{}\" : \"{}\";\n\
         \x20   headers['cache-control'] = {{ value: isGood ? kept : \"{}\" }};\n\
         \x20   const type = TYPES[uri.split('.').pop()];\n\
         \x20   if (isGood && type) headers['content-type'] = {{ value: type }};\n\
         \x20   return response;\n}}\n\n",
        caching(Part::Asset),
        caching(Part::Page),
        caching(Part::Notice),
    ));
    res.push_str("function fromPlatform(response, platform) {\n    const headers = response.headers;\n");
    res.push_str("    if (!platform.cookies) response.cookies = {};\n");
    let gone: Vec<String> =
        super::NOT_PASSED.iter().map(|it| format!("'{}'", it.to_ascii_lowercase())).collect();
    res.push_str(&format!("    for (const name of [{}]) delete headers[name];\n", gone.join(", ")));
    for header in headers(Part::Api, &deployment.site) {
        res.push_str(&format!("    {}\n", line(Server::CloudFront, Part::Api, &header)));
    }
    res.push_str(
        r"    // A redirection of the platform leads back below its path, or nowhere.
    const location = headers.location && headers.location.value.replace(platform.origin, '');
    delete headers.location;
    if (location && location.startsWith(platform.base)) {
        headers.location = { value: platform.path + location.slice(platform.base.length) };
    }
    return response;
}
",
    );
    res
}

/// The commands for an upload. The page comes after what it names, and what tells open consoles of it comes last.
fn upload() -> String {
    let program = ["css", "js", "wasm"].map(|it| format!("'*.{it}'"));
    let packed = ["'*.br'", "'*.gz'", "'.*'", "'_*'"];
    let lines = [
        (vec!["'*'"], program.iter().map(String::as_str).collect(), caching(Part::Asset)),
        (
            packed.into_iter().chain(program.iter().map(String::as_str)).chain(["release.json"]).collect(),
            vec![],
            caching(Part::Page),
        ),
        (vec!["'*'"], vec!["release.json"], caching(Part::Page)),
    ];
    let mut res = String::new();
    for (without, with, kept) in lines {
        let option =
            |name: &str, all: &[&str]| all.iter().map(|it| format!(" --{name} {it}")).collect::<String>();
        res.push_str(&format!(
            "//     aws s3 cp --recursive FOLDER s3://BUCKET/ --cache-control '{kept}'{}{}\n",
            option("exclude", &without),
            option("include", &with),
        ));
    }
    res
}
