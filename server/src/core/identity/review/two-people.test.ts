import { makeResidentNumber } from '@hutong/china';
import type { IdentityModel, PairDetail, PairPage, PairSummary } from '@hutong/contract/identity.ts';
import { systems } from '@hutong/contract/systems.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';

type Staff = Awaited<ReturnType<TestPlatform['staff']>>;
let platform: TestPlatform;
let [here, there] = [] as unknown as [Hospital, Hospital];
let [first, second] = [] as unknown as [Staff, Staff];

const api = async <T>(
  staff: Staff,
  path: string,
  body?: object,
): Promise<{ status: number; body: T & { code?: string } }> => {
  const response = await staff(
    `/api/identity/${path}`,
    body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  return { status: response.status, body: (await response.json()) as T & { code?: string } };
};
async function register(
  hospital: Hospital,
  id: string,
  person: { name: string; birthDate: string; number?: string; phone: string; gender?: string },
): Promise<void> {
  const { name, birthDate, number, phone, gender = 'male' } = person;
  const response = await hospital.fetch('/fhir/Patient', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Patient',
      identifier: [
        { system: `urn:test:${hospital.code}`, value: id, type: { coding: [{ code: 'MR' }] } },
        ...(number ? [{ system: systems.residentNumber, value: number }] : []),
      ],
      name: [{ text: name }],
      gender,
      birthDate,
      telecom: [{ system: 'phone', value: phone }],
    }),
  });
  expect(response.status).toBe(201);
}
const queue = async (): Promise<PairSummary[]> => (await api<PairPage>(first, 'pairs?limit=200')).body.items;
const residents = async (...names: string[]): Promise<number> =>
  (
    await platform.pool.query<{ n: number }>(
      'select count(distinct resident)::int as n from identity.source where name = any($1)',
      [names],
    )
  ).rows[0]?.n ?? 0;
const decide = async (
  staff: Staff,
  id: string,
  decision: 'link' | 'separate',
): Promise<{ status: number; body: PairDetail & { code?: string } }> => {
  const { body } = await api<PairDetail>(staff, `pairs/${id}`);
  const reason = decision === 'link' ? 'documents-seen' : 'different-person';
  return api<PairDetail>(staff, `pairs/${id}/decide`, { decision, reason, version: body.version });
};
/** Two registrations under one number whose names do not fit: one question. */
async function question(n: number, left: string, right: string): Promise<string> {
  const birthDate = `19${60 + (n % 30)}-0${1 + (n % 9)}-05`;
  const number = makeResidentNumber({ areaCode: '500999', birthDate, sequence: 2 * n + 1 });
  const phone = `12933${String(n).padStart(6, '0')}`;
  await register(here, `a${n}`, { name: left, birthDate, number, phone });
  await register(there, `b${n}`, { name: right, birthDate, number, phone });
  return left;
}

beforeAll(async () => {
  platform = await testPlatform({ env: { HUTONG_TWO_PEOPLE: 'yes' } });
  here = await platform.hospital('500112H01');
  there = await platform.hospital('500106H02');
  first = await platform.staff('administrator');
  // A second member of staff of the same role: the auditor changes posts, and the directory sees it at its next look.
  await platform.pool.query("update directory.staff set role = 'administrator' where login = 'auditor'");
  for (let tries = 0; tries < 40; tries++) {
    second = await platform.staff('auditor');
    if ((await api(second, 'summary')).status === 200) return;
    await new Promise((done) => setTimeout(done, 500));
  }
}, 240_000);
afterAll(() => platform?.close());

test('a link waits for a second person, who is not the first; until then nothing moves, and an undo takes it back', async () => {
  await question(0, '张小明', '李国庆');
  await platform.settled();
  const [pair] = await queue();
  const id = pair?.id as string;
  const one = await decide(first, id, 'link');
  expect(one.body).toMatchObject({ state: 'awaiting-second', approval: { needed: 2 } });
  expect(one.body.approval.given).toHaveLength(1);
  expect(await residents('张小明', '李国庆')).toBe(2);
  const same = await decide(first, id, 'link');
  expect([same.status, same.body.code]).toEqual([409, 'HT-IDENTITY-003']);
  expect(await residents('张小明', '李国庆')).toBe(2);
  const both = await decide(second, id, 'link');
  expect(both.body.state).toBe('linked');
  expect(await residents('张小明', '李国庆')).toBe(1);
  const undone = await api(first, `acts/${both.body.may.undo}/undo`, { reason: 'wrong-decision' });
  expect(undone.status).toBe(200);
  expect(await residents('张小明', '李国庆')).toBe(2);
});

test('one person suffices to hold two people apart', async () => {
  await question(1, '王建国', '赵长江');
  await platform.settled();
  const pair = (await queue()).find(({ left, right }) =>
    [left.name, right.name].some((name) => name?.startsWith('王')),
  );
  expect((await decide(first, pair?.id as string, 'separate')).body.state).toBe('separate');
});

test('what people decided moves the weights into a new version, which says so, and judges whoever comes once it is put to use', async () => {
  const surnames = [...'孙周吴郑冯陈褚卫蒋沈韩杨'];
  for (const [at, surname] of surnames.entries()) {
    await question(10 + at, `${surname}大海`, `${surname}晓燕`);
    await question(40 + at, `${surname}德才`, `欧阳秋水`);
  }
  await platform.settled();
  let decided = 0;
  for (const { id, state } of await queue()) {
    if (state !== 'open') continue;
    decided++;
    if (decided % 2 === 0) await decide(first, id, 'separate');
    else {
      await decide(first, id, 'link');
      await decide(second, id, 'link');
    }
  }
  expect(decided).toBeGreaterThanOrEqual(20);
  const before = (await api<{ items: IdentityModel[] }>(first, 'models')).body.items;
  const shipped = before.find(({ inUse }) => inUse) as IdentityModel;
  const learned = await api<IdentityModel>(first, 'models/learn', { reason: '季度重估' });
  expect(learned.status).toBe(201);
  expect(learned.body).toMatchObject({ basedOn: shipped.version, inUse: false });
  expect(learned.body.learnedFrom.linked).toBeGreaterThan(8);
  expect(learned.body.learnedFrom.separate).toBeGreaterThan(8);
  const bits = (model: IdentityModel, level: string): number =>
    model.weights.find((one) => one.field === 'name' && one.level === level)?.bits ?? Number.NaN;
  const m = (model: IdentityModel, level: string): number =>
    model.weights.find((one) => one.field === 'name' && one.level === level)?.m ?? Number.NaN;
  // People linked under plainly other names: that level is seen more often among true pairs than the training knew, an equal name less.
  expect(m(learned.body, 'differs')).toBeGreaterThan(m(shipped, 'differs'));
  expect(bits(learned.body, 'exact')).toBeLessThan(bits(shipped, 'exact'));
  const used = await api<IdentityModel>(first, `models/${learned.body.version}/use`, { reason: '试用' });
  expect(used.body.inUse).toBe(true);
  const home = { name: '司马相如', birthDate: '1951-06-07', phone: '12977778888' };
  await register(here, 'z1', home);
  await register(there, 'z2', home);
  await platform.settled();
  const { rows } = await platform.pool.query<{ model: string }>(
    `select distinct c.model from identity.compared c join identity.source s on s.id = c.source where s.name = '司马相如'`,
  );
  expect(rows).toEqual([{ model: learned.body.version }]);
}, 120_000);
