import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginPage } from './pages.ts';
import { openTestCity, TestBrowser, type TestCity } from './test-city.ts';
import { languageOf } from './words.ts';

let city: TestCity;
beforeAll(async () => {
  city = await openTestCity();
});
afterAll(() => city.close());

describe('the login page', () => {
  it('shows the demo accounts and is filled in for the one asked for', async () => {
    const { response } = await new TestBrowser().go(`${city.url}/login?as=lin`);
    const html = await response.text();
    expect(html).toContain('value="lin"');
    expect(html).toContain('value="demo-lin-2026"');
    expect(html).toContain('以“林医生”登录');
    for (const text of ['zhao', 'demo-zhao-2026']) expect(html).toContain(text);
  });

  it('runs no script and loads nothing from elsewhere', async () => {
    const { response } = await new TestBrowser().go(`${city.url}/login?as=lin`);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; font-src 'self'/,
    );
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const html = await response.text();
    expect(html).not.toMatch(/<script|<style| style=| on\w+=|https?:\/\//);
    const css = await fetch(`${city.url}/oidc/page.css`);
    expect(css.headers.get('content-type')).toContain('text/css');
    const font = /url\((\/oidc\/font\/[^)]+)\)/.exec(await css.text())?.[1];
    const file = Buffer.from(await (await fetch(`${city.url}${font}`)).arrayBuffer());
    expect(file.subarray(0, 4).toString()).toBe('wOF2');
  });

  it('gives no file but its fonts', async () => {
    for (const path of [
      '/oidc/font/..%2f..%2fpackage.json',
      '/oidc/font/../package.json',
      '/oidc/font/package.json',
      '/oidc/font/',
    ])
      expect((await fetch(`${city.url}${path}`)).status, path).toBe(404);
  });

  it('writes what was typed as text, never as markup', () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const html = loginPage({
      language: 'zh',
      login: evil,
      password: evil,
      problem: 'wrong',
      mustChange: false,
      demo: [{ login: evil, password: evil, nameZh: evil, nameEn: evil }],
    });
    expect(html).not.toContain('<img');
    expect(html).toContain('&quot;&gt;&lt;img');
  });

  it('speaks the language that was chosen, then the browser’s, then Chinese', async () => {
    expect(languageOf([undefined, undefined])).toBe('zh');
    expect(languageOf([undefined, 'en-GB,en;q=0.9'])).toBe('en');
    expect(languageOf(['zh', 'en'])).toBe('zh');
    expect(languageOf(['fr', 'de'])).toBe('zh');
    const browser = new TestBrowser();
    const page = await browser.go(`${city.url}/login?lang=en`);
    expect(await page.response.text()).toContain('<html lang="en">');
    await browser.request(`${page.url}?lang=zh`);
    const later = await browser.go(`${city.url}/login`, { headers: { 'accept-language': 'en' } });
    expect(await later.response.text()).toContain('<html lang="zh-CN">');
  });

  it('says so when its interaction is gone', async () => {
    const answer = await fetch(`${city.url}/oidc/interaction/unknown`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('重新登录');
  });
});
