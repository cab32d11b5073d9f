/**
 * DEVELOPER TOOL: photographs every screen in both languages, wide and narrow, and runs axe on each. Needs `dev/server.ts` running.
 * `node web/console/dev/look.ts OUTPUT-FOLDER [port] [only this name]`
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';

const [folder = 'shots', port = '4321', only = ''] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;
mkdirSync(folder, { recursive: true });

type Scene = { name: string; as: string; path: string; act?: (page: Page) => Promise<void>; dev?: string };
const scenes: Scene[] = [
  { name: 'tour', as: '', path: '/' },
  {
    name: 'tour-sent',
    as: '',
    path: '/',
    act: async (page) => {
      await page.locator('.journey-head button').click();
      await page.locator('.journey-next').waitFor({ timeout: 20_000 });
    },
  },
  {
    name: 'tour-held',
    as: '',
    path: '/',
    dev: '?held',
    act: async (page) => {
      await page.locator('.journey-head button').click();
      await page.locator('.journey-next').waitFor({ timeout: 20_000 });
    },
  },
  { name: 'connections', as: 'lin', path: '/connections' },
  {
    name: 'inbox',
    as: 'lin',
    path: '/inbox?state=held',
    act: async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('j');
    },
  },
  {
    name: 'message',
    as: 'lin',
    path: '/inbox/m9000',
    act: async (page) => page.locator('.issues .link').first().click(),
  },
  { name: 'message-json', as: 'lin', path: '/inbox/m8990' },
  { name: 'message-xml', as: 'lin', path: '/inbox/m8975' },
  {
    name: 'message-correct',
    as: 'lin',
    path: '/inbox/m9000',
    act: async (page) => {
      await page.getByRole('button', { name: /更正后重放|Correct and replay/ }).click();
      await page.locator('.code-area').waitFor();
    },
  },
  { name: 'unmapped', as: 'lin', path: '/unmapped' },
  {
    name: 'residents',
    as: 'chen',
    path: '/residents',
    act: async (page) => {
      await page.locator('[data-page-search]').fill('李秀英');
      await page.keyboard.press('Enter');
      await page.locator('table').waitFor();
    },
  },
  {
    name: 'residents-none',
    as: 'chen',
    path: '/residents',
    act: async (page) => {
      await page.locator('[data-page-search]').fill('nobody');
      await page.keyboard.press('Enter');
      await page.locator('.blank').waitFor();
    },
  },
  { name: 'record', as: 'chen', path: '/residents/r1' },
  {
    name: 'record-event',
    as: 'chen',
    path: '/residents/r1?event=e1',
    act: async (page) => page.locator('.event table').waitFor(),
  },
  {
    name: 'record-laboratory',
    as: 'chen',
    path: '/residents/r1?view=laboratory',
    act: async (page) => page.locator('.chart-host svg').waitFor(),
  },
  { name: 'record-closed', as: 'chen', path: '/residents/r3' },
  {
    name: 'record-glass',
    as: 'chen',
    path: '/residents/r3',
    act: async (page) => {
      await page.getByRole('button', { name: /紧急打开|Emergency access/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'operations', as: 'wu', path: '/operations' },
  { name: 'institutions', as: 'tang', path: '/institutions' },
  { name: 'failure', as: 'lin', path: '/inbox', dev: '?fail=/inbox' },
  { name: 'missing', as: 'lin', path: '/no/such/page' },
  { name: 'keys', as: 'lin', path: '/connections', act: async (page) => page.keyboard.press('?') },
  {
    name: 'menu',
    as: 'lin',
    path: '/connections',
    act: async (page) => {
      const burger = page.locator('.burger');
      if (await burger.isVisible()) await burger.click();
    },
  },
];

// Not chromium.args: their --single-process ends the browser with the first context that is closed.
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox'],
  headless: true,
});
let found = 0;
for (const { language, width, height } of [
  { language: 'zh-CN', width: 1440, height: 900 },
  { language: 'en', width: 1440, height: 900 },
  { language: 'zh-CN', width: 390, height: 844 },
  { language: 'en', width: 390, height: 844 },
]) {
  for (const scene of scenes.filter(({ name }) => name.startsWith(only))) {
    const context = await browser.newContext({
      viewport: { width, height },
      locale: language,
      reducedMotion: scene.name.startsWith('tour') ? 'no-preference' : 'reduce',
    });
    await context.addInitScript((chosen) => localStorage.setItem('hutong.language', chosen), language);
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(`page error: ${error.message}`));
    page.on(
      'console',
      (line) =>
        line.type() === 'error' &&
        !line.text().includes('the server responded with a status') &&
        trouble.push(`console: ${line.text()}`),
    );
    const tag = `${scene.name}-${language === 'en' ? 'en' : 'zh'}-${width}`;
    try {
      await page.goto(`${origin}/dev${scene.dev ?? ''}`);
      await page.goto(`${origin}/login?as=${scene.as}&to=${encodeURIComponent(scene.path)}`);
      if (scene.as === '') await page.goto(`${origin}${scene.path}`);
      await page.waitForLoadState('networkidle');
      await scene.act?.(page);
      await page.waitForTimeout(350);
      await page.evaluate(() => document.fonts.ready);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) trouble.push(`page is ${overflow}px wider than the screen`);
      await page.screenshot({
        path: join(folder, `${tag}.png`),
        fullPage: !/message-correct|glass|keys|menu|event/.test(scene.name),
      });
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations)
        trouble.push(
          `axe ${impact} ${id}: ${nodes
            .slice(0, 3)
            .map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`)
            .join(' | ')}`,
        );
    } catch (failure) {
      trouble.push(String(failure).split('\n')[0]!);
      await page.screenshot({ path: join(folder, `${tag}.png`) });
    }
    found += trouble.length;
    if (trouble.length > 0) console.log(tag, trouble);
    await context.close();
  }
}
await browser.close();
console.log(`${scenes.length} scenes, ${found} findings`);
