import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { narrow, openBrowser, wide } from './browser.ts';
import { liveInCity } from './city.ts';
import { logIn, openPage, seen } from './pages.ts';

let platform: TestPlatform;
let browser: Browser;
let folder = '';
/** What the counter's camera sees: a film that the test draws. */
let film = '';

beforeAll(async () => {
  for (const app of ['console', 'resident'])
    expect(existsSync(join(import.meta.dirname, `../web/${app}/dist/index.html`)), 'npm test builds it').toBe(true);
  folder = mkdtempSync(join(tmpdir(), 'hutong-camera-'));
  film = join(folder, 'counter.y4m');
  platform = await testPlatform({ env: { HUTONG_CITY_SIZE: '120' } });
  await liveInCity(platform, 120, 60);
  browser = await openBrowser([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ]);
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The QR code as the phone draws it, in shades of grey. */
const drawn = (page: Page, side: number): Promise<number[]> =>
  page.locator('.qr').evaluate(async (svg, size) => {
    const copy = svg.cloneNode(true) as SVGElement;
    copy.setAttribute('width', String(size));
    copy.setAttribute('height', String(size));
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.drawImage(picture, 0, 0, size, size);
    const { data } = context.getImageData(0, 0, size, size);
    return Array.from({ length: size * size }, (_, at) => data[at * 4] as number);
  }, side);

/** Holds a drawn code before the camera: YUV4MPEG2, the code in the middle of a grey desk. */
function holdUp(pixels: number[], side: number): void {
  const [width, height] = [640, 480];
  const luma = Buffer.alloc(width * height, 128);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      luma[(y + ((height - side) >> 1)) * width + x + ((width - side) >> 1)] = pixels[y * side + x] as number;
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)]);
  writeFileSync(
    film,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame, frame]),
  );
}

test('the resident shows the code, the counter’s camera reads it once, and the resident sees who scanned it', async () => {
  const resident = await openPage(browser, 'zh', { viewport: narrow });
  await logIn(resident.page, platform.base, 'resident', '/resident/');
  await resident.page.getByRole('heading', { level: 1, name: '健康码' }).waitFor();
  await resident.page.locator('.qr').waitFor();
  await seen(resident.page, 'resident-code-zh-narrow');
  const box = await resident.page.locator('.qr').boundingBox();
  expect((box?.width ?? 0) / narrow.width).toBeGreaterThanOrEqual(0.6);
  const left = async () => Number(/\d+/.exec((await resident.page.getByRole('timer').textContent()) ?? '')?.[0]);
  const before = await left();
  await resident.page.waitForTimeout(2500);
  expect(await left()).not.toBe(before);

  const counter = await openPage(browser, 'zh');
  await logIn(counter.page, platform.base, 'clinician', '/counter');
  await counter.page.getByText('还没有扫码').waitFor();
  await seen(counter.page, 'counter-zh-empty');
  await resident.page.getByRole('button', { name: '换一个新码' }).click();
  await resident.page.waitForTimeout(1500);
  holdUp(await drawn(resident.page, 400), 400);
  await counter.page.getByRole('button', { name: '用摄像头扫' }).click();
  const name = (await resident.page.locator('.code .name').textContent()) as string;
  await counter.page.getByRole('heading', { level: 2, name }).waitFor();
  expect(name).toContain('*');
  await counter.page.getByRole('link', { name: '打开档案' }).waitFor();
  await seen(counter.page, 'counter-zh-result');

  // The same picture again: a photograph of the screen is worth nothing.
  await counter.page.getByRole('button', { name: '用摄像头扫' }).click();
  await counter.page.getByText('此码已使用过一次').waitFor();
  await seen(counter.page, 'counter-zh-replayed');

  await resident.page.getByRole('link', { name: '谁看过' }).click();
  await resident.page.getByText('已受理').first().waitFor();
  await resident.page.getByText('已拒绝：此码已使用过一次').waitFor();
  await resident.page.getByText('可打开档案').waitFor();
  await seen(resident.page, 'resident-traces-zh-narrow');
  await resident.page.getByRole('link', { name: '我的档案' }).click();
  await resident.page.locator('.lines time').nth(1).waitFor();
  const days = await resident.page.locator('.lines time').allTextContents();
  expect(days).toEqual(days.toSorted().reverse());
  await seen(resident.page, 'resident-record-zh-narrow');
  for (const { page } of [resident, counter]) await page.context().close();
});

test('in English, wide, with large letters, without a network: the code stays for the stated time', async () => {
  const { page } = await openPage(browser, 'en', { viewport: wide });
  const context = page.context();
  await logIn(page, platform.base, 'resident', '/resident/');
  await page.locator('.qr').waitFor();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.getByRole('link', { name: 'More' }).click();
  await page.getByRole('group', { name: 'Large letters and buttons' }).getByLabel('On').check();
  await seen(page, 'resident-more-en-elder');
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a:not(.skip), label')]
      .filter((element) => element.offsetParent !== null)
      .map((element) => ({ text: element.textContent, height: element.getBoundingClientRect().height }))
      .filter(({ height }) => height < 60),
  );
  expect(small).toEqual([]);
  expect(await page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize))).toBeGreaterThanOrEqual(
    18,
  );
  await page.getByRole('link', { name: 'My code' }).click();
  await page.getByText(/Also works without a network until \d\d:\d\d/).waitFor();
  await seen(page, 'resident-code-en-wide-elder');
  await context.setOffline(true);
  await page.reload();
  await page.locator('.qr').waitFor();
  await page.getByRole('timer').waitFor();
  await page
    .getByRole('button', { name: 'Show a new code' })
    .or(page.getByText(/No network/))
    .first()
    .waitFor();
  const offline = await drawn(page, 400);
  await context.setOffline(false);
  holdUp(offline, 400);
  const counter = await openPage(browser, 'en', { viewport: narrow });
  await logIn(counter.page, platform.base, 'clinician', '/counter');
  await counter.page.getByRole('button', { name: 'Scan with the camera' }).click();
  await counter.page.getByRole('link', { name: 'Open the record' }).waitFor();
  await seen(counter.page, 'counter-en-narrow-result');
  for (const each of [context, counter.page.context()]) await each.close();
});

test('a code on paper only identifies, is shown for family too, and everything is void once it is reported lost', async () => {
  const { page } = await openPage(browser, 'zh', { viewport: narrow });
  const context = page.context();
  await logIn(page, platform.base, 'resident', '/resident/');
  await page.locator('.qr').waitFor();
  const family = page.getByRole('group', { name: '为谁出示' }).getByRole('radio');
  expect(await family.count()).toBeGreaterThanOrEqual(2);
  await family.nth(1).check();
  await page.locator('.qr').waitFor();
  await seen(page, 'resident-code-family-zh-narrow');
  await page.getByRole('link', { name: '更多' }).click();
  await page.getByRole('button', { name: '生成打印的码' }).click();
  await page.getByText('此码只用于识别身份，不能打开健康档案。').waitFor();
  await seen(page, 'resident-more-zh-narrow');
  const paper = await drawn(page, 440);
  const counter = await openPage(browser, 'zh', { viewport: narrow });
  await logIn(counter.page, platform.base, 'clinician', '/counter');
  const lookAt = async (): Promise<void> => {
    holdUp(paper, 440);
    await counter.page.getByRole('button', { name: '用摄像头扫' }).click();
  };
  await lookAt();
  await counter.page.locator('.counter-kind', { hasText: '打印的码' }).waitFor();
  await counter.page.getByText('可被复制的码只用于识别').first().waitFor();
  expect(await counter.page.getByRole('link', { name: '打开档案' }).count()).toBe(0);
  await page.getByRole('button', { name: '全部作废' }).click();
  await page.getByRole('button', { name: '确定作废' }).click();
  await page.getByText(/已作废 \d+ 个码/).waitFor();
  await lookAt();
  await counter.page.getByText('此码已被本人作废').waitFor();
  await seen(counter.page, 'counter-zh-narrow-revoked');
  for (const each of [context, counter.page.context()]) await each.close();
});
