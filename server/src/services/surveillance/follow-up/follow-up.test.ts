import type {
  Chain,
  Contact,
  ContactPage,
  ContactPerson,
  KeyItem,
  KeyItemPage,
  LineList,
  LineListNames,
} from '@hutong/contract/surveillance.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { MllpClient } from '../../../border/hl7v2/index.ts';
import { type ContactRow, contactsOf } from '../tables/contacts.ts';
import { type Seen, visit } from '../test-messages.ts';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
let platform: TestPlatform;
let cdc: Fetch;
let doctor: Fetch;
const hour = 3_600_000;
const dayMs = 24 * hour;
const now = Date.now();
const day = (at: number): string => new Date(at + 8 * hour).toISOString().slice(0, 10);

const json = async <T>(response: Response): Promise<T> => {
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as T;
};
const get = async <T>(path: string): Promise<T> => json<T>(await cdc(`/api/surveillance${path}`));
const post = (as: Fetch, path: string, body: object): Promise<Response> =>
  as(`/api/surveillance${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const looks = async (what: string): Promise<number> =>
  Number((await platform.pool.query('select count(*) as n from audit.entry where what like $1', [what])).rows[0].n);

beforeAll(async () => {
  platform = await testPlatform();
  for (const code of ['500112H01', '500106H02']) await platform.hospital(code, { area: code.slice(0, 6) });
  await platform.refreshDemo();
  [cdc, doctor] = [await platform.staff('epidemiologist'), await platform.staff('clinician')];
  const mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
  const seen = (id: string, days: number, more: Partial<Seen> = {}): Seen => ({
    facility: 'FAC-500112H01',
    id,
    at: now - days * dayMs - hour,
    name: `甲${id}`,
    ...more,
  });
  for (const message of [
    visit(seen('A', 6, { birth: '20180505', name: '何清扬' }), 'B05.9^麻疹'),
    visit(seen('B', 4, { birth: '20120505' }), 'B05.9^麻疹'),
    visit(seen('C', 2, { birth: '19500505' }), 'B05.9^麻疹'),
    visit(
      seen('D', 1, { birth: '20180505', name: '何清扬', facility: 'FAC-500106H02', elsewhere: true }),
      'B05.9^麻疹',
    ),
  ])
    expect((await mllp.send(message)).toString()).toContain('MSA|AA');
  await platform.settled();
  mllp.close();
});
afterAll(() => platform?.close());

test('the line list shows cases without names, curve, ages and possible duplicates; names come one by one and are noted', async () => {
  const list = await get<LineList>('/line-list?disease=measles');
  expect(list).toMatchObject({ total: 4, duplicates: 0, withoutOnset: 4, mayName: true });
  expect(list.items.map(({ age, twin }) => [age, twin])).toEqual([
    [8, true],
    [76, false],
    [14, false],
    [8, true],
  ]);
  expect(JSON.stringify(list)).not.toMatch(/何清扬|甲B|139/);
  expect(list.curve.reduce((sum, { onset }) => sum + onset, 0)).toBe(4);
  expect(list.pyramid).toEqual([
    { from: 5, male: 2, female: 0, other: 0 },
    { from: 10, male: 1, female: 0, other: 0 },
    { from: 75, male: 1, female: 0, other: 0 },
  ]);
  const before = await looks('name in the line list measles');
  const ids = list.items.slice(0, 2).map(({ id }) => id);
  const { items } = await json<LineListNames>(await post(cdc, '/line-list/names', { cards: ids }));
  expect(items.map(({ id }) => id)).toEqual(ids);
  expect(items[0]).toMatchObject({ name: '何清扬', phone: '18623450987' });
  expect(await looks('name in the line list measles')).toBe(before + 2);
  expect((await post(doctor, '/line-list/names', { cards: ids })).status).toBe(403);
  expect((await cdc('/api/surveillance/line-list?disease=measles&from=2026-13-01')).status).toBe(400);
  const csv = await (await cdc('/api/surveillance/line-list/export?disease=measles')).text();
  expect(csv.split('\r\n')).toHaveLength(6);
  expect(csv).not.toContain('何清扬');
});

test('a contact is added once, followed day by day, opened with a note, and becomes a case', async () => {
  const { items } = await get<LineList>('/line-list?disease=measles');
  const card = items.at(-1)?.id as string;
  const given = {
    card,
    name: '欧阳静',
    phone: '13800001234',
    number: '500999199001011234',
    relation: '家人',
    setting: '家庭',
    lastExposure: day(now - 2 * dayMs),
  };
  const contact = await json<Contact>(await post(cdc, '/contacts', given));
  expect(contact).toMatchObject({
    name: expect.stringMatching(/^欧阳?\*/),
    state: 'watching',
    dueToday: true,
    missedDays: 0,
  });
  expect(contact.days).toHaveLength(21);
  // The list of all who are watched ends where the caller's reach ends: Yubei sees its own, Shapingba does not.
  const watched = (reach: string): Promise<ContactRow[]> =>
    contactsOf(platform.pool, { anchors: null, disease: null, reach, unitsInReach: [], limit: 10 });
  expect(await watched('500112')).toHaveLength(1);
  expect(await watched('500106')).toEqual([]);
  expect((await post(cdc, '/contacts', given)).status).toBe(400);
  expect(
    (await post(cdc, '/contacts', { ...given, number: null, phone: null, lastExposure: day(now + 2 * dayMs) })).status,
  ).toBe(400);
  const { rows } = await platform.pool.query('select sealed from surveillance.contact');
  expect((rows[0].sealed as Buffer).toString('utf8')).not.toMatch(/欧阳|13800001234/);
  const visited = await json<Contact>(
    await post(cdc, `/contacts/${contact.id}/visit`, { day: day(now), result: 'well', temperature: 36.6 }),
  );
  expect(visited.dueToday).toBe(false);
  expect((await post(cdc, `/contacts/${contact.id}/visit`, { day: day(now + dayMs), result: 'well' })).status).toBe(
    400,
  );
  const before = await looks('contact person %');
  expect(await get<ContactPerson>(`/contacts/${contact.id}/person`)).toMatchObject({
    name: '欧阳静',
    phone: '13800001234',
  });
  expect(await looks('contact person %')).toBe(before + 1);
  const page = await get<ContactPage>(`/contacts?card=${card}`);
  expect(page).toMatchObject({ total: 1, dueToday: 0 });
  expect((await get<LineList>('/line-list?disease=measles')).items.at(-1)?.contacts).toBe(1);
  expect((await post(cdc, `/contacts/${contact.id}/close`, { state: 'became-case' })).status).toBe(400);
  expect(
    await json<Contact>(
      await post(cdc, `/contacts/${contact.id}/close`, { state: 'became-case', card: items[0]?.id as string }),
    ),
  ).toMatchObject({ state: 'became-case', becameCard: items[0]?.id });
  expect((await doctor(`/api/surveillance/contacts?card=${card}`)).status).toBe(403);
});

test('a chain is a tree: cases are linked, a ring is refused, a link can be taken back', async () => {
  const { items } = await get<LineList>('/line-list?disease=measles');
  const [d, c, b, a] = items.map(({ id }) => id) as [string, string, string, string];
  await json(await post(cdc, '/chains', { to: b, from: a, basis: 'contact' }));
  await json(await post(cdc, '/chains', { to: c, from: a, basis: 'same-place' }));
  const chain = await json<Chain>(await post(cdc, '/chains', { to: d, from: c, basis: 'genome' }));
  expect(Object.fromEntries(chain.cases.map(({ id, parent }) => [id, parent]))).toEqual({
    [a]: null,
    [b]: a,
    [c]: a,
    [d]: c,
  });
  const ring = await post(cdc, '/chains', { to: a, from: d });
  expect(ring.status).toBe(400);
  expect(((await ring.json()) as { en: string }).en).toContain('ring');
  expect((await get<Chain>(`/chains?card=${b}`)).cases).toHaveLength(4);
  await json(await post(cdc, '/chains', { to: d, from: null }));
  expect((await get<Chain>(`/chains?card=${b}`)).cases).toHaveLength(3);
});

test('key people, places and things have tasks that are due, done or overdue', async () => {
  const given = {
    kind: 'place',
    category: 'school',
    name: '红石路小学',
    area: '500112',
    reason: '一周内 3 例麻疹',
    title: '入校排查',
    due: day(now - dayMs),
  };
  const place = await json<KeyItem>(await post(cdc, '/key-items', given));
  expect(place.tasks).toMatchObject([{ title: '入校排查', overdue: true, state: 'open' }]);
  const person = await json<KeyItem>(
    await post(cdc, '/key-items', {
      ...given,
      kind: 'person',
      category: 'entrant',
      name: '欧阳静',
      phone: '13800001234',
      due: day(now + dayMs),
    }),
  );
  expect(person.label).toBe('欧*静');
  expect(await get<ContactPerson>(`/key-items/${person.id}/person`)).toMatchObject({ name: '欧阳静' });
  expect((await post(cdc, '/key-items', { ...given, category: 'entrant' })).status).toBe(400);
  expect((await post(cdc, '/key-items', { ...given, area: '999999' })).status).toBe(400);
  expect(await get<KeyItemPage>('/key-items')).toMatchObject({ open: 2, overdue: 1 });
  const done = await json<KeyItem>(
    await post(cdc, `/key-items/${place.id}/tasks/${place.tasks[0]?.id}/done`, { result: '无新增' }),
  );
  expect(done.tasks).toMatchObject([{ state: 'done', result: '无新增', overdue: false, doneBy: '疾控 郑涛' }]);
  expect((await post(cdc, `/key-items/${place.id}/tasks/${place.tasks[0]?.id}/done`, { result: '再次' })).status).toBe(
    404,
  );
  expect(await json<KeyItem>(await post(cdc, `/key-items/${person.id}/close`, {}))).toMatchObject({
    state: 'closed',
    tasks: [{ state: 'cancelled' }],
  });
});
