import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { bundleOf, json, patientOf, put, type Resource, type Said, send } from './testing.ts';

let platform: TestPlatform;
let here: Hospital;
let there: Hospital;

const named = (mrn: string, name: string, phone: string, more: object = {}): Resource =>
  patientOf(mrn, {
    name: [{ text: name }],
    birthDate: '1971-02-03',
    telecom: [{ system: 'phone', value: phone }],
    ...more,
  });
const registered = async (hospital: Hospital, resource: Resource): Promise<string> => {
  const { status, body } = await send(hospital, 'POST', '/fhir/Patient', resource);
  expect(status).toBe(201);
  return body.id;
};
const state = async (...names: string[]): Promise<{ name: string; resident: string; how: string; id: string }[]> =>
  (
    await platform.pool.query<{ name: string; resident: string; how: string; id: string }>(
      'select id::text, name, resident::text, how from identity.source where name = any($1) order by name',
      [names],
    )
  ).rows;
const rules = ({ body }: Said): string[] =>
  body.issue.map((one: { details: { coding: { code: string }[] } }) => one.details.coding[0]?.code);

beforeAll(async () => {
  platform = await testPlatform();
  here = await platform.hospital('500112H01');
  there = await platform.hospital('500106H02');
}, 240_000);
afterAll(() => platform?.close());

test('a Patient replaced by another is merged like an A40, a person may take it back, and take that back', async () => {
  const stays = await registered(here, named('L1', '郑一鸣', '12900000001'));
  const goes = await registered(here, named('L2', '吴晓燕', '12900000002'));
  const merged = await put(here, {
    ...named('L2', '吴晓燕', '12900000002', { active: false }),
    id: goes,
    link: [{ type: 'replaced-by', other: { reference: `Patient/${stays}` } }],
  });
  expect(merged.status).toBe(200);
  await platform.settled();
  const [retired, survivor] = await state('吴晓燕', '郑一鸣');
  expect(retired).toMatchObject({ resident: survivor?.resident, how: 'merged-by-institution' });
  expect((await json(here, `/fhir/Patient/${goes}`)).body.link[0].type).toBe('replaced-by');

  const staff = await platform.staff('administrator');
  const act = async (path: string): Promise<{ act: { id: string } }> => {
    const answer = await staff(`/api/identity/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'wrong-decision' }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { act: { id: string } };
  };
  const source = BigInt.asUintN(64, BigInt(retired?.id as string)).toString(36);
  const unlinked = await act(`sources/${source}/unlink`);
  const [apart] = await state('吴晓燕');
  expect(apart?.resident).not.toBe(survivor?.resident);
  // The institution says it again: the word of a person stands.
  await put(here, {
    ...named('L2', '吴晓燕', '12900000002', { active: false, gender: 'female' }),
    id: goes,
    link: [{ type: 'replaced-by', other: { reference: `Patient/${stays}` } }],
  });
  expect((await state('吴晓燕'))[0]?.resident).toBe(apart?.resident);
  await act(`acts/${unlinked.act.id}/undo`);
  expect((await state('吴晓燕'))[0]).toMatchObject({ resident: survivor?.resident, how: 'merged-by-institution' });
});

test('a survivor may say it too, by identifier and in a transaction that registers both', async () => {
  const answer = await send(
    here,
    'POST',
    '/fhir',
    bundleOf('transaction', [
      {
        fullUrl: 'urn:uuid:one',
        resource: named('L3', '冯子轩', '12900000003'),
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: {
          ...named('L4', '陈子昂', '12900000004'),
          link: [{ type: 'replaces', other: { reference: 'urn:uuid:one' } }],
        },
        request: { method: 'POST', url: 'Patient' },
      },
    ]),
  );
  expect(answer.status).toBe(200);
  const conditional = await send(here, 'PUT', `/fhir/Patient?identifier=${encodeURIComponent('urn:mrn|L5')}`, {
    ...named('L5', '褚文静', '12900000005', { active: false }),
    link: [{ type: 'replaced-by', other: { identifier: { system: 'urn:mrn', value: 'L4' } } }],
  });
  expect(conditional.status).toBe(201);
  const all = await state('冯子轩', '陈子昂', '褚文静');
  expect(new Set(all.map(({ resident }) => resident)).size).toBe(1);
  expect(all.map(({ how }) => how).filter((how) => how === 'merged-by-institution')).toHaveLength(2);
});

test('merges with oneself, or with what another institution registered, are refused by name and change nothing', async () => {
  const mine = await registered(here, named('L6', '卫国平', '12900000006'));
  const self = await put(here, {
    ...named('L6', '卫国平', '12900000006'),
    id: mine,
    link: [{ type: 'replaced-by', other: { identifier: { system: 'urn:mrn', value: 'L6' } } }],
  });
  expect([self.status, rules(self)]).toEqual([422, ['identity.merge-with-self']]);
  const foreign = await registered(there, named('L6', '蒋少华', '12900000007'));
  const outside = await put(here, {
    ...named('L6', '卫国平', '12900000006'),
    id: mine,
    link: [{ type: 'replaces', other: { reference: `Patient/${foreign}` } }],
  });
  expect(outside.status).toBe(422);
  expect(rules(outside)).toContain('identity.merge-outside');
  const both = await state('卫国平', '蒋少华');
  expect(new Set(both.map(({ resident }) => resident)).size).toBe(2);
});
