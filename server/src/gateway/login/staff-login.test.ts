import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCity, TestBrowser, type TestCity } from './test-city.ts';

let city: TestCity;
beforeAll(async () => {
  city = await openTestCity();
});
afterAll(() => city.close());

const session = (browser: TestBrowser): Promise<Response> => browser.request(`${city.url}/api/session`);
const loggedIn = async (login = 'lin'): Promise<TestBrowser> => {
  const browser = new TestBrowser();
  await browser.logIn(city, login, `demo-${login}-2026`);
  expect((await session(browser)).status).toBe(200);
  return browser;
};
const auditOf = async (action: string) =>
  (
    await city.pool.query<{ agent: string; what: string; ground: string }>(
      'select agent, what, ground from audit.entry where action = $1 order by seq',
      [action],
    )
  ).rows;
const sql = (text: string, values: unknown[] = []) => city.pool.query(text, values);
const believed = () => new Promise((done) => setTimeout(done, 1100));

describe('the login of staff', () => {
  it('goes from /login through the provider to the page asked for, and knows who came', async () => {
    const browser = new TestBrowser();
    const { url } = await browser.logIn(city, 'lin', 'demo-lin-2026', '?to=%2Finbox%3Fstate%3Dheld');
    expect(url).toBe(`${city.url}/inbox?state=held`);
    const answer = await session(browser);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      id: 'lin',
      nameZh: '林医生',
      nameEn: 'Dr Lin',
      role: 'clinician',
      institution: { code: 'H1', nameZh: '第H1医院', nameEn: 'Hospital H1' },
      demo: true,
      permissions: [
        'residents.search',
        'record.read',
        'record.break-glass',
        'record.looks',
        'directory.read',
        'cards.read',
        'cards.write',
        'codes.scan',
        'codes.serve',
      ],
    });
    expect(await auditOf('login')).toContainEqual({ agent: 'staff lin', what: 'console session', ground: 'password' });
    const cookie = [...browser.cookies].find(([name]) => name.startsWith('hutong_session'))?.[1];
    expect(cookie?.text).toMatch(/; HttpOnly; SameSite=Lax$/);
    // The database holds only the hash.
    const kept = JSON.stringify((await sql("select *, encode(id_hash, 'escape') from gateway.session")).rows);
    expect(kept).not.toContain(cookie?.value);
  });

  it('answers 401 when nobody is logged in', async () => {
    const answer = await session(new TestBrowser());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'HT-ACCESS-001' });
  });

  it('never leaves for another site after the login', async () => {
    for (const to of [
      '//evil.example/',
      'https://evil.example',
      '/\\evil.example',
      '/%09/evil.example',
      'javascript:alert(1)',
      '/.//evil.example',
    ]) {
      const { url } = await new TestBrowser().logIn(city, 'lin', 'demo-lin-2026', `?to=${encodeURIComponent(to)}`);
      expect(new URL(url).origin, to).toBe(city.url);
    }
  });

  it('asks again for the password when somebody else starts a login in the same browser', async () => {
    const browser = await loggedIn('lin');
    const page = await browser.go(`${city.url}/login?as=zhao`);
    expect(page.url).toContain('/oidc/interaction/');
    await browser.send(page.url, { login: 'zhao', password: 'demo-zhao-2026' });
    expect(await (await session(browser)).json()).toMatchObject({ id: 'zhao' });
    const { rows } = await sql("select count(*)::int as n from gateway.session where login = 'zhao'");
    expect(rows[0].n).toBe(1);
  });

  it('ends the session on logout, here and in the database', async () => {
    const browser = await loggedIn();
    const stolen = new TestBrowser();
    for (const [name, cookie] of browser.cookies) stolen.cookies.set(name, cookie);
    const answer = await browser.request(`${city.url}/api/logout`, { method: 'POST', headers: { 'x-hutong': '1' } });
    expect(answer.status).toBe(204);
    expect((await session(browser)).status).toBe(401);
    expect((await session(stolen)).status).toBe(401);
  });

  it('ends an idle session after half an hour and any session after half a day', async () => {
    const idle = await loggedIn();
    await sql("update gateway.session set seen_at = now() - interval '31 minutes'");
    await believed();
    expect((await session(idle)).status).toBe(401);
    const old = await loggedIn();
    await sql("update gateway.session set expires_at = now() - interval '1 second'");
    await believed();
    expect((await session(old)).status).toBe(401);
    const busy = await loggedIn();
    await sql("update gateway.session set seen_at = now() - interval '29 minutes'");
    await believed();
    expect((await session(busy)).status).toBe(200);
    const { rows } = await sql("select max(seen_at) > now() - interval '1 minute' as touched from gateway.session");
    expect(rows[0].touched).toBe(true);
  });

  it('shows a dismissed person the door within five seconds', async () => {
    const browser = await loggedIn('gone');
    await sql("update directory.staff set active = false where login = 'gone'");
    const start = Date.now();
    let status = 200;
    while (status === 200 && Date.now() - start < 8000) {
      status = (await session(browser)).status;
      await new Promise((done) => setTimeout(done, 100));
    }
    expect(status).toBe(401);
    expect(Date.now() - start).toBeLessThan(5000);
    const { response } = await new TestBrowser().logIn(city, 'gone', 'demo-gone-2026');
    expect(response.status).toBe(401);
  });

  it('refuses a change without the header that foreign pages cannot send', async () => {
    const browser = await loggedIn();
    const bare = await browser.request(`${city.url}/api/probe`, { method: 'POST' });
    expect(bare.status).toBe(403);
    expect(await bare.json()).toMatchObject({ code: 'HT-ACCESS-004' });
    expect((await browser.request(`${city.url}/api/logout`, { method: 'POST' })).status).toBe(403);
    expect(
      (await browser.request(`${city.url}/api/probe`, { method: 'POST', headers: { 'x-hutong': '1' } })).status,
    ).toBe(200);
    expect((await browser.request(`${city.url}/api/probe`)).status).toBe(200);
  });

  it('keeps roles apart: a clinician may not do what the operator may', async () => {
    const browser = await loggedIn();
    const answer = await browser.request(`${city.url}/api/directory/probe`, {
      method: 'POST',
      headers: { 'x-hutong': '1' },
    });
    expect(await answer.json()).toMatchObject({ code: 'HT-ACCESS-002' });
  });

  it('does not finish a login that another browser began, nor twice, nor with a changed state', async () => {
    const victim = new TestBrowser();
    const page = await victim.go(`${city.url}/login`);
    const stop = (next: string) => next.includes('/login/callback');
    const { url } = await victim.go(
      page.url,
      { method: 'POST', body: new URLSearchParams({ login: 'lin', password: 'demo-lin-2026' }) },
      stop,
    );
    expect(url).toContain('code=');
    const attacker = await new TestBrowser().request(url);
    expect(attacker.status).toBe(400);
    expect(attacker.headers.getSetCookie().join()).not.toContain('hutong_session');
    expect((await victim.request(url.replace(/state=./, 'state=_'))).status).toBe(400);
    expect((await victim.request(url.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example'))).status).toBe(400);
    expect((await victim.request(url)).status).toBe(303);
    expect((await victim.request(url)).status).toBe(400);
  });

  it('refuses the code of a login whose browser did not keep the verifier', async () => {
    const browser = new TestBrowser();
    const page = await browser.go(`${city.url}/login`);
    const { url } = await browser.go(
      page.url,
      { method: 'POST', body: new URLSearchParams({ login: 'lin', password: 'demo-lin-2026' }) },
      (next) => next.includes('/login/callback'),
    );
    const code = new URL(url).searchParams.get('code') ?? '';
    const other = new TestBrowser();
    const foreign = await other.go(`${city.url}/login`);
    const state = new URL(other.visited[1] ?? foreign.url).searchParams.get('state') ?? '';
    // A code injected into another login fails at PKCE.
    expect((await other.request(`${city.url}/login/callback?state=${state}&code=${code}`)).status).toBe(400);
  });

  it('does not start the code flow without PKCE, or back to a foreign address', async () => {
    const start = (changes: Record<string, string>) => {
      const query = {
        client_id: 'hutong-console',
        response_type: 'code',
        scope: 'openid',
        redirect_uri: `${city.url}/login/callback`,
        state: 's',
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
        ...changes,
      };
      return new TestBrowser().go(`${city.url}/oidc/auth?${new URLSearchParams(query)}`, {}, (next) =>
        next.includes('/login/callback'),
      );
    };
    expect((await start({})).url).toContain('/oidc/interaction/');
    expect((await start({ code_challenge: '' })).url).toContain('error=invalid_request');
    expect((await start({ code_challenge_method: 'plain' })).url).toContain('error=invalid_request');
    const foreign = await start({ redirect_uri: 'https://evil.example/callback' });
    expect(foreign.response.status).toBe(400);
    expect(foreign.response.headers.get('location')).toBeNull();
  });
});
