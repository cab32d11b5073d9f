import { randomUUID } from 'node:crypto';
import type { ChannelHealth } from '@hutong/contract/surveillance.ts';
import type { RiskMap } from '@hutong/contract/watch.ts';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { registerPlatformClient } from '../../../gateway/login/platform-clients.ts';
import { dayOf } from '../decide.ts';
import { readLists } from '../read-lists.ts';

let platform: TestPlatform;
type Ask = (path: string, init?: RequestInit) => Promise<Response>;
let administrator: Ask;
let epidemiologist: Ask;
const lists = readLists();
const outside = lists.channels.filter(({ kind }) => kind === 'outside');
const back = (days: number): string => dayOf(Date.now() - days * 86_400_000);
const senders = new Map<string, (items: object[]) => Promise<Response>>();

/** A department's system: a key of its own, a signed assertion, and only the permission to submit. */
async function department(channel: string): Promise<(items: object[]) => Promise<Response>> {
  const clientId = `department-${channel}`;
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  await registerPlatformClient(platform.pool, {
    clientId,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] },
    permissions: ['surveillance.submit'],
  });
  const ask = async (): Promise<string | undefined> => {
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`${platform.base}/oidc`)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(privateKey);
    const answer = await fetch(`${platform.base}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    return ((await answer.json()) as { access_token?: string }).access_token;
  };
  // Registered clients are read anew every three seconds.
  let token = await ask();
  for (let tries = 0; !token && tries < 40; tries++) {
    await new Promise((done) => setTimeout(done, 300));
    token = await ask();
  }
  return (items) =>
    fetch(`${platform.base}/api/surveillance/counts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ agreement: `A-${channel}`, items }),
    });
}

beforeAll(async () => {
  platform = await testPlatform();
  await platform.refreshDemo();
  administrator = await platform.staff('administrator');
  epidemiologist = await platform.staff('epidemiologist');
  for (const { code } of outside) {
    const agreed = await administrator('/api/surveillance/agreements', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: `A-${code}`,
        client: `department-${code}`,
        channel: code,
        purpose: '传染病多点触发监测',
        validFrom: back(400),
      }),
    });
    expect(agreed.status).toBe(201);
    senders.set(code, await department(code));
  }
});
afterAll(() => platform?.close());

test('eight departments, each with its key and agreement, send counts; completeness, delay and silence are watched', async () => {
  expect(outside.map(({ code }) => code)).toEqual([
    'medicine-sales',
    'school-absence',
    'wastewater',
    'vectors',
    'cold-chain',
    'customs-police',
    'hotline',
    'media',
  ]);
  for (const { code, cadenceDays, measure } of outside) {
    const topic = lists.topics.find(({ channel }) => channel === code)?.code;
    // The hotline has been silent for a week and a half; the others are on time.
    const last = code === 'hotline' ? 10 : 1;
    const days = Array.from({ length: 28 }, (_, age) => age).filter(
      (age) => age >= last && (age - last) % cadenceDays === 0,
    );
    const items = days.map((age) => ({ topic, area: '500106', day: back(age), value: measure === 'level' ? 12.5 : 7 }));
    const answer = await (senders.get(code) as (list: object[]) => Promise<Response>)(items);
    expect(answer.status, await answer.clone().text()).toBe(201);
  }
  const { items } = (await (await epidemiologist('/api/surveillance/channels')).json()) as { items: ChannelHealth[] };
  const of = (code: string): ChannelHealth => items.find((row) => row.code === code) as ChannelHealth;
  for (const { code } of outside.filter((row) => row.code !== 'hotline')) {
    expect(of(code).state, code).toBe('healthy');
    expect(of(code).completeness, code).toBeGreaterThan(0.9);
    expect(of(code).delayMedianHours, code).toBeGreaterThan(0);
    expect(of(code).agreements, code).toBe(1);
  }
  expect(of('hotline').state).toBe('silent');
  expect(
    of('hotline')
      .days.slice(-9)
      .map(({ n }) => n),
  ).toEqual(Array.from({ length: 9 }, () => null));
  expect(of('hotline').completeness).toBeLessThan(0.8);
});

test('on the map a department’s silent week is a gap, its zero a zero, and a revision counts once', async () => {
  const send = senders.get('medicine-sales') as (list: object[]) => Promise<Response>;
  const week = Array.from({ length: 28 }, (_, age) => age + 1);
  expect(
    (await send(week.map((age) => ({ topic: 'antidiarrhoeal', area: '500107', day: back(age), value: 0 })))).status,
  ).toBe(201);
  expect((await send([{ topic: 'antidiarrhoeal', area: '500107', day: back(8), value: 9 }])).status).toBe(201);
  expect((await send([{ topic: 'antidiarrhoeal', area: '500107', day: back(8), value: 4 }])).status).toBe(201);
  const map = (await (
    await epidemiologist('/api/surveillance/map?channel=medicine-sales&topic=antidiarrhoeal')
  ).json()) as RiskMap;
  const weeks = map.areas.find(({ area }) => area === '500107')?.weeks ?? [];
  expect(weeks[0]).toBeNull();
  expect(weeks.slice(-4).reduce<number>((sum, n) => sum + (n ?? 0), 0)).toBe(4);
  expect(weeks.slice(-4, -1)).toContain(0);
  expect(map.areas.find(({ area }) => area === '500103')?.weeks.every((n) => n === null)).toBe(true);
});

test('negative, missing and fractional counts, days to come and areas that never were stop the whole file', async () => {
  const send = senders.get('hotline') as (list: object[]) => Promise<Response>;
  const good = { topic: 'fever-calls', area: '500106', day: back(2), value: 5 };
  for (const wrong of [
    { ...good, value: -1 },
    { ...good, value: null },
    { ...good, value: 1.5 },
    { ...good, day: back(-2) },
    { ...good, day: '2026-02-30' },
    { ...good, area: '509999' },
    { ...good, area: '500999' },
    good,
  ]) {
    const answer = await send([good, wrong]);
    expect(answer.status, JSON.stringify(wrong)).toBe(400);
  }
  // An abolished district is taken for two years after its end.
  expect((await send([{ ...good, area: '500112' }])).status).toBe(201);
});
