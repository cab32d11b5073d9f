import type { ChannelHealth, ChannelPage } from '@hutong/contract/surveillance.ts';
import type { RiskMap } from '@hutong/contract/watch.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Department, departmentOf } from '../../../../test/department.ts';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { dayOf } from '../decide.ts';
import { readLists } from '../read-lists.ts';

let platform: TestPlatform;
type Ask = (path: string, init?: RequestInit) => Promise<Response>;
let administrator: Ask;
let epidemiologist: Ask;
const lists = readLists();
const outside = lists.channels.filter(({ kind }) => kind === 'outside');
const back = (days: number): string => dayOf(Date.now() - days * 86_400_000);
const senders = new Map<string, Department>();
const uploads = async () =>
  ((await (await epidemiologist('/api/surveillance/channels')).json()) as ChannelPage).uploads;

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
    senders.set(code, await departmentOf(platform, `department-${code}`, `A-${code}`));
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
    const answer = await (senders.get(code) as Department)(items);
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
  const send = senders.get('medicine-sales') as Department;
  const week = Array.from({ length: 28 }, (_, age) => age + 1);
  expect(
    (await send(week.map((age) => ({ topic: 'antidiarrhoeal', area: '500107', day: back(age), value: 0 })))).status,
  ).toBe(201);
  expect((await send([{ topic: 'antidiarrhoeal', area: '500107', day: back(8), value: 9 }])).status).toBe(201);
  const correction = { topic: 'antidiarrhoeal', area: '500107', day: back(8), value: 4 };
  expect((await send([correction])).status).toBe(201);
  expect((await send([correction])).status).toBe(201);
  expect((await uploads()).slice(0, 4).map(({ created, revised, unchanged }) => [created, revised, unchanged])).toEqual(
    [
      [0, 0, 1],
      [0, 1, 0],
      [0, 1, 0],
      [28, 0, 0],
    ],
  );
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
  const send = senders.get('hotline') as Department;
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
    expect((await uploads())[0]).toMatchObject({ agreement: 'A-hotline', created: 0, lines: 2 });
  }
  const told = (await uploads()).slice(0, 8);
  expect(told.every(({ refused }) => refused > 0)).toBe(true);
  expect(told.flatMap(({ problems }) => problems.map(({ line, en }) => `${line} ${en}`))).toEqual(
    expect.arrayContaining([
      '2 the value is missing or negative',
      '2 a count is a whole number',
      '2 the day lies in the future',
      '2 no area has this code on that day',
      '2 stands twice in this file',
    ]),
  );
  // An abolished district is taken for two years after its end.
  expect((await send([{ ...good, area: '500112' }])).status).toBe(201);
  expect((await uploads())[0]).toMatchObject({ refused: 0, created: 1, former: 1 });
});
