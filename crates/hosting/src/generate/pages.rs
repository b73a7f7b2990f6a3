//! Services that host files: Netlify and Cloudflare. Both read `_headers`; a call to a platform goes through a function.

use super::{
    Deployment, METHODS, NOT_PASSED, NOT_SENT, Proxy, TYPES, caching, common, notice, script_patterns,
};
use crate::{Part, Server, Site, headers, line};

/// `_headers`. Both services put together what all fitting rules say; they take at most 100 rules, and 2,000 signs a line.
/// A file in the folder itself decides its type, which both know.
pub(super) fn headers_file(path: &str, site: &Site) -> String {
    let mut res = notice("#");
    res.push_str("# Netlify and Cloudflare Pages: at the root of the folder that is uploaded.\n\n");
    let mut rule = |pattern: &str, lines: &[String]| {
        res.push_str(&format!("{path}{pattern}\n"));
        for line in lines {
            res.push_str(&format!("{line}\n"));
        }
        res.push('\n');
    };
    let of = |header: &crate::Header| line(Server::Netlify, Part::Page, header);
    let all: Vec<String> = common(site).iter().filter(|it| it.name != "Vary").map(of).collect();
    let all: Vec<String> = all.into_iter().chain(["  Vary: Accept-Encoding".to_owned()]).collect();
    rule("*", &all);
    let fresh = format!("  Cache-Control: {}", caching(Part::Page));
    // No rule for `*` says how long: two rules for one header would be put together.
    for name in ["", "index.html", "config.json", "release.json"] {
        rule(name, std::slice::from_ref(&fresh));
    }
    for extension in ["css", "js", "wasm"] {
        let kind = TYPES.iter().find(|(it, _)| *it == extension).map(|(_, it)| *it).unwrap_or_default();
        rule(
            &format!("*.{extension}"),
            &[format!("  Cache-Control: {}", caching(Part::Asset)), format!("  Content-Type: {kind}")],
        );
    }
    let end = res.trim_end().len();
    res.truncate(end);
    res.push('\n');
    res
}

/// `_redirects`: the path without its slash, and nothing else. Netlify could pass calls on from here, but its headers do
/// not hold for what it passes on, so a function does (see [`edge`]).
pub(super) fn redirects_file(deployment: &Deployment) -> String {
    let mut res = notice("#");
    if let Some(bare) = deployment.path.strip_suffix('/').filter(|it| !it.is_empty()) {
        res.push_str(&format!("{bare} {} 301\n", deployment.path));
    }
    res
}

/// The one function both services run, in the words of the web itself.
fn passing(deployment: &Deployment) -> String {
    let list = |all: &[&str]| {
        all.iter().map(|it| format!("'{}'", it.to_ascii_lowercase())).collect::<Vec<_>>().join(", ")
    };
    let mut res = String::from("// The longest path first.\nconst PLATFORMS = [\n");
    for Proxy { path, upstream, cookies, .. } in &deployment.proxies {
        res.push_str(&format!(
            "  {{ path: '{path}', origin: '{}', base: '{}', cookies: {cookies} }},\n",
            upstream.origin(),
            upstream.base
        ));
    }
    res.push_str("];\nconst HEADERS = {\n");
    for header in headers(Part::Api, &deployment.site) {
        res.push_str(&format!("  '{}': \"{}\",\n", header.name, header.value));
    }
    res.push_str(&format!(
        "}};\nconst METHODS = [{}];\nconst NOT_SENT = [{}, 'host'];\nconst NOT_PASSED = [{}];\n\n",
        METHODS.iter().map(|it| format!("'{it}'")).collect::<Vec<_>>().join(", "),
        list(NOT_SENT),
        list(NOT_PASSED),
    ));
    res.push_str(
        r"/** Where a redirection leads; null for one that cannot be read. */
function targetOf(location, from) {
  try {
    return new URL(location, from);
  } catch {
    return null;
  }
}

/** The answer of a platform, or null for a path that belongs to none. */
async function passed(request) {
  const url = new URL(request.url);
  const platform = PLATFORMS.find(({ path }) => url.pathname.startsWith(path));
  if (!platform) return null;
  if (!METHODS.includes(request.method)) return new Response(null, { status: 405, headers: HEADERS });

  const sent = new Headers(request.headers);
  for (const name of NOT_SENT) sent.delete(name);
  if (!platform.cookies) sent.delete('cookie');
  for (const name of [...sent.keys()]) if (/^(cf|x-nf|cdn)-/.test(name)) sent.delete(name);
  const target = new URL(platform.origin);
  target.pathname = platform.base + url.pathname.slice(platform.path.length);
  target.search = url.search;
  const hasBody = !['GET', 'HEAD'].includes(request.method);
  const body = hasBody ? await request.arrayBuffer() : undefined;

  let answer;
  try {
    // A certificate that does not hold is an error here. A redirection is not followed.
    answer = await fetch(target, { method: request.method, headers: sent, body, redirect: 'manual' });
  } catch {
    return new Response('502 Bad Gateway', { status: 502, headers: HEADERS });
  }
  const headers = new Headers(answer.headers);
  const location = headers.get('location');
  for (const name of [...NOT_PASSED, 'location', 'strict-transport-security']) headers.delete(name);
  if (!platform.cookies) headers.delete('set-cookie');
  // It leads back below the same path, or nowhere.
  const next = location && targetOf(location, target);
  if (next && next.origin === target.origin && next.pathname.startsWith(platform.base)) {
    headers.set('location', platform.path + next.pathname.slice(platform.base.length) + next.search);
  }
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}
",
    );
    res
}

/// The headers of all files, for functions that answer for them.
fn files(deployment: &Deployment) -> String {
    let mut res = String::from("const FILES = {\n");
    for header in common(&deployment.site) {
        res.push_str(&format!("  '{}': \"{}\",\n", header.name, header.value));
    }
    res.push_str(&format!(
        "}};\nconst CACHED = \"{}\";\nconst FRESH = \"{}\";\nconst NOTICE = \"{}\";\n",
        caching(Part::Asset),
        caching(Part::Page),
        caching(Part::Notice)
    ));
    res
}

/// `_worker.js` of Cloudflare Pages, which stands before all files.
pub(super) fn worker(deployment: &Deployment) -> String {
    let mut res = notice("//");
    res.push_str("// Cloudflare Pages: at the root of the folder that is uploaded. It stands before all files, for which `_headers` then does\n// not hold.\n\n");
    res.push_str(&passing(deployment));
    res.push('\n');
    res.push_str(&files(deployment));
    res.push_str(&format!("const PATH = '{}';\n", deployment.path));
    res.push_str(&script_patterns());
    res.push_str(
        r"
/** A file of the console with its headers. */
async function file(request, env) {
  const url = new URL(request.url);
  const notice = (status, more = {}) => new Response(null, { status, headers: { ...FILES, 'Cache-Control': NOTICE, ...more } });
  if (url.pathname === PATH.slice(0, -1)) return notice(301, { Location: PATH + url.search });
  if (!url.pathname.startsWith(PATH) || INTERNAL.test(url.pathname)) return notice(404);
  if (!['GET', 'HEAD'].includes(request.method)) return notice(405);
  const answer = await env.ASSETS.fetch(request);
  const isHashed = HASHED.test(url.pathname);
  // Some projects answer every path they do not know with the page.
  const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
  if (answer.status === 404 || (isPage && url.pathname !== PATH && url.pathname !== `${PATH}index.html`)) return notice(404);
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(FILES)) headers.set(name, value);
  const isGood = answer.ok || answer.status === 304;
  headers.set('Cache-Control', isGood ? (isHashed ? CACHED : FRESH) : NOTICE);
  return new Response(answer.body, { status: answer.status, headers });
}

export default {
  fetch: async (request, env) => (await passed(request)) ?? file(request, env),
};
",
    );
    res
}

/// The edge function of Netlify, for the platforms' paths alone: files have their headers from `_headers`.
pub(super) fn edge(deployment: &Deployment) -> String {
    let mut res = notice("//");
    res.push_str("// Netlify: as netlify/edge-functions/latchkey.js of the site.\n\n");
    res.push_str(&passing(deployment));
    let paths: Vec<String> = deployment.proxies.iter().map(|it| format!("'{}*'", it.path)).collect();
    res.push_str(&format!(
        "\nexport default async (request) => (await passed(request)) ?? new Response(null, {{ status: 404 }});\n\n\
         export const config = {{ path: [{}], cache: 'manual' }};\n",
        paths.join(", ")
    ));
    res
}
