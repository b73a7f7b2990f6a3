// Runs the vendor's own client against the gateway. By hand, not in CI: the client comes from npm.
//
//   mkdir /tmp/qlik && cd /tmp/qlik && npm init -y && npm install @qlik/api@2.19.0
//   node …/gateway/clients/qlik.mjs http://127.0.0.1:8787 /tmp/qlik
//
// The gateway runs with `--control --keys 60`; a base URL with a prefix works, too.
// Nothing of the client is changed or replaced.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [base, folder] = process.argv.slice(2);
if (!base || !folder) {
  console.error("usage: node qlik.mjs BASE_URL FOLDER_WITH_NODE_MODULES");
  process.exit(2);
}
const resolve = createRequire(join(folder, "package.json")).resolve;
const qlik = await import(pathToFileURL(resolve("@qlik/api")));

const connected = (apiKey) => qlik.createQlikApi({ hostConfig: { authType: "apikey", host: base, apiKey } });
const admin = connected("demo-qlik-admin");
const member = connected("demo-qlik-user");
const fresh = { noCache: true };
const origin = new URL(base).origin;

/** A control call; it is always at the root. */
async function control(method, path, body) {
  const answer = await fetch(`${origin}/_control${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/** What a refused call throws. */
async function refused(call, status, code) {
  const error = await call.then(() => assert.fail("the call was not refused"), (reason) => reason);
  assert.equal(error.status, status);
  assert.equal(error.data.errors[0].code, code);
  return error;
}

let checks = 0;
async function check(name, run) {
  await run();
  checks += 1;
  console.log(`ok ${checks} ${name}`);
}

await control("POST", "/reset", { keys: 60 });
let me;
let tenantId;

await check("users/me and tenants/me follow their redirects", async () => {
  me = (await admin.users.getMyUser()).data;
  tenantId = (await admin.tenants.getMyTenant()).data.id;
  assert.equal(me.tenantId, tenantId);
  assert.ok(me.assignedRoles.some((role) => role.name === "TenantAdmin"));
});

await check("the list pages forwards and backwards", async () => {
  const seen = [];
  let page = await admin.apiKeys.getApiKeys({ limit: 25 }, fresh);
  assert.equal(page.prev, undefined);
  for (;;) {
    seen.push(...page.data.data.map((key) => key.id));
    if (!page.next) break;
    page = await page.next(fresh);
  }
  assert.equal(seen.length, 60);
  assert.equal(new Set(seen).size, 60);
  const before = await page.prev(fresh);
  assert.deepEqual(before.data.data.map((key) => key.id), seen.slice(25, 50));
});

await check("every sort is taken, with the sign escaped", async () => {
  for (const field of ["createdByUser", "sub", "status", "description", "created"]) {
    for (const sign of ["", "+", "-"]) {
      const { data } = await admin.apiKeys.getApiKeys({ sort: `${sign}${field}`, limit: 100 }, fresh);
      assert.equal(data.data.length, 60);
    }
  }
});

await check("filters", async () => {
  for (const status of ["active", "expired", "revoked"]) {
    const { data } = await admin.apiKeys.getApiKeys({ status, limit: 100 }, fresh);
    assert.ok(data.data.length > 0 && data.data.every((key) => key.status === status));
  }
  const own = await member.apiKeys.getApiKeys({ sub: (await member.users.getMyUser()).data.id }, fresh);
  assert.ok(own.data.data.length > 0);
  await refused(member.apiKeys.getApiKeys({}, fresh), 403, "API-KEYS-3");
});

let created;
await check("create shows the token once, and the token works", async () => {
  const answer = await admin.apiKeys.createApiKey({ description: "conformance", expiry: "P7D" });
  created = answer.data;
  assert.equal(answer.status, 201);
  assert.match(created.token, /^eyJ/);
  assert.equal(Date.parse(created.expiry) - Date.parse(created.created), 7 * 86_400_000);
  const again = await connected(created.token).apiKeys.getApiKey(created.id, fresh);
  assert.equal(again.data.token, undefined);
  assert.equal(again.data.description, "conformance");
});

await check("rename, then delete as the owner", async () => {
  const change = await admin.apiKeys.patchApiKey(created.id, [
    { op: "replace", path: "/description", value: "renamed" },
  ]);
  assert.equal(change.status, 204);
  assert.equal((await admin.apiKeys.getApiKey(created.id)).data.description, "renamed");
  assert.equal((await admin.apiKeys.deleteApiKey(created.id)).status, 204);
  await refused(admin.apiKeys.getApiKey(created.id, fresh), 404, "API-KEYS-4");
  await refused(connected(created.token).users.getMyUser(fresh), 401, "LOGIN-2");
});

await check("an administrator's delete revokes another user's key", async () => {
  const { data: key } = await member.apiKeys.createApiKey({ description: "of a user" });
  await admin.apiKeys.deleteApiKey(key.id);
  assert.equal((await admin.apiKeys.getApiKey(key.id, fresh)).data.status, "revoked");
});

await check("a SCIM key for an identity provider, one backslash or two", async () => {
  const { data: providers } = await admin.identityProviders.getIdps({ active: true }, fresh);
  const { data: provider } = await admin.identityProviders.getIdp(providers.data[0].id, fresh);
  assert.equal(provider.active, true);
  for (const slash of ["\\", "\\\\"]) {
    const sub = `SCIM${slash}${providers.data[0].id}`;
    const { data: key } = await admin.apiKeys.createApiKey({ description: "scim", sub, subType: "externalClient" });
    assert.equal(key.sub, `SCIM\\${providers.data[0].id}`);
    assert.equal(key.subType, "externalClient");
  }
});

await check("the configuration is read and changed", async () => {
  const change = [{ op: "replace", path: "/max_api_key_expiry", value: "P30D" }];
  assert.equal((await admin.apiKeys.patchApiKeysConfig(tenantId, change)).status, 204);
  const { data: config } = await admin.apiKeys.getApiKeysConfig(tenantId, fresh);
  assert.equal(config.max_api_key_expiry, "P30D");
  assert.deepEqual(Object.keys(config).length, 3);
  const error = await refused(
    admin.apiKeys.createApiKey({ description: "too long", expiry: "P31D" }), 400, "API-KEYS-1");
  assert.equal(error.data.errors[0].source.pointer, "/expiry");
});

await check("users by filter, a page after the other", async () => {
  const { data: one } = await admin.users.getUsers({ filter: `id eq "${me.id}"`, totalResults: true }, fresh);
  assert.equal(one.totalResults, 1);
  assert.equal(one.data[0].name, me.name);
  const first = await admin.users.getUsers({ limit: 3 }, fresh);
  const second = await first.next(fresh);
  assert.notEqual(first.data.data[0].id, second.data.data[0].id);
  assert.deepEqual((await second.prev(fresh)).data.data, first.data.data);
});

await check("audits tell of the keys", async () => {
  const { data } = await admin.audits.getAudits({ eventType: "com.qlik.core.api-key.created", limit: 5 }, fresh);
  assert.equal(data.data.length, 5);
  assert.ok(data.links.next.href.startsWith(base));
  const { data: one } = await admin.audits.getAudit(data.data[0].id, fresh);
  assert.equal(one.data.subType, data.data[0].data.subType);
});

await check("a csrf token is there for those who ask", async () => {
  const answer = await admin.csrfToken.getCsrfToken(fresh);
  assert.equal(answer.status, 204);
  assert.ok(answer.headers.get("qlik-csrf-token"));
});

await check("the rate limit says how long to wait", async () => {
  await control("PATCH", "/switches", { "qlik-tier-1": 1, "qlik-rate-window": 60, "qlik-retry-after": 13 });
  await admin.apiKeys.getApiKeys({}, fresh);
  const error = await refused(admin.apiKeys.getApiKeys({}, fresh), 429, "HTTP-429");
  assert.equal(error.headers.get("retry-after"), "13");
  assert.deepEqual(error.data, {
    errors: [{
      code: "HTTP-429",
      title: "API rate limit reached.",
      detail: "You need to wait 13 seconds until limit is lifted.",
    }],
  });
  await control("POST", "/qlik/clock", { advanceSeconds: 14 });
  await admin.apiKeys.getApiKeys({}, fresh);
});

await control("POST", "/reset", { keys: 60 });
console.log(`${checks} checks passed`);
