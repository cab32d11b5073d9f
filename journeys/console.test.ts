import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { storedMessages } from '../server/test/stored.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { liveInCity } from './city.ts';
import { logIn, openPage, seen } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;
/** HUTONG_SHOTS=folder keeps a picture of every screen that a journey passes. */

beforeAll(async () => {
  expect(
    existsSync(join(import.meta.dirname, '../web/console/dist/index.html')),
    'the console is built by npm test',
  ).toBe(true);
  platform = await testPlatform({ env: { HUTONG_CITY_SIZE: '120' } });
  await liveInCity(platform, 120, 60);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

test('a visitor lets the fever clinic send a case and sees it travel to the end', async () => {
  const { page, failures } = await openPage(browser, 'zh', { worst: 500 });
  await page.goto(platform.base);
  await seen(page, 'tour-zh');
  await page.getByRole('button', { name: '让发热门诊报一例' }).click();
  await page.getByText(/已走完全程，用时/).waitFor({ timeout: 60_000 });
  await seen(page, 'tour-zh-arrived');
  expect(failures).toEqual([]);
});

test('an integrator finds a message that was not understood, corrects it, and it enters the record', async () => {
  const { rows } = await platform.pool.query<{ application: string; facility: string }>(
    `select s.application, s.facility from directory.sender s join directory.staff p on p.institution = s.institution where p.login = 'integrator' and s.protocol = 'hl7v2-mllp'`,
  );
  const sender = rows[0] as { application: string; facility: string };
  const mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  const answer = await mllp.send(
    Buffer.from(
      `MSH|^~\\&|${sender.application}|${sender.facility}|HUTONG|CQ|20261101080000+0800||ADT^A04^ADT_A01|JOURNEY1|P|2.5.1|||||CHN|UNICODE UTF-8\rPID|1||||旅程^测试||19800101|M\rPV1|1|O|||||||||||||||||V-JOURNEY1\r`,
    ),
  );
  await mllp.close();
  expect(answer.toString()).toMatch(/MSA\|AE\|JOURNEY1[\s\S]*ERR\|.*PID/);
  const { page, failures } = await openPage(browser, 'zh', { worst: 500 });
  await logIn(page, platform.base, 'integrator', '/connections');
  await seen(page, 'connections-zh');
  await page.goto(`${platform.base}/inbox?state=held&q=JOURNEY1`);
  await page.locator('a[href^="/inbox/"]').first().click();
  await page.getByRole('button', { name: '更正后重放' }).waitFor();
  await seen(page, 'message-zh');
  await page.getByRole('button', { name: '更正后重放' }).click();
  const editor = page.getByLabel('更正后的原文');
  await editor.fill((await editor.inputValue()).replace('PID|1||||', 'PID|1||J1^^^H^MR||'));
  await page.getByLabel('理由').fill('补上病历号');
  await page.getByRole('button', { name: '重放', exact: true }).last().click();
  await page.getByText('重放成功，消息已入档。').waitFor();
  await seen(page, 'message-zh-replayed');
  const kept = await storedMessages<{ state: string }>(platform.pool, 'o.state', `m.control_id = 'JOURNEY1'`);
  expect(kept).toHaveLength(1);
  expect(kept[0]?.state).toBe('replayed');
  expect(kept[0]?.raw.toString()).not.toContain('J1^^^H');
  expect(kept[0]?.correction?.toString()).toContain('J1^^^H');
  await page.goto(`${platform.base}/unmapped`);
  await seen(page, 'unmapped-zh');
  expect(failures).toEqual([]);
});

/** Somebody the clinician's hospital has treated, with much to see at several institutions. */
async function richResident(): Promise<{ name: string; strangers: string }> {
  const { rows } = await platform.pool.query<{ name: string }>(
    `select s.name from identity.source s join directory.staff p on p.institution = s.institution and p.login = 'clinician'
     join identity.source other on other.resident = s.resident join record_index.care_event e on e.subject = other.id where s.name is not null group by s.name, s.resident order by count(distinct other.institution) desc, count(*) desc limit 1`,
  );
  const { rows: strangers } = await platform.pool.query<{ name: string }>(
    `select s.name from identity.source s where s.name is not null and not exists (select 1 from identity.source own join directory.staff p on p.institution = own.institution and p.login = 'clinician' where own.name = s.name or own.resident = s.resident) order by s.id limit 1`,
  );
  return { name: rows[0]?.name as string, strangers: strangers[0]?.name as string };
}

test('a clinician opens one record: front page, time-line, values of all hospitals, and who looked', async () => {
  const { name } = await richResident();
  const { page, failures } = await openPage(browser, 'zh', { worst: 500 });
  await logIn(page, platform.base, 'clinician', '/residents');
  await page.getByLabel('姓名、身份证号、手机号或院内编号').fill(name);
  await page.keyboard.press('Enter');
  await page
    .getByRole('link', { name: new RegExp(name) })
    .first()
    .click();
  await page.getByText('我为什么能看').waitFor();
  expect(page.url()).not.toContain(encodeURIComponent(name));
  await seen(page, 'resident-zh');
  await page.getByText('诊疗关系').first().waitFor();
  await page.getByRole('link', { name: '检验趋势' }).click();
  await page.locator('canvas, svg[role=img], table').first().waitFor();
  await seen(page, 'laboratory-zh');
  await page.getByText('谁看过').waitFor();
  expect(failures).toEqual([]);
});

test('without a care relationship the record stays closed until the glass is broken, with a reason, on the record', async () => {
  const { strangers } = await richResident();
  const { page, failures } = await openPage(browser, 'en', { worst: 500 });
  await logIn(page, platform.base, 'clinician', '/residents');
  await page.getByLabel('Name, resident number, phone or local number').fill(strangers);
  await page.keyboard.press('Enter');
  await page.locator('a[href^="/residents/"][aria-label]').first().click();
  await page.getByRole('button', { name: 'Emergency access' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Situation').selectOption('unconscious');
  await dialog.getByLabel('Explanation').fill('Unconscious in the emergency room');
  await seen(page, 'break-glass-en');
  await dialog.getByRole('button', { name: 'It is an emergency: open the record' }).click();
  await page
    .getByText(/Break-glass/)
    .first()
    .waitFor();
  await seen(page, 'resident-en-broken');
  const { rows } = await platform.pool.query('select reason_code, reason from access.break_glass');
  expect(rows).toEqual([{ reason_code: 'unconscious', reason: 'Unconscious in the emergency room' }]);
  expect(failures).toEqual([]);
});

test.each([
  ['operator', '/operations', 'operations'],
  ['auditor', '/operations', 'audit'],
  ['administrator', '/institutions', 'institutions'],
  ['administrator', '/connections', 'commission'],
] as const)(
  '%s sees %s wide in Chinese and narrow in English, and axe finds nothing serious',
  async (login, path, name) => {
    for (const [language, viewport] of [
      ['zh', wide],
      ['en', narrow],
    ] as const) {
      const { page, failures } = await openPage(browser, language, { viewport, worst: 500 });
      await logIn(page, platform.base, login, path);
      await page.locator('h1').waitFor();
      await seen(page, `${name}-${language}`);
      // Nothing is wider than the screen it is shown on.
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBeLessThanOrEqual(0);
      expect(await page.evaluate(() => document.documentElement.lang)).toMatch(language === 'zh' ? /^zh/ : /^en/);
      expect(failures).toEqual([]);
      await page.context().close();
    }
  },
);

test('a page that does not exist says so, and the keyboard alone reaches the content', async () => {
  const { page } = await openPage(browser, 'en', { worst: 500 });
  await logIn(page, platform.base, 'operator', '/operations');
  await page.locator('h1').waitFor();
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement?.textContent ?? '');
  expect(first.toLowerCase()).toContain('skip');
  await page.goto(`${platform.base}/no-such-page`);
  await page.locator('h1').waitFor();
  await seen(page, 'lost-en');
});
