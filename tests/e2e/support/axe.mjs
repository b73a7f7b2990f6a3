// axe, run inside the page through the debugger, which the page's security policy does not hinder.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Waits until no colour is on its way from one to another: axe would judge one that nobody gets to see. */
async function settle(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // What an earlier click changed is drawn in the next frame, and only then a transition begins.
    await frame();
    await frame();
    const ends = (it) => Number.isFinite(it.effect?.getComputedTiming().endTime);
    await Promise.allSettled(document.getAnimations().filter(ends).map((it) => it.finished));
  });
}

/**
 * What axe finds wrong with the page as it is now, best practices included, as lines to read.
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<string[]>}
 */
export async function violations(page) {
  await settle(page);
  await page.evaluate(SOURCE);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      resultTypes: ['violations'],
      // A frame of another origin is looked at by itself: axe would speak to it, and be refused.
      iframes: false,
      // The one rule of WCAG 2.2 AA, which axe leaves off unless asked.
      rules: { 'target-size': { enabled: true } },
    });
    return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target} — ${node.failureSummary}`));
  });
}
