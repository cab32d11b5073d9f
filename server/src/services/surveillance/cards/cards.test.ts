import type { CardDetail, CardPage, MissedPage } from '@hutong/contract/surveillance.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { MllpClient } from '../../../border/hl7v2/index.ts';
import { result, type Seen, visit } from '../test-messages.ts';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
let platform: TestPlatform;
let mllp: MllpClient;
let doctor: Fetch;
let cdc: Fetch;
const hour = 3_600_000;
const now = Date.now();

const json = async <T>(response: Response): Promise<T> => {
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as T;
};
const post = (as: Fetch, path: string, body: object): Promise<Response> =>
  as(`/api/surveillance${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const send = async (...messages: Buffer[]): Promise<void> => {
  for (const message of messages) expect((await mllp.send(message)).toString()).toContain('MSA|AA');
  await platform.settled();
};
const only = async (as: Fetch, disease: string): Promise<CardDetail> => {
  const { items } = await json<CardPage>(await as(`/api/surveillance/cards?disease=${disease}`));
  expect(items).toHaveLength(1);
  return json<CardDetail>(await as(`/api/surveillance/cards/${items[0]?.id}`));
};
const here = (id: string, at: number, more: Partial<Seen> = {}): Seen => ({
  facility: 'FAC-500112H01',
  id,
  at,
  ...more,
});
const day = (at: number): string => new Date(at + 8 * hour).toISOString().slice(0, 10);
const fill = (card: CardDetail, more: Record<string, string> = {}): Record<string, string> => ({
  occupation: '14',
  workplace: '红石路小学',
  documentKind: '00',
  onset: day(Date.parse(card.at) - 24 * hour),
  ...more,
});

beforeAll(async () => {
  platform = await testPlatform();
  await platform.hospital('500112H01', { tier: 3, nameZh: '渝北测试医院', nameEn: 'Yubei Test Hospital' });
  await platform.refreshDemo();
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  [doctor, cdc] = [await platform.staff('clinician'), await platform.staff('epidemiologist')];
});
afterAll(async () => {
  mllp?.close();
  await platform?.close();
});

test('a card is refused with every gap named, reported when whole, corrected, returned and approved level by level; all of it stays in its history', async () => {
  await send(visit(here('A1', now - 3 * hour), 'B05.9^麻疹'));
  const card = await only(doctor, 'measles');
  expect(card).toMatchObject({ kind: 'initial', state: 'pending', levels: ['county', 'province'], review: null });
  expect(card.annexes).toEqual([expect.objectContaining({ code: 'imported' })]);
  const path = `/cards/${card.id}`;
  const gaps = await post(doctor, `${path}/confirm`, { fields: { onset: day(now + 24 * hour) } });
  expect(gaps.status).toBe(400);
  const { problems } = (await gaps.json()) as { problems: { key: string }[] };
  expect(problems.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['documentKind', 'number', 'workplace', 'occupation', 'onset', 'imported.kind']),
  );
  expect((await only(doctor, 'measles')).acts).toEqual([]);

  const fields = fill(card, { 'imported.kind': '3' });
  expect(await json(await post(doctor, `${path}/confirm`, { fields }))).toEqual({ state: 'confirmed' });
  const reported = await only(cdc, 'measles');
  expect(reported.review).toMatchObject({ level: 'county', overdue: false });
  expect(reported.fields.find(({ key }) => key === 'occupation')).toMatchObject({
    value: '14',
    shown: { zh: '干部职员', en: 'Office worker' },
    from: 'doctor',
  });
  expect(await json(await post(cdc, `${path}/review`, { outcome: 'approve' }))).toEqual({ state: 'county-approved' });
  expect((await post(cdc, `${path}/review`, { outcome: 'return' })).status).toBe(400);
  expect(await json(await post(cdc, `${path}/review`, { outcome: 'return', reason: 'logic-error' }))).toEqual({
    state: 'returned',
  });
  expect(await json(await post(doctor, `${path}/confirm`, { fields: { workplace: '红石路中学 初二3班' } }))).toEqual({
    state: 'confirmed',
  });
  for (const state of ['county-approved', 'approved'])
    expect(await json(await post(cdc, `${path}/review`, { outcome: 'approve' }))).toEqual({ state });
  expect((await post(doctor, `${path}/correct`, { fields: {}, reason: 'died' })).status).toBe(400);
  expect(await json(await post(doctor, `${path}/correct`, { fields: { deceased: day(now) }, reason: 'died' }))).toEqual(
    { state: 'confirmed' },
  );
  const after = await only(cdc, 'measles');
  expect(after).toMatchObject({ kind: 'correction', number: card.number, review: { level: 'county' } });
  expect(after.acts.map(({ act, level }) => `${act} ${level ?? ''}`.trim())).toEqual([
    'confirm',
    'approve county',
    'return province',
    'confirm',
    'approve county',
    'approve province',
    'correct',
  ]);
  expect(after.acts[3]?.changes).toEqual([
    {
      key: 'workplace',
      zh: expect.any(String),
      en: expect.any(String),
      before: '红石路小学',
      after: '红石路中学 初二3班',
    },
  ]);
  const document = await cdc(`/api/surveillance/cards/${card.id}/document`);
  expect(document.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  const text = await document.text();
  for (const part of [
    'HSDB03.02',
    '林晓峰',
    '订正报告',
    '红石路中学 初二3班',
    '死亡日期时间',
    '感染来源',
    `<setId extension="${card.number}"/>`,
    '<versionNumber value="3"/>',
  ])
    expect(text).toContain(part);
  const { rows } = await platform.pool.query(
    "select count(*) as n from audit.entry where action = 'update' and what like 'report card%measles'",
  );
  expect(rows[0].n).toBeGreaterThanOrEqual(7);
});

test('what a doctor types in lies sealed in the database', async () => {
  const { rows } = await platform.pool.query(
    'select sealed, fields from surveillance.card_act where sealed is not null',
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { sealed, fields } of rows) {
    expect(fields).toBeNull();
    expect((sealed as Buffer).toString('latin1')).not.toContain('workplace');
    expect((sealed as Buffer).toString('utf8')).not.toContain('红石路');
  }
});

test('answers of an older layout are sealed by the chores', async () => {
  await platform.pool.query(
    `insert into surveillance.card_act (anchor, disease, act, fields, case_class, agent, role, at) values (1, 'mumps', 'confirm', '{"phone":"13900001111"}', 'clinical', 'staff x', 'clinician', now())`,
  );
  await platform.surveillanceChores(new Date());
  const { rows } = await platform.pool.query('select sealed, fields from surveillance.card_act where anchor = 1');
  expect(rows).toEqual([{ sealed: expect.any(Buffer), fields: null }]);
  await platform.pool.query('delete from surveillance.card_act where anchor = 1');
});

test('an onset that the doctor gives moves the case to its day, in the counts too', async () => {
  await send(visit(here('C1', now - 3 * hour), 'A38^猩红热'));
  const card = await only(doctor, 'scarlet-fever');
  const onset = day(now - 4 * 24 * hour);
  await json(await post(doctor, `/cards/${card.id}/confirm`, { fields: fill(card, { onset }) }));
  const { rows } = await platform.pool.query(
    "select c.day::text, x.n from surveillance.card c left join surveillance.cell x on x.channel = 'cases' and x.topic = c.disease and x.area = c.area and x.day = c.day where c.disease = 'scarlet-fever'",
  );
  expect(rows).toEqual([{ day: onset, n: 1 }]);
});

test('a notifiable diagnosis without a report comes back after its limit, once and again a day later, and is seen when it is opened', async () => {
  await send(visit(here('D1', now - 30 * hour), 'B26.9^流行性腮腺炎'));
  await platform.surveillanceChores(new Date());
  await platform.surveillanceChores(new Date());
  const missed = await json<MissedPage>(await doctor('/api/surveillance/missed'));
  const row = missed.items.find(({ disease }) => disease.code === 'mumps');
  expect(row).toMatchObject({ pushes: 1, seen: false, overdue: true, pushedBack: true });
  expect(row?.hoursLate).toBe(6);
  expect(missed.timeliness).toEqual([expect.objectContaining({ nameZh: '渝北测试医院', missed: 1 })]);
  await platform.surveillanceChores(new Date(Date.now() + 25 * hour));
  expect((await only(doctor, 'mumps')).pushBacks.map(({ step }) => step)).toEqual([1, 2]);
  expect(
    (await json<MissedPage>(await cdc('/api/surveillance/missed'))).items.find(
      ({ disease }) => disease.code === 'mumps',
    ),
  ).toMatchObject({
    pushes: 2,
    seen: true,
  });
});

test('two records of what may be one person are shown as twins; the CDC marks one as a duplicate and can take that back', async () => {
  const { rows: before } = await platform.pool.query(
    "select count(*) as n from surveillance.cell where topic = 'rubella'",
  );
  expect(before[0].n).toBe(0);
  await platform.hospital('500106H02', { area: '500106', nameZh: '沙坪坝测试医院', nameEn: 'Shapingba Test Hospital' });
  await send(
    visit(here('E1', now - 5 * hour, { name: '何清扬', birth: '20150203' }), 'B06.9^风疹'),
    visit(
      {
        ...here('E9', now - 4 * hour, { name: '何清扬', birth: '20150203', elsewhere: true }),
        facility: 'FAC-500106H02',
      },
      'B06.9^风疹',
    ),
  );
  const { items } = await json<CardPage>(await cdc('/api/surveillance/cards?disease=rubella'));
  expect(items).toHaveLength(2);
  const [first, second] = [items[0], items[1]] as unknown as [{ id: string }, { id: string }];
  const detail = await json<CardDetail>(await cdc(`/api/surveillance/cards/${first.id}`));
  expect(detail.twins.map(({ id }) => id)).toEqual([second.id]);
  const counted = async (): Promise<number> =>
    Number(
      (
        await platform.pool.query(
          "select coalesce(sum(n), 0) as n from surveillance.cell where channel = 'cases' and topic = 'rubella'",
        )
      ).rows[0].n,
    );
  expect(await counted()).toBe(2);
  expect((await post(cdc, `/cards/${first.id}/duplicate`, { of: first.id })).status).toBe(404);
  expect(await json(await post(cdc, `/cards/${second.id}/duplicate`, { of: first.id }))).toEqual({
    state: 'duplicate',
  });
  expect(await counted()).toBe(1);
  expect(await json(await post(cdc, `/cards/${second.id}/duplicate`, { of: null }))).toEqual({ state: 'pending' });
  expect(await counted()).toBe(2);
});

test('an onset after the diagnosis, a fast clock and a missing address are said on the card', async () => {
  const at = now + 2 * hour;
  await send(result(here('F1', at, { area: '', name: '何时清' }), '75377-2^登革热病毒NS1抗原', '阳性'));
  const card = await only(doctor, 'dengue');
  expect(card.caseClass).toBe('positive-test');
  expect(Date.parse(card.at)).toBeLessThanOrEqual(Date.now());
  expect(card.warnings.map(({ en }) => en)).toEqual([
    expect.stringMatching(/clock of Yubei Test Hospital is about \d+ minutes ahead/),
    expect.stringContaining('no district of residence'),
  ]);
  expect(card.area.zh).toBe('渝北区');
});
