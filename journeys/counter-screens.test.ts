import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeResidentNumber } from '@hutong/china';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { type Language, openAs, seen } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;
const numberOf = (birthDate: string, sequence: number): string =>
  makeResidentNumber({ areaCode: '500999', birthDate, sequence });
const parent = { name: '邓启明', number: numberOf('1985-03-04', 1), birthDate: '1985-03-04' };
const child = { name: '邓小满', number: numberOf('2020-06-07', 3), birthDate: '2020-06-07' };

beforeAll(async () => {
  platform = await testPlatform();
  const hospital = await platform.hospital('500112H01');
  for (const [at, { name, number, birthDate }] of [parent, child].entries()) {
    const made = await hospital.fetch('/fhir/Patient', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Patient',
        identifier: [
          { system: 'urn:mr', value: `C${at}` },
          { system: 'urn:oid:2.16.156.10011.1.3', value: number },
        ],
        name: [{ text: name }],
        birthDate,
      }),
    });
    expect(made.status).toBe(201);
  }
  await platform.settled();
  await platform.refreshDemo();
  // Somebody showed their papers a day and a half ago, and nothing came after it.
  const scanned = await hospital.fetch('/api/health-code/scan', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: parent.number, step: '010102', channel: '01' }),
  });
  expect(scanned.status).toBe(200);
  await platform.settled();
  await platform.pool.query("update health_code.expected_visit set at = at - interval '36 hours'");
  browser = await openBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

const open = async (login: string, path: string, language: Language, viewport = wide): Promise<Page> =>
  (await openAs(browser, platform.base, login, path, language, viewport)).page;

test('a counter registers a card by keyboard, binds a child, reviews what a colleague left in doubt, and registers a list', async () => {
  const page = await open('clinician', '/cards', 'zh');
  await page.getByText('没有待复核的登记').waitFor();
  await page.getByLabel('证件号码', { exact: true }).fill(parent.number);
  await page.getByLabel('姓名', { exact: true }).fill(parent.name);
  await page.keyboard.press('Enter');
  await page.locator('.card-id code').waitFor();
  expect(await page.locator('.card-id code').textContent()).toMatch(/^[0-9A-F]{64}$/);

  await page.getByLabel('持码人证件号码').fill(parent.number);
  await page.getByLabel('被代人证件号码').fill(child.number);
  await page.getByRole('button', { name: /^绑 ?定$/ }).click();
  await page.getByText('已绑定').waitFor();
  await page.getByRole('button', { name: '查看持码人代谁' }).click();
  await page.getByText('邓*满 · 父母').waitFor();

  await page
    .getByLabel('名单')
    .fill(`01,${numberOf('1991-01-02', 5)},宋一平\n01,${child.number},不是此人\n01,500999199113020011,坏号码`);
  await page.getByRole('button', { name: '登记这些人' }).click();
  await page.getByRole('cell', { name: '待复核' }).waitFor();
  const waiting = page.locator('[aria-labelledby=card-waiting]');
  await waiting.getByText('邓*满').waitFor();
  await waiting.getByText('本人登记的须由他人复核').waitFor();
  // A field half under the bar that stays in place would count as too small.
  await page.evaluate(() => window.scrollTo(0, 0));
  await seen(page, 'cards-zh');
  // The colleague at the next window.
  await platform.pool.query("update health_code.card set made_by = 'staff colleague' where state = 2");
  await page.reload();
  await waiting.getByRole('button', { name: /不通过/ }).click();
  await waiting.getByText('未通过').waitFor();
  await page.getByText('没有待复核的登记').waitFor();
}, 120_000);

test('the desk in English on a narrow screen, and what is wrong with a list is said by its line', async () => {
  const page = await open('clinician', '/cards', 'en', narrow);
  await page.getByRole('textbox', { name: 'List' }).fill('01,1,A\nidentity card,2,B');
  await page.getByRole('button', { name: 'Register them' }).click();
  await page.getByRole('alert').filter({ hasText: 'Line 2' }).waitFor();
  await page.evaluate(() => window.scrollTo(0, 0));
  await seen(page, 'cards-en');
}, 60_000);

test('a table of registrations is uploaded, its rows are counted, and its results can be fetched', async () => {
  const page = await open('integrator', '/registrations', 'zh');
  await page.getByText('还没有上传过登记表').waitFor();
  const file = join(tmpdir(), `hutong-registrations-${process.pid}.csv`);
  writeFileSync(
    file,
    `患者编号,证件号码,姓名,性别,出生日期,电话,现住址,登记时间\nG1,${numberOf('1970-02-03', 7)},钱伯年,男,1970-02-03,12912345678,某路1号,2026/11/20 08:00\nG2,,,男,1970-02-03,,,2026/11/20 08:00\n`,
  );
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: /^上 ?传$/ }).click();
  await page.getByText(/已入档 1 · 有误 1/).waitFor();
  await seen(page, 'registrations-zh');
  const href = await page.getByRole('link', { name: /逐行结果/ }).getAttribute('href');
  const results = await page.evaluate(async (path) => (await fetch(path)).text(), href as string);
  expect(results.trim().split('\r\n')).toHaveLength(3);
  expect(results).toContain('files.required');
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: /^上 ?传$/ }).click();
  await page.getByText('这份文件此前已上传过').waitFor();
  const english = await open('integrator', '/registrations', 'en', narrow);
  await english.getByText('1 recorded · 1 with errors').waitFor();
  await seen(english, 'registrations-en');
}, 120_000);

test.each([
  ['zh', wide, '就诊'],
  ['en', narrow, 'Consultation'],
] as const)(
  'scans that no visit followed are shown without names (%s)',
  async (language, viewport, step) => {
    const page = await open('operator', '/visits', language, viewport);
    await page.getByRole('cell', { name: step }).first().waitFor();
    expect(await page.locator('main').textContent()).not.toContain('邓');
    await seen(page, `visits-${language}`);
  },
  60_000,
);
