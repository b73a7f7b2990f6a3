// The score that the MDN HTTP Observatory gives the console on each server: the most an embeddable console can reach.

import { score } from '../support/hosting/observatory.mjs';
import { KINDS } from '../support/hosting/servers.mjs';
import { expect, test } from '../support/hosting/test.mjs';

/** The most there is, by the tables of the rules. */
const MOST = 165;

/** What is given up, and why. */
const GIVEN_UP = {
  'strict-transport-security': { points: 5, why: 'a domain is put on the list for preloading by its owner, not by a header' },
  cookies: { points: 5, why: 'credit for secure cookies; the console has none, which is better' },
};

const FOREIGN = 'https://http-observatory.security.mozilla.org';

for (const kind of KINDS) {
  test(`${kind} is given all points but those of preloading and of cookies`, async ({ hosted, page }) => {
    const site = await hosted(kind);
    const accept = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
    const answers = [];
    const seen = async (asked) => {
      answers.push(await asked);
      return answers.at(-1);
    };

    const route = [new URL(site.base, site.plainOrigin)];
    let answer = await seen(site.askPlain({ path: site.base, headers: accept }));
    while (answer.status >= 300 && answer.status < 400 && route.length < 10) {
      route.push(new URL(answer.header('location'), route.at(-1)));
      const { protocol, pathname: path } = route.at(-1);
      answer = await seen(protocol === 'https:' ? site.ask({ path, headers: accept }) : site.askPlain({ path, headers: accept }));
    }
    expect(answer.status).toBe(200);
    await seen(site.ask({ path: '/robots.txt', headers: { Accept: 'text/plain,*/*;q=0.8' } }));
    const preflight = await seen(
      site.ask({ method: 'OPTIONS', path: site.base, headers: { Origin: FOREIGN, 'Access-Control-Request-Method': 'GET' } }),
    );
    const html = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'text/html');
      const all = (selector, ...names) =>
        Array.from(parsed.querySelectorAll(selector), (it) => Object.fromEntries(names.map((name) => [name, it.getAttribute(name)])));
      return { scripts: all('script', 'src', 'integrity'), metas: all('meta[http-equiv]', 'http-equiv', 'content') };
    }, answer.body.toString());

    const result = score({
      url: route.at(-1),
      page: answer,
      html: { scripts: html.scripts, metas: html.metas.map((it) => ({ name: it['http-equiv'], content: it.content })) },
      route,
      preflight,
      origin: FOREIGN,
      cookies: answers.flatMap((it) => it.headers.get('set-cookie') ?? []),
    });

    const lines = result.tests.map(({ name, points, found }) => `  ${String(points).padStart(4)}  ${name}: ${found}`);
    const lost = Object.entries(GIVEN_UP).map(([name, { points, why }]) => `  given up ${points}: ${name}: ${why}`);
    process.stdout.write(`${[`${kind}: ${result.score} of ${MOST}, ${result.grade}`, ...lines, ...lost].join('\n')}\n`);
    expect(result.score).toBe(MOST - Object.values(GIVEN_UP).reduce((all, it) => all + it.points, 0));
    expect(result.grade).toBe('A+');
  });
}
