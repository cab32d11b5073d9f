import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openContext, wide } from './browser.ts';

export type Language = 'zh' | 'en';
export type Opened = { page: Page; failures: string[] };

/** A page in one language and width, that notes what goes wrong on it: script errors and answers from `worst` on (400 unless told). */
export async function openPage(
  browser: Browser,
  language: Language,
  { viewport = wide, worst = 400, timeout = 60_000 } = {},
): Promise<Opened> {
  const context = await openContext(browser, language, viewport);
  context.setDefaultTimeout(timeout);
  // As the language switch leaves it; a test that switches must not be switched back by the next address.
  await context.addInitScript(
    (value) => localStorage.getItem('hutong.language') ?? localStorage.setItem('hutong.language', value),
    language === 'zh' ? 'zh-CN' : 'en',
  );
  const page = await context.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on(
    'response',
    (response) => response.status() >= worst && failures.push(`${response.status()} ${response.url()}`),
  );
  return { page, failures };
}

/** Through the login page of a demo account to an address of the console or the resident's app. */
export async function logIn(page: Page, base: string, login: string, path: string): Promise<void> {
  await page.goto(`${base}/login?as=${login}&to=${encodeURIComponent(path)}`);
  await page.locator('button[type=submit]').first().click();
  await page.waitForURL((url) => url.pathname === path.split('?')[0]);
}

/** A page of a demo account. */
export async function openAs(
  browser: Browser,
  base: string,
  login: string,
  path: string,
  language: Language,
  viewport = wide,
): Promise<Opened> {
  const opened = await openPage(browser, language, { viewport });
  await logIn(opened.page, base, login, path);
  return opened;
}

const shots = process.env.HUTONG_SHOTS;
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
type Finding = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];
const isSerious = ({ impact }: Finding): boolean => impact === 'serious' || impact === 'critical';

/** HUTONG_SHOTS=folder keeps a picture of every page that a journey looks at. */
async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

async function fits(page: Page, name: string, findings: readonly Finding[]): Promise<void> {
  expect(findings.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    `${name} is no wider than its screen`,
  ).toBeLessThanOrEqual(0);
}

/** Nothing serious by WCAG 2.2 AA, and no wider than the screen. */
export async function seen(page: Page, name: string): Promise<void> {
  await picture(page, name);
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze();
  await fits(page, name, violations.filter(isSerious));
}

/** No finding of axe at all, its best practices included, and no wider than the screen. */
export async function clean(page: Page, name: string): Promise<void> {
  await picture(page, name);
  await fits(page, name, (await new AxeBuilder({ page }).analyze()).violations);
}

/** From the open page of a signal to the end of its alert's life: acknowledged, suspected, investigated, answered. In Chinese. */
export async function takeAlertToItsEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: '确认收到' }).click();
  for (const [step, reason] of [
    ['判为疑似事件', '病例间有关联'],
    ['派出现场调查', '已派出调查组'],
    ['反馈并结案', '疫情已控制'],
  ] as const) {
    await page.getByRole('button', { name: step }).click();
    await page.getByLabel('理由').selectOption({ label: reason });
    await page.getByRole('button', { name: '提交' }).click();
    await page.locator('table').getByText(reason).waitFor();
  }
  await page.getByText('这一信号已结案').waitFor();
}
