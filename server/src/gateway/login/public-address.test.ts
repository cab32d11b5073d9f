import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setPassword } from './accounts.ts';
import { openTestCity, TestBrowser, type TestCity } from './test-city.ts';

let city: TestCity;
const behindProxy = (headers: Record<string, string> = { 'x-forwarded-host': 'hutong.example' }) =>
  new TestBrowser({ from: 'https://hutong.example', to: `http://127.0.0.1:${city.config.port}`, headers });

beforeAll(async () => {
  city = await openTestCity({ publicUrl: 'https://hutong.example', demo: false });
  await setPassword(city.pool, 'lin', 'a password of her own');
});
afterAll(() => city.close());

describe('real use, behind a proxy with a name of its own', () => {
  it('logs in at the public address, with cookies for https alone', async () => {
    const browser = behindProxy();
    const { url } = await browser.logIn(city, 'lin', 'a password of her own', '?to=/inbox');
    expect(url).toBe('https://hutong.example/inbox');
    const session = await browser.request('https://hutong.example/api/session');
    expect(await session.json()).toMatchObject({ id: 'lin', demo: false });
    const set = [...browser.cookies.values()].map(({ text }) => text);
    expect(set.length).toBeGreaterThanOrEqual(4);
    for (const text of set) expect(text).toMatch(/; secure/i);
    for (const address of browser.visited) expect(address.startsWith('https://hutong.example/')).toBe(true);
  });

  it('leads whoever came by another name to the public one, once', async () => {
    const byAddress = new TestBrowser();
    const first = await byAddress.request(`http://127.0.0.1:${city.config.port}/login?to=/inbox`);
    expect(first.headers.get('location')).toBe('https://hutong.example/login?to=%2Finbox&home=1');
    // A proxy that renames hosts and does not say so would come here again and again.
    const second = await byAddress.request(`http://127.0.0.1:${city.config.port}/login?to=/inbox&home=1`);
    expect(second.headers.get('location')).toMatch(/^https:\/\/hutong\.example\/oidc\/auth\?/);
  });

  it('shows no demo account and fills nothing in', async () => {
    const page = await behindProxy().go('https://hutong.example/login?as=lin');
    const html = await page.response.text();
    expect(html).toContain('name="login" type="text" value=""');
    expect(html).not.toContain('demo');
    const { rows } = await city.pool.query('select login, demo from gateway.account');
    expect(rows).toEqual([{ login: 'lin', demo: false }]);
  });
});
