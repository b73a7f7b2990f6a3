// The query box: text and builder are two views of one thing.

import { expect, test } from '../support/test.mjs';
import { holding, t } from '../support/texts.mjs';

test.use({ keys: 200 });

/** What each query must find, judged on the stored keys by the journey itself. */
function cases(keys) {
  const some = keys[17];
  const limit = keys.find((it) => it.countPurchased === 50) ?? keys.find((it) => it.countPurchased > 0);
  return [
    ['activationKey.isDisabled: true', (it) => it.isDisabled],
    [`activationKey.countPurchased: ${limit.countPurchased}`, (it) => it.countPurchased === limit.countPurchased],
    [`activationKey.id: ${some.id}`, (it) => it.id === some.id],
    [`activationKey: ${some.activationKey}`, (it) => it.id === some.id],
    [
      `activationKey.isDisabled: true OR activationKey.isDisabled: false AND activationKey.countPurchased > 500`,
      (it) => it.isDisabled || it.countPurchased > 500,
    ],
    [
      `NOT (activationKey.isDisabled: true OR activationKey.countPurchased: [5 .. 100])`,
      (it) => !(it.isDisabled || (it.countPurchased >= 5 && it.countPurchased <= 100)),
    ],
  ];
}

for (const prefix of ['both', 'old', 'new']) {
  test.describe(`a service that takes ${prefix} token names`, () => {
    test.use({ switches: { 'token-prefix': prefix } });

    test('answers all four tokens in both spellings', async ({ signedIn, gateway, guard, canary }) => {
      canary.allows('page', 'the reader types the value into the query');
      guard.expectTrouble();
      const keys = await gateway.keys();
      for (const [text, fits] of cases(keys)) {
        const total = keys.filter(fits).length;
        expect(total, text).toBeGreaterThan(0);
        for (const query of [text, text.replaceAll('activationKey', 'qualys.agent.activationKey')]) {
          await signedIn.query.run(query);
          await signedIn.list.shows(1, Math.min(25, total), total);
        }
        await signedIn.query.run('');
        await signedIn.list.shows(1, 25, 200);
      }
    });
  });
}

test('an error names its place, and one click mends it', async ({ signedIn, gateway }) => {
  const { query, list } = signedIn;
  await gateway.clearLog();
  await query.run('(activationKey.isDisabled: true');
  const sentence = t('query.error_at', { position: '1', problem: t('query.error.unclosed_paren') });
  await expect(query.text).toHaveAccessibleDescription(holding(sentence));
  await expect(query.text).toHaveAttribute('aria-invalid', 'true');
  // A query with errors is not sent.
  expect(await gateway.log()).toEqual([]);
  await list.shows(1, 25, 200);

  await query.box.getByRole('button', { name: t('query.fix_insert', { text: ')' }), exact: true }).click();
  await expect(query.text).toHaveValue('(activationKey.isDisabled: true)');
  await query.text.press('Enter');
  const total = (await gateway.keys()).filter((it) => it.isDisabled).length;
  await list.shows(1, Math.min(25, total), total);
});

for (const [text, position, problem] of [
  ['activationKey.isDisabled:', 25, 'missing_value'],
  ['activationKey.isDisabled: true OR', 32, 'dangling_operator'],
  ['activationKey.isDisabled: true activationKey.id: 7', 32, 'missing_join'],
  ['activationKey.id: “7”', 19, 'curly_quote'],
  ['activationKey.id: [7 .. 9', 19, 'unclosed_bracket'],
  ['activationKey.id: 7)', 20, 'unopened_paren'],
  ['()', 1, 'empty_group'],
]) {
  test(`“${text}” is wrong at ${position}: ${problem}`, async ({ signedIn }) => {
    await signedIn.query.run(text);
    const sentence = t('query.error_at', { position: String(position), problem: t(`query.error.${problem}`) });
    await expect(signedIn.query.text).toHaveAccessibleDescription(holding(sentence));
  });
}

test('a token no document names is pointed out, and the refusal is shown whole', async ({ signedIn, guard }) => {
  guard.expectTrouble();
  await signedIn.query.run('owner: Berlin');
  await expect(signedIn.query.box.getByText(t('query.unknown_field', { field: 'owner' }))).toBeVisible();
  const alert = signedIn.list.main.getByRole('alert');
  await expect(alert).toContainText(t('error.invalid'));
  await expect(alert).toContainText('400');
  await expect(alert).toContainText(t('error.server_says'));
});

test('the builder writes the text', async ({ signedIn, gateway, page }) => {
  const { query, list } = signedIn;
  await query.openBuilder();
  await query.add.click();
  await expect(query.text).toHaveValue('activationKey.isDisabled: true');
  await query.add.click();
  const second = query.clause(2);
  await second.field.selectOption({ label: t('key.field_limit') });
  await second.operator.selectOption({ label: t('query.op_at_least') });
  await second.value.fill('100');
  await expect(query.text).toHaveValue('activationKey.isDisabled: true AND activationKey.countPurchased >= 100');
  await query.join.selectOption({ label: t('query.join_or') });
  await expect(query.text).toHaveValue('activationKey.isDisabled: true OR activationKey.countPurchased >= 100');
  await query.clause(1).not.check();
  await expect(query.text).toHaveValue('NOT activationKey.isDisabled: true OR activationKey.countPurchased >= 100');
  await query.search.click();
  const total = (await gateway.keys()).filter((it) => !it.isDisabled || it.countPurchased >= 100).length;
  await list.shows(1, 25, total);
  await expect(page).toHaveURL(/q=/);

  await query.tree.act(query.clause(1), 'query.remove_item');
  await expect(query.text).toHaveValue('activationKey.countPurchased >= 100');
});

test('the builder reads the text back, and shows what no row can hold as it was typed', async ({ signedIn }) => {
  const { query } = signedIn;
  await query.openBuilder();
  await query.text.fill('activationKey.isDisabled: false AND NOT activationKey.countPurchased < 25');
  await expect(query.clause(1).choice).toHaveValue('false');
  await expect(query.clause(2).not).toBeChecked();
  await expect(query.clause(2).field).toHaveValue('activationKey.countPurchased');
  await expect(query.clause(2).operator).toHaveValue('below');
  await expect(query.clause(2).value).toHaveValue('25');

  const rich = 'activationKey.isDisabled:true  AND (activationKey.id:7 OR activationKey.id:[1..3])';
  await query.text.fill(rich);
  await expect(query.clause('2.2').from).toHaveValue('1');
  await expect(query.clause('2.2').to).toHaveValue('3');
  await expect(query.tree.join('2')).toHaveValue('or');
  await expect(query.text).toHaveValue(rich);
  await query.text.fill('activationKey.isDisabled: true AND activationKey.id: (');
  await expect(query.clause(1).choice).toHaveValue('true');
  await expect(query.tree.part(2).group).toContainText('activationKey.id: (');
});

test('a key value in a query never gets into the address', async ({ signedIn, page, gateway, canary }) => {
  canary.allows('page', 'the reader types the value into the query');
  const { query, list } = signedIn;
  const key = (await gateway.keys())[3];
  await query.run(`activationKey: ${key.activationKey}`);
  await list.shows(1, 1, 1);
  expect(page.url()).not.toContain(key.activationKey.slice(0, 8));
  expect(page.url()).not.toMatch(/q=/);
  await expect(query.box.getByText(t('query.not_in_address'))).toBeVisible();
  await list.sortBy('list.column_expires');
  await list.shows(1, 1, 1);
  expect(page.url()).not.toMatch(/q=/);
  expect(await signedIn.storage()).not.toContain(key.activationKey);
});

test('a clause about what the list does not tell says so, found or not', async ({ signedIn }) => {
  const { query, list } = signedIn;
  const said = list.main.getByText(t('list.untold', { fields: t('key.field_network') }));
  await query.run('network: 64000');
  await expect(said).toBeVisible();
  await expect(list.screen('list.no_match_title')).toBeVisible();
  await query.run('NOT network: 64000');
  await expect(list.openers.first()).toBeVisible();
  await expect(said).toBeVisible();
  await query.run('used >= 0');
  await expect(said).toHaveCount(0);
});
