// The console's own look at how it is served agrees with the servers that are configured for it.

import { expect, test } from '../support/hosting/test.mjs';
import { SelfCheck } from '../support/pages/self_check.mjs';
import { t } from '../support/texts.mjs';

for (const [kind, server] of [['nginx', 'nginx'], ['caddy', 'Caddy'], ['apache', 'Apache']]) {
  test(`the self-check finds nothing wrong on ${server}, over TLS and under a path of its own`, async ({ hosted, page, upstream }) => {
    expect(upstream.arrivals).toEqual([]);
    const site = await hosted(kind);
    const check = new SelfCheck(page);
    await page.goto(`${site.origin}${site.base}?check`);
    await check.done();
    const { wrong, unknown, right } = await check.found();
    expect({ wrong, unknown }).toEqual({ wrong: [], unknown: [] });
    expect(right).toEqual(expect.arrayContaining(['Strict-Transport-Security', 'Content-Security-Policy', t('check.packed'), t('check.release')]));
    // It asked the platform through the server, without a credential.
    expect(upstream.arrivals.length).toBeGreaterThan(0);
    expect(upstream.arrivals.filter((it) => it.headers.authorization !== undefined)).toEqual([]);
  });
}
