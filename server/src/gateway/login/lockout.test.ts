import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, setPassword } from './accounts.ts';
import { openTestCity, TestBrowser, type TestCity } from './test-city.ts';

let city: TestCity;
beforeAll(async () => {
  city = await openTestCity();
});
afterAll(() => city.close());

const textOf = async ({ response }: { response: Response }): Promise<string> =>
  (await response.text()).replace(/value="[^"]*"|interaction\/[\w-]+|as=[\w-]+/g, '');
const stateOf = async (login: string) =>
  (
    await city.pool.query<{ failed: number; minutes: number | null }>(
      'select failed, round(extract(epoch from locked_until - now()) / 60)::int as minutes from gateway.account where login = $1',
      [login],
    )
  ).rows[0];

describe('guessing passwords', () => {
  it('locks a login after five failures, longer each time, and tells nobody', async () => {
    const browser = new TestBrowser();
    const page = await browser.go(`${city.url}/login`);
    const wrong = await textOf(await browser.send(page.url, { login: 'lin', password: 'no' }));
    for (let tries = 0; tries < 4; tries++) await browser.send(page.url, { login: 'lin', password: 'no' });
    expect(await stateOf('lin')).toEqual({ failed: 5, minutes: 1 });
    const locked = await browser.send(page.url, { login: 'lin', password: 'demo-lin-2026' });
    expect(locked.response.status).toBe(401);
    expect(await textOf(locked)).toBe(wrong);
    const unknown = await browser.send(page.url, { login: 'nobody-here', password: 'no' });
    expect(unknown.response.status).toBe(401);
    expect(await textOf(unknown)).toBe(wrong);

    await city.pool.query("update gateway.account set locked_until = now() - interval '1 second' where login = 'lin'");
    await browser.send(page.url, { login: 'lin', password: 'no' });
    expect(await stateOf('lin')).toEqual({ failed: 6, minutes: 2 });
    await city.pool.query("update gateway.account set locked_until = now() - interval '1 second' where login = 'lin'");
    const right = await browser.send(page.url, { login: 'lin', password: 'demo-lin-2026' });
    expect(right.url).toBe(`${city.url}/`);
    expect(await stateOf('lin')).toEqual({ failed: 0, minutes: null });
  });

  it('writes every refusal into the audit trail, without what was typed for an unknown login', async () => {
    const { rows } = await city.pool.query<{ agent: string; what: string }>(
      "select agent, what, ground from audit.entry where action = 'refused' order by seq",
    );
    expect(rows.filter(({ agent }) => agent === 'staff lin')).toHaveLength(7);
    expect(rows).toContainEqual({ agent: 'nobody', what: 'console session, unknown login', ground: 'password' });
    expect(JSON.stringify(rows)).not.toContain('nobody-here');
  });

  it('does not let many guesses at once slip past the lock', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => attempt(city.pool, 'zhao', index < 7 ? 'no' : 'demo-zhao-2026')),
    );
    expect(outcomes.every(({ outcome }) => outcome === 'wrong')).toBe(true);
    expect((await stateOf('zhao'))?.failed).toBe(5);
  });

  it('takes similar time for a known, a locked and an unknown login', async () => {
    await setPassword(city.pool, 'gone', 'a password of its own');
    const median = async (login: string, prepare: () => Promise<unknown> = async () => {}): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        await prepare();
        const start = performance.now();
        await attempt(city.pool, login, 'no');
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[1] ?? 0;
    };
    const unlock = () =>
      city.pool.query("update gateway.account set failed = 0, locked_until = null where login = 'gone'");
    const [known, locked, unknown] = [await median('gone', unlock), await median('zhao'), await median('never-was')];
    // Without the decoy the unknown one would be a hundred times faster.
    expect(Math.max(known, locked, unknown) / Math.min(known, locked, unknown)).toBeLessThan(6);
  });

  it('does not take the form from another site, and not a form of any size', async () => {
    const browser = new TestBrowser();
    const page = await browser.go(`${city.url}/login`);
    const foreign = await browser.send(
      page.url,
      { login: 'gone', password: 'a password of its own' },
      { 'sec-fetch-site': 'same-site' },
    );
    expect(foreign.response.status).toBe(403);
    const huge = await browser.send(page.url, { login: 'gone', password: 'x'.repeat(20_000) });
    expect(huge.response.status).toBe(400);
  });
});

describe('a password that was given to somebody', () => {
  it('must be changed at the first login, into one that holds', async () => {
    await setPassword(city.pool, 'gone', 'given by the administrator', { mustChange: true });
    const browser = new TestBrowser();
    const page = await browser.go(`${city.url}/login`);
    const present = { login: 'gone', password: 'given by the administrator' };
    expect(await (await browser.send(page.url, present)).response.text()).toContain('name="new"');
    for (const [chosen, again] of [
      ['short', 'short'],
      ['gone-gone-gone-gone', 'gone-gone-gone-gone'],
      [present.password, present.password],
      ['a much better one', 'a much better two'],
    ] as const)
      expect((await browser.send(page.url, { ...present, new: chosen, again })).response.status, chosen).toBe(400);
    const { url } = await browser.send(page.url, { ...present, new: 'a much better one', again: 'a much better one' });
    expect(url).toBe(`${city.url}/`);
    expect((await attempt(city.pool, 'gone', present.password)).outcome).toBe('wrong');
    expect((await attempt(city.pool, 'gone', 'a much better one')).outcome).toBe('right');
  });
});
