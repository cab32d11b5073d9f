import { makeResidentNumber } from '@hutong/china';
import type { PairDetail, PairPage, ResidentIdentity, TraceCandidate, UndoResult } from '@hutong/contract/identity.ts';
import { systems } from '@hutong/contract/systems.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';

let platform: TestPlatform;
let [here, there] = [] as unknown as [Hospital, Hospital];
let staff: Awaited<ReturnType<TestPlatform['staff']>>;

beforeAll(async () => {
  platform = await testPlatform();
  here = await platform.hospital('500112H01');
  there = await platform.hospital('500106H02');
  staff = await platform.staff('administrator');
});
afterAll(async () => platform?.close());

type Person = {
  id: string;
  name: string;
  gender?: string;
  birthDate: string;
  number?: string;
  phone?: string;
  address?: string;
};
async function register(
  hospital: Hospital,
  { id, name, gender = 'male', birthDate, number, phone, address }: Person,
): Promise<void> {
  const patient = {
    resourceType: 'Patient',
    identifier: [
      { system: `urn:test:${hospital.code}`, value: id, type: { coding: [{ code: 'MR' }] } },
      ...(number ? [{ system: systems.residentNumber, value: number }] : []),
    ],
    name: [{ text: name }],
    gender,
    birthDate,
    ...(phone && { telecom: [{ system: 'phone', value: phone }] }),
    ...(address && { address: [{ text: address }] }),
  };
  const response = await hospital.fetch('/fhir/Patient', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify(patient),
  });
  expect(response.status).toBe(201);
}
const api = async <T>(path: string, body?: object): Promise<{ status: number; body: T & { code?: string } }> => {
  const response = await staff(
    `/api/identity/${path}`,
    body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  return { status: response.status, body: (await response.json()) as T & { code?: string } };
};
const queue = async (state = 'open'): Promise<PairPage> => (await api<PairPage>(`pairs?state=${state}&limit=200`)).body;
const birthDate = '1980-05-06';
const number = (sequence: number, born = birthDate): string =>
  makeResidentNumber({ areaCode: '500999', birthDate: born, sequence });
const residentOf = async (name: string): Promise<string[]> =>
  (
    await platform.pool.query<{ id: string }>(
      'select distinct resident::text as id from identity.source where name = $1',
      [name],
    )
  ).rows.map(({ id }) => id);

test('one person at two hospitals without a number is linked by the engine, with model and weight kept', async () => {
  const same = {
    name: '欧阳建国',
    birthDate: '1961-03-04',
    phone: '12911112222',
    address: '渝北区砚禾街道漪塘巷13号7栋4单元13-2',
  };
  await register(here, { id: 'a1', ...same });
  await register(there, { id: 'b1', ...same });
  await platform.settled();
  const [resident, another] = await residentOf('欧阳建国');
  expect(another).toBeUndefined();
  const { rows } = await platform.pool.query(
    "select kind, by_kind, model, weight from identity.act where by_kind = 'engine'",
  );
  expect(rows).toEqual([{ kind: 'link', by_kind: 'engine', model: 'model-1', weight: expect.any(Number) }]);
  expect(resident).toBeDefined();
});

test('who is described anew is compared anew: a corrected telephone and address join what stood apart', async () => {
  const name = '司徒映雪';
  const same = { name, gender: 'female', birthDate: '1972-09-09' };
  const home = { phone: '12966667777', address: '渝北区砚禾街道漪塘巷21号2栋1单元5-1' };
  await register(here, { id: 'a7', ...same, ...home });
  await register(there, { id: 'b7', ...same, phone: '12955550000', address: '沙坪坝区汉渝路77号附3号' });
  await platform.settled();
  expect(await residentOf(name)).toHaveLength(2);
  await register(there, { id: 'b7', ...same, ...home });
  await platform.settled();
  expect(await residentOf(name)).toHaveLength(1);
});

test('a valid number with another name goes to the queue, side by side, with words and weights; a decision links, an undo restores', async () => {
  const same = { birthDate, number: number(1), phone: '12933334444' };
  await register(here, { id: 'a2', name: '张小明', ...same });
  await register(there, { id: 'b2', name: '李国庆', ...same });
  await platform.settled();
  const before = [await residentOf('张小明'), await residentOf('李国庆')];
  expect(before[0]).not.toEqual(before[1]);
  const { items, counts } = await queue();
  const found = items.find(({ reason }) => reason.code === 'number-contradicts-name');
  expect(found).toMatchObject({ state: 'open', left: { name: expect.stringContaining('*') } });
  expect(counts.open).toBe(items.length);
  const { body: detail } = await api<PairDetail>(`pairs/${found?.id}`);
  expect(detail.cards).toHaveLength(2);
  expect(JSON.stringify(detail)).not.toContain(number(1));
  const field = (name: string) => detail.fields.find((one) => one.field === name);
  expect(field('number')).toMatchObject({ agreement: 'same', level: 'exact' });
  expect(field('name')).toMatchObject({ agreement: 'conflict' });
  expect(detail.waterfall.at(-1)?.sum).toBeCloseTo(detail.weight, 6);
  expect(detail.waterfall.reduce((sum, { bits }) => sum + bits, 0)).toBeCloseTo(detail.weight, 6);
  const { body: shown } = await api<PairDetail>(`pairs/${found?.id}?unmasked=yes`);
  expect(JSON.stringify(shown)).toContain(number(1));

  const wrong = await api(`pairs/${found?.id}/decide`, { decision: 'link', reason: 'twins', version: detail.version });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'HT-IDENTITY-008']);
  const stale = await api(`pairs/${found?.id}/decide`, {
    decision: 'link',
    reason: 'typing-error',
    version: detail.version + 1,
  });
  expect(stale.status).toBe(412);
  const linked = await api<PairDetail>(`pairs/${found?.id}/decide`, {
    decision: 'link',
    reason: 'typing-error',
    note: '户口本已核对',
    version: detail.version,
  });
  expect(linked.body).toMatchObject({ state: 'linked', may: { link: false, undo: expect.any(String) } });
  expect(await residentOf('张小明')).toEqual(await residentOf('李国庆'));
  const undone = await api<UndoResult>(`acts/${linked.body.may.undo}/undo`, { reason: 'wrong-decision' });
  expect(undone.status).toBe(200);
  expect(undone.body.moved.length).toBeGreaterThan(0);
  expect([await residentOf('张小明'), await residentOf('李国庆')]).toEqual(before);
  const again = await api(`acts/${linked.body.may.undo}/undo`, { reason: 'wrong-decision' });
  expect([again.status, again.body.code]).toEqual([409, 'HT-IDENTITY-004']);
  expect((await queue()).items.some(({ id }) => id === found?.id)).toBe(true);
});

test('two people whom somebody held apart stay apart, whatever is sent later', async () => {
  const twin = { birthDate: '2012-12-12', phone: '12955556666', address: '江北区翊川街道岫舒支路238号8栋4单元15-1' };
  await register(here, { id: 'a3', name: '谭俊', ...twin });
  await register(there, { id: 'b3', name: '谭俊浩', ...twin });
  await platform.settled();
  const found = (await queue()).items.find(
    ({ left, right }) => left.birthDate === twin.birthDate && right.birthDate === twin.birthDate,
  );
  const { body: detail } = await api<PairDetail>(`pairs/${found?.id}`);
  const done = await api<PairDetail>(`pairs/${found?.id}/decide`, {
    decision: 'separate',
    reason: 'twins',
    version: detail.version,
  });
  expect(done.body.state).toBe('separate');
  await register(there, { id: 'b3', name: '谭俊', ...twin });
  await platform.settled();
  const { rows } = await platform.pool.query(
    "select count(distinct resident)::int as n from identity.source where birth_date = '2012-12-12'",
  );
  expect(rows[0]).toEqual({ n: 2 });
});

test('a merge of a resident with himself, and one during an open stay, are refused by name and leave nothing behind', async () => {
  await register(here, { id: 'a4', name: '吴桂芳', gender: 'female', birthDate: '1955-01-02' });
  await register(there, { id: 'b4', name: '武桂芳', gender: 'female', birthDate: '1955-10-20' });
  await platform.settled();
  const find = async (name: string): Promise<string> => {
    const { body } = await api<{ candidates: TraceCandidate[] }>('trace', {
      name,
      birthDate: name === '吴桂芳' ? '1955-01-02' : '1955-10-20',
    });
    return body.candidates[0]?.resident as string;
  };
  const [one, other] = [await find('吴桂芳'), await find('武桂芳')];
  const self = await api('merge', { residents: [one, one], reason: 'documents-seen' });
  expect([self.status, self.body.code]).toEqual([422, 'HT-IDENTITY-001']);
  const patients = (await (await here.fetch('/fhir/Patient?name=吴桂芳')).json()) as {
    entry: { resource: { id: string } }[];
  };
  const encounter = {
    resourceType: 'Encounter',
    identifier: [{ system: 'urn:test:visit', value: 'v1' }],
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: `Patient/${patients.entry[0]?.resource.id}` },
    period: { start: '2026-11-01T08:00:00+08:00' },
  };
  const write = (body: object, id = ''): Promise<Response> =>
    here.fetch(`/fhir/Encounter${id}`, {
      method: id ? 'PUT' : 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(body),
    });
  const made = (await (await write(encounter)).json()) as { id: string };
  const busy = await api('merge', { residents: [one, other], reason: 'documents-seen' });
  expect([busy.status, busy.body.code]).toEqual([409, 'HT-IDENTITY-002']);
  expect(
    (await platform.pool.query("select count(*)::int as n from identity.act where kind = 'merge'")).rows[0],
  ).toEqual({ n: 0 });
  await write(
    {
      ...encounter,
      id: made.id,
      status: 'finished',
      period: { ...encounter.period, end: '2026-11-09T08:00:00+08:00' },
    },
    `/${made.id}`,
  );
  const merged = await api<UndoResult>('merge', { residents: [one, other], reason: 'documents-seen' });
  expect(merged.status).toBe(200);
  const { body: view } = await api<ResidentIdentity>(`residents/${other}`);
  const { body: same } = await api<ResidentIdentity>(`residents/${one}`);
  expect(view.id).toBe(same.id);
  expect(view.cards).toHaveLength(2);
  expect(view.formerIds).toHaveLength(1);
  const [source] = view.cards;
  const split = await api<UndoResult>(`residents/${view.id}/split`, {
    sources: [source?.source],
    reason: 'wrong-decision',
  });
  expect(split.status).toBe(200);
  expect(await residentOf('吴桂芳')).not.toEqual(await residentOf('武桂芳'));
  const none = await api(`residents/${(await api<ResidentIdentity>(`residents/${one}`)).body.id}/split`, {
    sources: [source?.source],
    reason: 'wrong-decision',
  });
  expect([none.status, none.body.code]).toEqual([409, 'HT-IDENTITY-005']);
});

test('only whoever reviews opens a pair, and each look at it stands in the audit of both', async () => {
  const clinician = await platform.staff('clinician');
  expect((await clinician('/api/identity/pairs')).status).toBe(403);
  expect((await here.fetch('/api/identity/pairs')).status).toBe(403);
  const { rows } = await platform.pool.query(
    "select count(distinct resident)::int as n from audit.entry where what = 'review pair' and ground = 'identity-review'",
  );
  expect((rows[0] as { n: number }).n).toBeGreaterThanOrEqual(2);
});

test('what does not suffice to recognise a person is refused; too few decisions teach nothing', async () => {
  expect((await api('trace', { name: '张小明' })).body.code).toBe('HT-IDENTITY-006');
  expect((await api('models/learn', { reason: 'test' })).body.code).toBe('HT-IDENTITY-007');
  const { body } = await api<{ items: { version: string; inUse: boolean }[] }>('models');
  expect(body.items).toMatchObject([{ version: 'model-1', inUse: true }]);
});
