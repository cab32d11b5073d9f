import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { openDirectory } from '../server/src/core/directory/index.ts';
import { detect } from '../server/src/services/surveillance/detection.ts';
import { readLists } from '../server/src/services/surveillance/read-lists.ts';
import { visit } from '../server/src/services/surveillance/test-messages.ts';
import { departmentOf } from '../server/test/department.ts';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { clean, openAs, takeAlertToItsEnd } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;
const dayMs = 86_400_000;
const now = Date.now();
const day = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

beforeAll(async () => {
  expect(
    existsSync(join(import.meta.dirname, '../web/console/dist/index.html')),
    'the console is built by npm test',
  ).toBe(true);
  platform = await testPlatform();
  await platform.hospital('500106H01', {
    area: '500106',
    tier: 3,
    nameZh: '沙坪坝测试医院',
    nameEn: 'Shapingba Test Hospital',
  });
  await platform.refreshDemo();
  const mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort, pipeline: 8 });
  const seen = (id: string, days: number, birth: string) => ({
    facility: 'FAC-500106H01',
    id,
    at: now - days * dayMs - 3_600_000,
    area: '500106',
    birth,
  });
  const messages = [
    ...Array.from({ length: 49 }, (_, days) => visit(seen(`N${days}`, days, '19600101'), 'I10^原发性高血压')),
    // Seven children, not one: the index would link namesakes of one telephone.
    ...['赵一鸣', '钱思远', '孙雨桐', '李沐阳', '周子墨', '吴佳怡', '郑浩然'].map((name, n) =>
      visit({ ...seen(`M${n}`, n % 5, `201${n}0${n + 1}1${n}`), name }, 'B05.9^麻疹'),
    ),
    visit(seen('P1', 0, '19880512'), 'J09^人感染新亚型流感'),
  ];
  const answers = await Promise.all(messages.map((message) => mllp.send(message)));
  expect(answers.every((answer) => answer.includes('MSA|AA'))).toBe(true);
  mllp.close();
  await platform.settled();
  await detect({ pool: platform.pool, directory: await openDirectory(platform.pool), lists: readLists() }, new Date());
  await platform.staff('administrator').then((ask) =>
    ask('/api/surveillance/agreements', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: 'XY-2026-01',
        client: 'medicine-board',
        channel: 'medicine-sales',
        purpose: '传染病多点触发监测',
        validFrom: day(now - 400 * dayMs),
      }),
    }),
  );
  const send = await departmentOf(platform, 'medicine-board', 'XY-2026-01');
  const sold = { topic: 'antidiarrhoeal', area: '500106', day: day(now - 2 * dayMs), value: 12 };
  // A file, the same once more, a corrected one with a district that was merged, and one that nobody can use.
  const files = [
    [sold],
    [sold],
    [
      { ...sold, value: 15 },
      { ...sold, area: '500112' },
    ],
    [{ ...sold, value: -3 }],
  ];
  const kept: number[] = [];
  for (const file of files) kept.push((await send(file)).status);
  expect(kept).toEqual([201, 201, 201, 400]);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

test('a doctor finds the card that opened itself, fills what is missing and reports it', async () => {
  const { page, failures } = await openAs(browser, platform.base, 'clinician', '/report-cards', 'zh');
  await page.getByRole('link', { name: '人感染新亚型流感' }).waitFor();
  await clean(page, 'cards-zh');
  await page.getByRole('link', { name: '人感染新亚型流感' }).click();
  await page.getByRole('heading', { level: 1, name: /人感染新亚型流感 · 林晓峰/ }).waitFor();
  // An id with a dot is no file: the page of a card opens by its address too.
  await page.reload();
  await page.getByRole('heading', { level: 1, name: /人感染新亚型流感 · 林晓峰/ }).waitFor();
  await clean(page, 'card-zh');
  await page.getByLabel('人群分类').selectOption({ label: '14 干部职员' });
  await page.getByRole('button', { name: '核对无误，报出' }).click();
  await page.getByText('以下项目需要补正后才能报出').waitFor();
  await page.getByText('工作单位（学生填学校、班级）：必填').waitFor();
  await clean(page, 'card-problems-zh');
  await page.getByLabel('有效证件类别').selectOption({ label: '00 无有效证件' });
  await page.getByLabel('工作单位').fill('红石路街道办事处');
  await page.getByLabel('发病日期').fill(day(now - dayMs));
  await page.getByLabel('感染来源').selectOption({ label: '3 本地感染' });
  await page.getByRole('button', { name: '核对无误，报出' }).click();
  await page.getByText('已报出，待县级审核').waitFor();
  await page.getByText('干部职员').first().waitFor();
  // The one refusal is the report with gaps, which the screen has explained.
  expect(failures).toEqual([expect.stringMatching(/^400 .*\/confirm$/)]);
  await clean(page, 'card-reported-zh');
});

test('the CDC returns a card with its reason and approves it level by level when it comes back', async () => {
  const cdc = await openAs(browser, platform.base, 'epidemiologist', '/report-cards', 'zh');
  await cdc.page.getByLabel('状态').selectOption('review');
  await cdc.page.getByRole('link', { name: '人感染新亚型流感' }).click();
  await cdc.page.getByLabel('理由').selectOption({ label: '住址不明确' });
  await cdc.page.getByRole('button', { name: '退回' }).click();
  await cdc.page.locator('.badge', { hasText: '退回补正' }).waitFor();
  const doctor = await openAs(browser, platform.base, 'clinician', '/report-cards', 'zh');
  await doctor.page.getByRole('link', { name: '人感染新亚型流感' }).click();
  await doctor.page.getByLabel('显示全部项目以便更正').check();
  await doctor.page.getByLabel('现住址（至门牌）').fill('红石路2号3单元5-1');
  await doctor.page.getByRole('button', { name: '核对无误，报出' }).click();
  await doctor.page.getByText('红石路2号3单元5-1').first().waitFor();
  await cdc.page.reload();
  for (const state of ['县级已审，待上级', '终审通过']) {
    await cdc.page.getByRole('button', { name: '审核通过' }).click();
    await cdc.page.locator('.badge', { hasText: state }).waitFor();
  }
  await clean(cdc.page, 'card-approved-zh');
  expect([...cdc.failures, ...doctor.failures]).toEqual([]);
});

test('the prevention office sees which reports are missing', async () => {
  await platform.surveillanceChores(new Date());
  const { page, failures } = await openAs(browser, platform.base, 'prevention', '/missed-reports', 'zh');
  await page.getByRole('link', { name: '麻疹' }).first().waitFor();
  await clean(page, 'missed-zh');
  expect(failures).toEqual([]);
});

test('an epidemiologist takes the first alert of the inbox through its steps to the end, by clicks', async () => {
  const { page, failures } = await openAs(browser, platform.base, 'epidemiologist', '/signals', 'zh');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  expect(await rows.first().textContent()).toContain('人感染新亚型流感 · 沙坪坝区');
  expect(await rows.nth(1).textContent()).toContain('麻疹 · 沙坪坝区');
  await clean(page, 'signals-zh');
  await page.getByRole('link', { name: /^麻疹 · 沙坪坝区/ }).click();
  await page.getByRole('img', { name: /7 天窗口的计数与上限/ }).waitFor();
  await clean(page, 'signal-zh');
  await takeAlertToItsEnd(page);
  await page.goto(`${platform.base}/signals`);
  await rows.first().waitFor();
  expect(await page.locator('tbody').textContent()).not.toContain('麻疹 ·');
  expect(failures).toEqual([]);
});

test('the screens speak English, and fit a telephone', async () => {
  for (const [language, viewport] of [
    ['en', wide],
    ['en', narrow],
    ['zh', narrow],
  ] as const) {
    const { page, failures } = await openAs(browser, platform.base, 'epidemiologist', '/signals', language, viewport);
    const name = `${language}-${viewport.width}`;
    await page.locator('tbody tr').first().waitFor();
    await clean(page, `signals-${name}`);
    await page.locator('tbody a').first().click();
    await page.locator('.acts').waitFor();
    await clean(page, `signal-${name}`);
    const { rows } = await platform.pool.query<{ id: string }>(
      "select id from surveillance.signal where jsonb_array_length(evidence->'series') > 0 limit 1",
    );
    for (const path of ['/report-cards', '/missed-reports', '/channels', `/signals/${rows[0]?.id}`]) {
      await page.goto(`${platform.base}${path}`);
      await page.locator('table').first().waitFor();
      await clean(page, `${path.split('/')[1]}-${path.split('/').length}-${name}`);
      if (path !== '/channels') continue;
      const sent = await page.getByRole('region').or(page.locator('section')).last().textContent();
      for (const word of language === 'en'
        ? [
            'Sent again, nothing changed',
            'Line 1: the value is missing or negative',
            'Lines with the code of a merged area: 1',
          ]
        : ['重复报送，无变化', '第 1 行：数值缺失或为负', '1 行用的是已撤并的区划代码'])
        expect(sent).toContain(word);
    }
    await page.goto(`${platform.base}/report-cards`);
    await page.locator('tbody a').first().click();
    await page.locator('.card-fields').first().waitFor();
    await clean(page, `card-${name}`);
    if (language === 'en') {
      // Names, and the values of the statutory card, are written as the law has them; every word of the screen itself is English.
      const words = await page.locator('main').evaluate((main) => {
        for (const value of main.querySelectorAll('h1, .card-fields dd')) value.remove();
        return main.textContent ?? '';
      });
      expect(words.match(/[\u4e00-\u9fff]+/g)).toBeNull();
    }
    expect(failures).toEqual([]);
    await page.context().close();
  }
});

test('an administrator registers the agreement under which a department may send counts', async () => {
  const { page, failures } = await openAs(browser, platform.base, 'administrator', '/channels', 'zh');
  await page.getByLabel('协议编号').fill('XY-2026-02');
  await page.getByLabel('渠道').selectOption({ label: '学校与托幼机构缺勤' });
  await page.getByLabel('接口编号').fill('education-board');
  await page.getByLabel('用途').fill('传染病多点触发监测');
  await page.getByLabel('起', { exact: true }).fill(day(now));
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('table').getByText('XY-2026-02').waitFor();
  await clean(page, 'channels-agreements-zh');
  expect(failures).toEqual([]);
  await page.context().close();
});
