import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { visit } from '../server/src/services/surveillance/test-messages.ts';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { clean, openAs } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;
const dayMs = 86_400_000;
const now = Date.now();
const day = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

beforeAll(async () => {
  expect(existsSync(join(import.meta.dirname, '../web/console/dist/index.html'))).toBe(true);
  platform = await testPlatform();
  await platform.hospital('500106H01', { area: '500106', nameZh: '沙坪坝测试医院', nameEn: 'Shapingba Test Hospital' });
  await platform.refreshDemo();
  const mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  for (const message of [
    ...Array.from({ length: 5 }, (_, n) =>
      visit(
        {
          facility: 'FAC-500106H01',
          id: `M${n}`,
          at: now - n * dayMs - 3_600_000,
          area: '500106',
          birth: `201${n}0101`,
          name: `何清${'扬远山川林'[n]}`,
        },
        'B05.9^麻疹',
      ),
    ),
    visit({ facility: 'FAC-500106H01', id: 'P1', at: now - 3_600_000, area: '500106' }, 'J09^人感染新亚型流感'),
  ])
    expect((await mllp.send(message)).toString()).toContain('MSA|AA');
  await platform.settled();
  mllp.close();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
});

test('an epidemiologist reads the line list, opens names with a trace, adds a contact and links two cases', async () => {
  const { page } = await openAs(browser, platform.base, 'epidemiologist', '/line-list', 'zh');
  await page.getByText('病例 5 例').waitFor();
  expect(await page.locator('main').textContent()).not.toContain('何清');
  await clean(page, 'line-list-zh');
  await page.getByRole('button', { name: '显示本页姓名（逐人留痕）' }).click();
  await page.getByText('何清扬').waitFor();
  await page
    .getByRole('link', { name: /接触者 0/ })
    .first()
    .click();
  await page.getByLabel('名称或姓名').fill('欧阳静');
  await page.getByLabel('电话（人员）').fill('13800001234');
  await page.getByLabel('关系').fill('家人');
  await page.getByLabel('接触场所或方式').fill('家庭');
  await page.getByLabel('最后接触').fill(day(now - dayMs));
  await page.getByRole('button', { name: '增加接触者' }).click();
  await page.getByText('欧*静').waitFor();
  await page.getByRole('button', { name: '正常', exact: true }).click();
  await page.locator('.day-well').waitFor();
  const source = page.getByLabel('上一代病例');
  await source.locator('option').nth(1).waitFor({ state: 'attached' });
  await source.selectOption({ index: 2 });
  await page.getByRole('button', { name: '连线', exact: true }).click();
  await page.locator('.tree .tree .tree-current').waitFor();
  await clean(page, 'contacts-zh');
  await page.goto(`${platform.base}/follow-up`);
  await page.getByLabel('具体类别').selectOption({ label: '学校' });
  await page.getByLabel('名称或姓名').fill('红石路小学');
  await page.getByLabel('区县代码（6 位）').fill('500106');
  await page.getByLabel('原因').fill('一周内多例麻疹');
  await page.getByLabel('任务内容').fill('入校排查');
  await page.getByLabel('截止日期').fill(day(now - dayMs));
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText('逾期 1').waitFor();
  await clean(page, 'follow-up-zh');
  await page.getByRole('button', { name: '办结' }).click();
  await page.getByLabel('结果').fill('无新增');
  await page.getByRole('button', { name: '办结' }).click();
  await page.getByText('无新增').waitFor();
  await page.context().close();
});

test('a product is drafted on the signal’s page and signed by the commission', async () => {
  const { page: cdc } = await openAs(browser, platform.base, 'epidemiologist', '/signals', 'zh');
  await cdc.getByRole('link', { name: /^人感染新亚型流感/ }).click();
  await cdc.getByRole('button', { name: '公众健康风险提示' }).click();
  await cdc.getByRole('heading', { name: /关于沙坪坝区人感染新亚型流感的公众健康风险提示/ }).waitFor();
  await clean(cdc, 'notice-draft-zh');
  await cdc.getByRole('button', { name: '提交签发' }).click();
  await cdc.getByText('待签发').first().waitFor();
  const path = new URL(cdc.url()).pathname;
  const { page: commission } = await openAs(browser, platform.base, 'administrator', path, 'zh');
  await commission.getByRole('button', { name: '签发', exact: true }).click();
  await commission
    .getByText(/疾控风提〔\d{4}〕1号/)
    .first()
    .waitFor();
  await clean(commission, 'notice-issued-zh');
  await commission.goto(`${platform.base}/exchange`);
  await commission.getByText('登记协议').waitFor();
  await clean(commission, 'exchange-zh');
  await cdc.context().close();
  await commission.context().close();
});

test('the screens of case work speak English, and fit a telephone', async () => {
  for (const viewport of [wide, narrow]) {
    const { page } = await openAs(browser, platform.base, 'epidemiologist', '/line-list', 'en', viewport);
    await page.getByText('5 cases').first().waitFor();
    await clean(page, `line-list-en-${viewport.width}`);
    for (const [path, name] of [
      ['/follow-up', 'follow-up'],
      ['/contacts', 'contacts'],
      ['/notices', 'notices'],
      ['/exchange', 'exchange'],
    ] as const) {
      await page.goto(`${platform.base}${path}`);
      await page.locator('h1').waitFor();
      await clean(page, `${name}-en-${viewport.width}`);
    }
    await page.context().close();
  }
});
