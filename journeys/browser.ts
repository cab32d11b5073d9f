import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright } from 'playwright-core';

/** Chromium out of an npm package: no apt, no download of its own. Nothing it wants from the network is reachable in a test, so it asks for nothing. */
export async function openBrowser(more: string[] = []): Promise<Browser> {
  chromium.setGraphicsMode = false;
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    // In one process the whole browser ends with its first closed context.
    args: [
      ...chromium.args.filter((argument) => argument !== '--single-process' && argument !== '--no-zygote'),
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      ...more,
    ],
    headless: true,
  });
}

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };

/** A context in one language and one width, as the console keeps it. */
export async function openContext(browser: Browser, language: 'zh' | 'en', viewport = wide): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  return context;
}
