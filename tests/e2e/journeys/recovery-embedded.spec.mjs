// A console in a portal breaks off: the portal hears of it, and after the restart the portal signs in again.

import { expect, test } from '../support/embedded.mjs';
import { Boot, breakElements } from '../support/pages/boot.mjs';

test('the portal is told, and hands out its token anew after the restart', async ({ portal, office, guard }) => {
  guard.expectBreak();
  const console = await portal.enter();
  await console.list.newKey.click();
  await console.create.form.title.fill('Branch offices, spring');
  const frame = console.page;
  await breakElements(frame, 'canary-9b1e07');
  await frame.evaluate(() => {
    history.replaceState(null, '', '?q=activationKey.isDisabled%3A%20true');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  const boot = new Boot(frame);
  await expect(boot.stopped).toBeVisible();
  const told = await portal.said('problem');
  expect(told.map((it) => it.code)).toEqual(['crashed']);
  await expect(boot.report).toHaveValue(/^frame: inside a portal$/m);

  await boot.restart.click();
  await expect(console.create.form.title).toHaveValue('Branch offices, spring');
  expect(office.tokens.map((it) => it.reason)).toEqual(['start', 'start']);
});
