import { makeResidentNumber } from '@hutong/china';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { openAs, seen } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;

async function register(at: Hospital, id: string, name: string, sequence: number): Promise<void> {
  const response = await at.fetch('/fhir/Patient', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Patient',
      identifier: [
        { system: `urn:test:${at.code}`, value: id, type: { coding: [{ code: 'MR' }] } },
        {
          system: 'urn:oid:2.16.156.10011.1.3',
          value: makeResidentNumber({ areaCode: '500999', birthDate: '1980-05-06', sequence }),
        },
      ],
      name: [{ text: name }],
      gender: 'male',
      birthDate: '1980-05-06',
      telecom: [{ system: 'phone', value: `1293333444${sequence}` }],
    }),
  });
  expect(response.status).toBe(201);
}

beforeAll(async () => {
  platform = await testPlatform();
  const here = await platform.hospital('500112H01');
  const there = await platform.hospital('500106H02');
  // One number, two names: never linked by the engine, always shown to a person.
  for (const [sequence, left, right] of [
    [1, '张小明', '李国庆'],
    [3, '王芳', '赵大川'],
  ] as const) {
    await register(here, `a${sequence}`, left, sequence);
    await register(there, `b${sequence}`, right, sequence);
  }
  await platform.settled();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

test.each([
  ['zh', wide, '矛盾', '两个人', '已记录', '撤销刚才的决定', '确 ?定', '已撤销'],
  ['en', narrow, 'Conflict', 'Two people', 'Kept', 'Undo the last decision', 'Confirm', 'Undone'],
] as const)(
  'a pair is judged with S, a reason and Enter, the next one is there at once, and the decision is undone (%s)',
  async (language, viewport, conflict, separate, kept, undo, confirm, undone) => {
    const { page, failures } = await openAs(browser, platform.base, 'administrator', '/review', language, viewport);
    await page.locator('.review-decide').waitFor();
    const title = () => page.locator('#why-title').textContent();
    const first = await title();
    await page.locator('.agreement-conflict', { hasText: conflict }).first().waitFor();
    expect(await page.locator('.waterfall tbody tr').count()).toBeGreaterThan(2);
    expect(await page.locator('.review-card').count()).toBeGreaterThanOrEqual(2);
    await seen(page, `review-${language}`);
    await page.locator('h1').focus();
    await page.keyboard.press('s');
    await page.getByRole('button', { name: new RegExp(separate), pressed: true }).waitFor();
    await page.locator('.review-reason select').selectOption('different-person');
    await page.locator('.review-reason input').press('Enter');
    await page.locator('.review-done', { hasText: kept }).waitFor();
    await page.waitForFunction((before) => document.querySelector('#why-title')?.textContent !== before, first);
    const rows = async () =>
      (await platform.pool.query('select state, count(*)::int as n from identity.pair group by state order by state'))
        .rows;
    expect(await rows()).toEqual([
      { state: 'open', n: 1 },
      { state: 'separate', n: 1 },
    ]);
    await page.getByRole('button', { name: undo }).click();
    await page
      .locator('.review-undo')
      .getByRole('button', { name: new RegExp(confirm) })
      .click();
    await page.locator('.review-done', { hasText: undone }).waitFor();
    expect(await rows()).toEqual([{ state: 'open', n: 2 }]);
    await seen(page, `review-${language}-undone`);
    expect(failures).toEqual([]);
    await page.context().close();
  },
);
