// A client that others wrote, against the gateway: the calls of `resolve-qualys-ids.sh` (nelssec/qualys-packer, MIT), the only
// public client of this API that was found. What it reads must be there.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { ACCOUNT, expect, test } from '../support/test.mjs';

const run = promisify(execFile);

test.use({ keys: 120 });

/** The script's calls and its way of reading the answers, with curl, base64 and its own pipefail. */
const SCRIPT = `
set -euo pipefail
token=$(curl -sS --fail -X POST "$GATEWAY/auth" -H 'Content-Type: application/x-www-form-urlencoded' \\
  --data-urlencode "username=$QUALYS_USER" --data-urlencode "password=$QUALYS_PASSWORD" --data 'token=true')
payload=$(printf '%s' "$token" | cut -d. -f2 | tr '_-' '/+' | base64 -d)
keys=$(curl -sS --fail -X POST "$GATEWAY/caui/v1/activation-keys/manage" -H "Authorization: Bearer $token" \\
  -H 'Content-Type: application/json' -H 'X-Requested-With: packer' -d '{"pageSize":100}')
printf '{"payload":%s,"keys":%s}' "$payload" "$keys"
`;

test('finds a customer id and an enabled key with VM', async ({ gateway }) => {
  const env = { PATH: process.env.PATH, GATEWAY: gateway.url, QUALYS_USER: ACCOUNT.user, QUALYS_PASSWORD: ACCOUNT.password };
  const { stdout } = await run('bash', ['-c', SCRIPT], { env });
  const { payload, keys } = JSON.parse(stdout);
  expect(payload.customerUuid).toMatch(/^[0-9a-f-]{36}$/);
  expect(payload.sub).toBe(ACCOUNT.user);
  expect(keys.content).toHaveLength(100);
  expect(keys.totalCount).toBe(120);
  const usable = keys.content.find((it) => it.isDisabled === false && it.licenses.includes('VM'));
  expect(usable.activationKey).toMatch(/^[0-9a-f-]{36}$/);
});
