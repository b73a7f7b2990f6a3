// Playwright's test with what the Qlik journeys have beside the rest: the console on that connection, and its tenant.

import { ADMIN, QlikConsole, Tenant, USER } from './pages/qlik.mjs';
import { expect, test as base } from './test.mjs';

export const test = base.extend({
  keys: [3, { option: true }],

  tenant: async ({ gateway }, use) => use(new Tenant(gateway)),

  /** The console in the test's page; nothing is opened yet. */
  qlik: async ({ page, gateway }, use) => use(new QlikConsole(page, gateway)),

  /** Signed in as the administrator of the tenant, with the list loaded. */
  admin: async ({ qlik }, use) => {
    await qlik.enter(ADMIN);
    await qlik.list.loaded();
    await use(qlik);
  },

  /** The same as a user without any role. */
  user: async ({ qlik }, use) => {
    await qlik.enter(USER);
    await qlik.list.loaded();
    await use(qlik);
  },
});

export { expect };
