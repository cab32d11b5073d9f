import { randomUUID } from 'node:crypto';
import type { SignalDetail } from '@hutong/contract/surveillance.ts';
import type {
  BackTest,
  Bulletin,
  Estimate,
  EstimateSummary,
  Performance,
  RiskMap,
  RuleList,
  RulePage,
  SignalPast,
  Situation,
} from '@hutong/contract/watch.ts';
import { dateOfDay, dayNumber, isoWeekOfDay } from '@hutong/epi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { openDirectory } from '../../../core/directory/index.ts';
import { openIdentity } from '../../../core/identity/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import { dayOf } from '../decide.ts';
import { detect } from '../detection.ts';
import { readLists } from '../read-lists.ts';
import { addSignalAct, insertSignal } from '../tables/signals.ts';
import { startWatch } from './jobs.ts';
import { addHeard, addPast, influenzaPast } from './test-history.ts';

let platform: TestPlatform;
type Ask = (path: string, init?: RequestInit) => Promise<Response>;
let epidemiologist: Ask;
let administrator: Ask;
const today = dayNumber(dayOf(Date.now()));
const monday = today - ((today + 3) % 7);
const districts = ['500106', '500107', '500103', '500108'];
const json = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return JSON.parse(text) as T;
};
const get = <T>(path: string): Promise<T> =>
  epidemiologist(`/api/surveillance/${path}`).then((answer) => json<T>(answer));
const post = (path: string, body: object, as: Ask = epidemiologist): Promise<Response> =>
  as(`/api/surveillance/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  platform = await testPlatform();
  for (const area of districts) await platform.hospital(`${area}H01`, { area });
  await platform.refreshDemo();
  epidemiologist = await platform.staff('epidemiologist');
  administrator = await platform.staff('administrator');
  const institutions = (await openDirectory(platform.pool)).institutions();
  await addPast(platform.pool, institutions[0]?.id ?? 0, influenzaPast(today, districts));
  // The week before last is silent everywhere.
  const silent = Array.from({ length: 7 }, (_, back) => dateOfDay(monday - 21 + back));
  for (const { id } of institutions)
    await addHeard(platform.pool, id, dateOfDay(today - 4 * 365), dateOfDay(today), silent);
  await platform.pool.query('delete from surveillance.card where day = any($1)', [silent]);
  await platform.pool.query('delete from surveillance.cell where day = any($1)', [silent]);
});
afterAll(() => platform?.close());

test('the situation holds this week against the same days before, and a silent week is a gap', async () => {
  const found = await get<Situation>('situation');
  const influenza = found.diseases.find(({ code }) => code === 'influenza');
  expect(found.week).toMatchObject(isoWeekOfDay(today));
  expect(influenza?.now.days).toBe(today - monday + 1);
  expect(influenza?.before.days).toBe(influenza?.now.days);
  expect(influenza?.yearBefore.days).toBe(influenza?.now.days);
  expect(influenza?.now.n).toBeGreaterThan(0);
  expect(influenza?.weeks.at(-4)).toBeNull();
  expect(influenza?.weeks.at(-5)).toBeGreaterThan(0);
  expect(found.diseases.find(({ code }) => code === 'measles')?.weeks.at(-6)).toBe(0);
  expect(found.channels.find(({ code }) => code === 'cases')?.state).toBe('healthy');
  expect(found.channels.find(({ code }) => code === 'hotline')?.state).toBe('never');
});

test('the jobs count residents, scan and estimate; the map shows rates only where cases and denominators allow', async () => {
  expect(
    (
      await post(
        'population',
        {
          validFrom: '2020-11-01',
          note: '第七次全国人口普查',
          items: [
            { area: '500106', n: 1_477_000 },
            { area: '500107', n: 1_527_000 },
            { area: '500103', n: 589_000 },
          ],
        },
        administrator,
      )
    ).status,
  ).toBe(201);
  const directory = await openDirectory(platform.pool);
  const watch = startWatch(
    { pool: platform.pool, directory, lists: readLists(), identity: openIdentity(platform.pool) },
    (error) => {
      throw error;
    },
  );
  const run = await watch.runNow(new Date());
  await watch.stop();
  expect(run?.scans).toBeGreaterThanOrEqual(1);
  expect(run?.estimates).toBeGreaterThanOrEqual(3);
  const map = await get<RiskMap>('map?channel=cases&topic=influenza');
  expect(map.areas.find(({ area }) => area === '500106')).toMatchObject({
    population: 1_477_000,
    source: 'official',
    zh: '沙坪坝区',
  });
  expect(map.areas.find(({ area }) => area === '500108')?.population).toBeNull();
  // The silent week is a gap in every district; districts without any institution are gaps throughout.
  expect(map.areas.find(({ area }) => area === '500106')?.weeks.at(-4)).toBeNull();
  expect(map.areas.find(({ area }) => area === '500229')?.weeks.every((n) => n === null)).toBe(true);
  expect(map.tiles).toHaveLength(37);
  expect(map.areas.find(({ area }) => area === '500112')).toMatchObject({ until: '2025-11' });
  expect(map.tiles.some(({ area }) => area === '500105')).toBe(false);
  expect(map.clusters.length).toBeGreaterThan(0);
  expect(map.clusters[0]?.areas).toContain('500106');
  expect((await epidemiologist('/api/surveillance/map?channel=cases&topic=nothing')).status).toBe(404);
  expect((await epidemiologist('/api/surveillance/boundaries')).status).toBe(404);
});

test('reproduction number, nowcast and forecast are given with intervals, or with the reason why not', async () => {
  const { items } = await get<{ items: EstimateSummary[] }>('estimates');
  const rising = items.find(({ disease, area }) => disease.code === 'influenza' && area.code === '500106');
  expect(rising?.rt?.median).toBeGreaterThan(1);
  const whole = await get<Estimate>('estimate?disease=influenza&area=500106');
  for (const { low, median, high } of whole.rtSeries ?? []) expect(low <= median && median <= high).toBe(true);
  const nowcast = whole.nowcast ?? [];
  expect(nowcast.every(({ known, low, median, high }) => known <= low && low <= median && median <= high)).toBe(true);
  expect(nowcast.at(-1)?.complete).toBeLessThan(0.9);
  expect(nowcast[0]?.complete).toBeGreaterThan(0.9);
  expect(whole.forecast).toHaveLength(14);
  expect(whole.forecast?.[0]?.day).toBe(dateOfDay(today + 1));
  const dengue = await get<Estimate>('estimate?disease=dengue&area=500103');
  expect(dengue.nowcast).not.toBeNull();
  expect([dengue.rtRefused?.reason, dengue.forecastRefused?.reason]).toEqual([
    'no-serial-interval',
    'no-serial-interval',
  ]);
  expect(items.some(({ disease }) => disease.code === 'measles')).toBe(false);
});

test('a rule is tried on the past, kept, enabled with a reason, and undone', async () => {
  const scope = { channel: 'cases', topic: 'influenza', area: '*' };
  const settings = { method: 'ears-c1', alpha: 0.01, fewest: 3 };
  const tried = await json<BackTest>(await post('rules/try', { ...scope, settings, years: 2 }));
  expect(tried.series).toBe(4);
  expect(tried.inbox.length).toBe(tried.signals);
  expect(tried.injected.map(({ size }) => size)).toEqual([2, 5, 10]);
  const [small, , large] = tried.injected;
  expect(large?.found).toBeGreaterThanOrEqual(small?.found ?? 0);
  const strict = await json<BackTest>(
    await post('rules/try', { ...scope, settings: { ...settings, alpha: 0.0001 }, years: 2 }),
  );
  expect(strict.alarmWeeks).toBeLessThan(tried.alarmWeeks);
  const kept = await json<RulePage>(await post('rules', { ...scope, settings, years: 2, note: '试用' }));
  expect(kept.inForce).toBeNull();
  const [first] = kept.versions;
  expect((await post('rules/act', { ...scope, act: 'enable', rule: first?.id, reason: '' })).status).toBe(400);
  const enabled = await json<RulePage>(
    await post('rules/act', { ...scope, act: 'enable', rule: first?.id, reason: '回溯检验良好' }),
  );
  expect(enabled.inForce?.version).toBe(1);
  await json(
    await post('rules', {
      ...scope,
      settings: { method: 'moving-percentile', percentile: 0.8, years: 2, fewest: 3 },
      years: 1,
    }),
  );
  const page = await get<RulePage>('rule?channel=cases&topic=influenza&area=*');
  const second = page.versions.find(({ version }) => version === 2);
  await json(await post('rules/act', { ...scope, act: 'enable', rule: second?.id, reason: '对比百分位法' }));
  const back = await json<RulePage>(await post('rules/act', { ...scope, act: 'undo', reason: '信号过多' }));
  expect(back.inForce?.version).toBe(1);
  const none = await json<RulePage>(await post('rules/act', { ...scope, act: 'undo', reason: '回到平台方法' }));
  expect([none.inForce, none.canUndo]).toEqual([null, false]);
  expect(none.acts.map(({ act }) => act)).toEqual(['enable', 'enable', 'undo', 'undo']);
  const list = await get<RuleList>('rules');
  expect([list.inForce.length, list.drafts.length]).toEqual([0, 1]);
  for (const wrong of [
    { ...settings, alpha: 0.9 },
    { ...settings, percentile: 0.8 },
    { method: 'fixed-threshold', cases: 0, fewest: 1 },
  ])
    expect((await post('rules/try', { ...scope, settings: wrong, years: 2 })).status).toBe(400);
});

test('a method that needs more history than there is says so, and its version cannot be enabled', async () => {
  const scope = { channel: 'cases', topic: 'measles', area: '*' };
  const settings = { method: 'farrington-flexible', alpha: 0.01, years: 5, fewest: 3 };
  const kept = await json<RulePage>(await post('rules', { ...scope, settings, years: 1 }));
  expect(kept.versions[0]?.backTest).toMatchObject({ series: 0, refused: { reason: 'short-history' } });
  expect(
    (await post('rules/act', { ...scope, act: 'enable', rule: kept.versions[0]?.id, reason: '没有检验' })).status,
  ).toBe(400);
});

test('performance counts responses, outcomes and outbreaks that no signal found', async () => {
  const hourMs = 3_600_000;
  const formed = new Date(Date.now() - 30 * hourMs);
  const make = async (hours: number | null, acts: [string, string | null][]): Promise<void> => {
    const id = randomUUID();
    await inTransaction(platform.pool, async (client) => {
      await insertSignal(client, {
        id,
        rule: 'statistical',
        channel: 'cases',
        topic: 'influenza',
        area: '500106',
        from: dateOfDay(today - 9),
        to: dateOfDay(today - 2),
        formed,
        due: formed,
        evidence: {
          observed: 9,
          expected: 2,
          bound: 5,
          p: 0.001,
          method: 'ears-c1',
          baselineWindows: 7,
          series: [],
          corroborating: [],
          zh: '甲',
          en: 'A',
          parts: [],
        },
        score: 5,
        cards: [],
      });
      for (const [act, reason] of hours === null ? [] : [['acknowledge', null] as [string, string | null], ...acts])
        await addSignalAct(client, id, {
          act,
          reason,
          note: null,
          agent: 'staff x',
          role: 'epidemiologist',
          at: new Date(formed.getTime() + (hours ?? 0) * hourMs),
        });
    });
  };
  await make(1, [
    ['suspect', 'linked-cases'],
    ['answer', 'outbreak-controlled'],
  ]);
  await make(10, [['exclude', 'expected-season']]);
  await make(null, []);
  expect(
    (
      await post('missed-outbreaks', {
        disease: 'measles',
        area: '500108',
        from: dateOfDay(today - 2),
        note: '学校电话报告',
      })
    ).status,
  ).toBe(201);
  expect(
    (
      await post('missed-outbreaks', {
        disease: 'measles',
        area: '999999',
        from: dateOfDay(today - 2),
        note: '学校电话报告',
      })
    ).status,
  ).toBe(400);
  const found = await get<Performance>('performance?weeks=13');
  expect(found).toMatchObject({
    signals: 3,
    responded: 2,
    within2h: 1,
    within24h: 2,
    judged: 2,
    suspected: 1,
    outbreaks: 1,
  });
  expect(found.missed).toHaveLength(1);
  expect(found.weeks).toHaveLength(13);
  expect(found.weeks.reduce((sum, { signals }) => sum + signals, 0)).toBe(3);
});

test('the bulletin is that of the last whole week, of any week there was, and of no week that there was not', async () => {
  const last = await get<Bulletin>('bulletin');
  expect(last.week.to).toBe(dateOfDay(monday - 1));
  expect(last.complete).toBe(true);
  const influenza = last.diseases.find(({ code }) => code === 'influenza');
  expect(influenza?.weeks).toHaveLength(13);
  expect(influenza?.week).toBe(influenza?.weeks.at(-1));
  expect(influenza?.before).toBe(influenza?.weeks.at(-2));
  const { year, week } = isoWeekOfDay(monday - 21);
  const silent = await get<Bulletin>(`bulletin?week=${year}-W${String(week).padStart(2, '0')}`);
  expect(silent.diseases.find(({ code }) => code === 'influenza')?.week).toBeNull();
  expect((await epidemiologist('/api/surveillance/bulletin?week=2025-W53')).status).toBe(400);
  expect((await epidemiologist('/api/surveillance/bulletin?week=2999-W01')).status).toBe(400);
});

test('detection goes by the rule that is in force, and shows what was expected beside the bound', async () => {
  const scope = { channel: 'cases', topic: 'dengue', area: '500103' };
  const settings = { method: 'fixed-threshold', cases: 3, fewest: 3 };
  const kept = await json<RulePage>(await post('rules', { ...scope, settings, years: 1 }));
  await json(await post('rules/act', { ...scope, act: 'enable', rule: kept.versions[0]?.id, reason: '三例即报' }));
  const run = await detect(
    { pool: platform.pool, directory: await openDirectory(platform.pool), lists: readLists() },
    new Date(),
  );
  const id = run.raised.find((name) => name.startsWith('cases.dengue.500103'));
  const signal = await get<SignalDetail>(`signals/${id}`);
  expect([signal.method, signal.bound]).toEqual(['fixed-threshold', 2]);
  expect(signal.series.some(({ expected }) => typeof expected === 'number')).toBe(true);
  const past = await get<SignalPast>(`signals/${id}/past`);
  expect(past.now.at(-1)).toBe(signal.observed);
  expect(past.years.every(({ counts }) => counts.length === past.to.length)).toBe(true);
});
