import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dateOfDay, dayNumber } from '@hutong/epi';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDirectory } from '../server/src/core/directory/index.ts';
import { openIdentity } from '../server/src/core/identity/index.ts';
import { dayOf } from '../server/src/services/surveillance/decide.ts';
import { detect } from '../server/src/services/surveillance/detection.ts';
import { readLists } from '../server/src/services/surveillance/read-lists.ts';
import { startWatch } from '../server/src/services/surveillance/watch/jobs.ts';
import { addHeard, addPast, influenzaPast } from '../server/src/services/surveillance/watch/test-history.ts';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { clean, openAs } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;
const shots = process.env.HUTONG_SHOTS;
const folder = mkdtempSync(join(tmpdir(), 'hutong-boundaries-'));
const today = dayNumber(dayOf(Date.now()));
const districts = ['500106', '500107', '500103', '500108'];

/** Squares in place of the outlines that only an operator has. */
function boundaryFile(): string {
  const square = (x: number, y: number) => [
    [x, y],
    [x + 0.9, y],
    [x + 0.9, y + 0.9],
    [x, y + 0.9],
    [x, y],
  ];
  const features = districts.map((code, index) => ({
    type: 'Feature',
    properties: { code },
    geometry: { type: 'Polygon', coordinates: [square(106 + (index % 2), 29 + Math.floor(index / 2))] },
  }));
  const path = join(folder, 'boundaries.json');
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

beforeAll(async () => {
  expect(
    existsSync(join(import.meta.dirname, '../web/console/dist/index.html')),
    'the console is built by npm test',
  ).toBe(true);
  platform = await testPlatform({ env: { BOUNDARIES_FILE: boundaryFile() } });
  for (const area of districts) await platform.hospital(`${area}H01`, { area });
  await platform.refreshDemo();
  const directory = await openDirectory(platform.pool);
  const institutions = directory.institutions();
  await addPast(platform.pool, institutions[0]?.id ?? 0, influenzaPast(today, districts));
  for (const { id } of institutions) await addHeard(platform.pool, id, dateOfDay(today - 4 * 365), dateOfDay(today));
  const administrator = await platform.staff('administrator');
  const entered = await administrator('/api/surveillance/population', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      validFrom: '2020-11-01',
      note: '第七次全国人口普查公报',
      items: districts.map((area, index) => ({ area, n: 600_000 + index * 300_000 })),
    }),
  });
  expect(entered.status).toBe(201);
  const door = { pool: platform.pool, directory, lists: readLists() };
  await detect(door, new Date());
  const watch = startWatch({ ...door, identity: openIdentity(platform.pool) }, (error) => {
    throw error;
  });
  await watch.runNow(new Date());
  await watch.stop();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  rmSync(folder, { recursive: true, force: true });
});

const screens = [
  { path: '/situation', ready: '.tile' },
  { path: '/risk-map', ready: '.tile-grid' },
  { path: '/estimates', ready: '.watch-chart' },
  { path: '/rules', ready: '.rule-fields' },
  { path: '/performance', ready: '.figures' },
  { path: '/bulletin', ready: '.bulletin table' },
];

for (const [language, viewport] of [
  ['zh', wide],
  ['en', wide],
  ['en', narrow],
  ['zh', narrow],
] as const)
  test(`every screen of the watch, ${language}, ${viewport.width} wide`, { timeout: 600_000 }, async () => {
    const { page, failures } = await openAs(browser, platform.base, 'epidemiologist', '/situation', language, viewport);
    for (const { path, ready } of screens) {
      if (path !== '/situation') await page.goto(`${platform.base}${path}`);
      await page.locator(ready).first().waitFor();
      await clean(page, `watch-${path.slice(1)}-${language}-${viewport.width}`);
      if (language === 'en') {
        // What people wrote into notes stays as they wrote it; every word of the screens is English.
        const words = await page.locator('main').evaluate((main) => main.textContent ?? '');
        expect(words.match(/[\u4e00-\u9fff]+/g), path).toBeNull();
      }
    }
    expect(failures).toEqual([]);
    await page.context().close();
  });

test('the map: the slider goes back in time by keyboard, the operator’s boundaries are drawn, clusters are named', async () => {
  const { page, failures } = await openAs(browser, platform.base, 'epidemiologist', '/risk-map', 'zh');
  const grid = page.locator('.tile-grid');
  await grid.waitFor();
  const now = await grid.getAttribute('aria-label');
  expect(now).toContain('流行性感冒');
  expect(await page.locator('.map-cluster').count()).toBeGreaterThan(0);
  expect(await page.locator('.map-abolished').count()).toBe(1);
  expect(await page.locator('.map-gap .map-name', { hasText: '城口' }).count()).toBe(1);
  await page.getByRole('slider').focus();
  for (let back = 0; back < 8; back++) await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => grid.getAttribute('aria-label'), { timeout: 10_000 }).not.toBe(now);
  expect(await page.locator('.map-cluster').count()).toBe(0);
  await page.goto(`${platform.base}/risk-map?view=borders`);
  await page.locator('svg.watch-chart path title').first().waitFor({ state: 'attached' });
  expect(await page.locator('svg.watch-chart circle').count()).toBeGreaterThan(0);
  await clean(page, 'watch-map-borders');
  expect(failures).toEqual([]);
});

test('a rule is tried, kept, enabled and undone by clicks', async () => {
  const { page, failures } = await openAs(browser, platform.base, 'epidemiologist', '/rules', 'zh');
  await page.getByLabel('方法').first().selectOption({ label: '移动百分位（CIDARS）' });
  await page.getByLabel('历史年数').fill('2');
  await page.getByLabel('用过去几年检验').selectOption('1');
  await page.getByRole('button', { name: '检验', exact: true }).click();
  await page.getByText('它本会形成的收件箱').first().waitFor();
  await page.getByLabel('方法').first().selectOption({ label: '季节回归（平台推荐）' });
  await page.getByRole('button', { name: '检验', exact: true }).click();
  const results = page.locator('table', { has: page.getByText('检验结果', { exact: true }) });
  await results.locator('tbody tr').nth(1).waitFor();
  await clean(page, 'watch-rules-tried');
  await page.getByRole('button', { name: '存为新版本' }).click();
  await page.getByRole('button', { name: '启用第 1 版' }).click();
  await page.getByLabel('理由').fill('回溯检验信号少而不漏');
  await page.getByRole('button', { name: '确认' }).click();
  await page.locator('tbody').getByText('启用中').first().waitFor();
  await page.getByRole('button', { name: '撤销上一步' }).click();
  await page.getByLabel('理由').fill('先观察一周再说');
  await page.getByRole('button', { name: '确认' }).click();
  await page.getByRole('button', { name: '启用第 1 版' }).waitFor();
  await clean(page, 'watch-rules-kept');
  expect(failures).toEqual([]);
});

test('an outbreak that no signal found is noted; the bulletin turns its weeks and prints without the frame', async () => {
  const { page, failures } = await openAs(browser, platform.base, 'epidemiologist', '/performance', 'zh');
  await page.getByText('记录一起').click();
  await page.getByLabel('病种').selectOption({ label: '麻疹' });
  await page.getByLabel('地区').selectOption({ label: '南岸区' });
  await page.getByLabel('开始日').fill(dateOfDay(today - 5));
  await page.getByLabel('如何得知').fill('学校电话报告，平台没有预警');
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('table').getByText('学校电话报告，平台没有预警').waitFor();
  await page.goto(`${platform.base}/bulletin`);
  const lead = page.locator('.page-lead');
  await lead.waitFor();
  const shown = await lead.textContent();
  await page.getByRole('button', { name: '上一周' }).click();
  await expect.poll(() => lead.textContent(), { timeout: 10_000 }).not.toBe(shown);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('header.head').isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(false);
  if (shots) await page.pdf({ path: join(shots, 'bulletin.pdf'), format: 'A4' });
  expect(failures).toEqual([]);
});

test('a page that a role may not open says so, and the server is not asked for its figures', async () => {
  const { page } = await openAs(browser, platform.base, 'clinician', '/report-cards', 'zh');
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  await page.goto(`${platform.base}/performance`);
  await page.getByRole('heading', { level: 1, name: '403 · 您的角色没有此项权限' }).waitFor();
  await clean(page, 'watch-closed');
  expect(asked.filter((path) => path.startsWith('/api/surveillance'))).toEqual([]);
});
