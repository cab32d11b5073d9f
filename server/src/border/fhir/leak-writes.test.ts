import { makeResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { bundleOf, idsOf, json, patientOf, put, type Resource, type Said, send } from './testing.ts';
import { canary, expectSilence, hidden, nobody, plantSecrets } from './testing-secrets.ts';

let platform: TestPlatform;
let first: Hospital;
let second: Hospital;
let ids: Record<string, string>;
const _silent = (answer: Said, what: string): void => expectSilence(ids, answer, what);

beforeAll(async () => {
  platform = await testPlatform();
  first = await platform.hospital('HOSP-1');
  second = await platform.hospital('HOSP-2');
  ids = await plantSecrets(first, second);
});
afterAll(() => platform.close());

test('conditional writes do not tell what others have', async () => {
  const created = await send(second, 'POST', '/fhir/Patient', patientOf('probe'), {
    'if-none-exist': 'identifier=urn:mrn|secret-mrn',
  });
  expect(created.status).toBe(201);
  const updated = await send(second, 'PUT', `/fhir/Observation?identifier=urn:obs|secret-obs`, {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    identifier: [{ system: 'urn:obs', value: 'other' }],
  });
  expect(updated.status).toBe(201);
  expect(updated.body.id).not.toBe(ids.Observation);
  expect((await send(second, 'DELETE', '/fhir/Observation?identifier=urn:obs|secret-obs')).status).toBe(204);
  expect(
    (
      await send(second, 'PATCH', '/fhir/Observation?identifier=urn:obs|secret-obs', [], {
        'content-type': 'application/json-patch+json',
      })
    ).status,
  ).toBe(404);
  const reference = await send(
    second,
    'POST',
    '/fhir',
    bundleOf('transaction', [
      {
        resource: {
          resourceType: 'Basic',
          code: { text: 'x' },
          subject: { reference: 'Patient?identifier=urn:mrn|secret-mrn' },
        },
        request: { method: 'POST', url: 'Basic' },
      },
    ]),
  );
  expect([reference.status, reference.body.issue[0].code]).toEqual([422, 'not-found']);
  expect((await json(first, `/fhir/Observation/${ids.Observation}`)).status).toBe(200);
});

const languageAdded = (type: string): object => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'add' },
        { name: 'path', valueString: type },
        { name: 'name', valueString: 'language' },
        { name: 'value', valueCode: 'en' },
      ],
    },
  ],
});
const tagged = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ code: 'x' }] } }] };

test('PUT, PATCH and DELETE of another’s resource: nothing is done and nothing is told', async () => {
  for (const type of hidden) {
    const id = ids[type] as string;
    const before = await json(first, `/fhir/${type}/${id}`);
    const attempts = async (target: string): Promise<unknown[]> => {
      const answers = [
        await put(second, { ...before.body, id: target }),
        await put(second, { ...before.body, id: target }, { 'if-match': 'W/"2"' }),
        await send(second, 'DELETE', `/fhir/${type}/${target}`),
        await send(second, 'PATCH', `/fhir/${type}/${target}`, [{ op: 'add', path: '/language', value: 'en' }], {
          'content-type': 'application/json-patch+json',
        }),
        await send(second, 'PATCH', `/fhir/${type}/${target}`, languageAdded(type)),
        await send(second, 'POST', `/fhir/${type}/${target}/$meta-add`, tagged),
        await send(second, 'POST', `/fhir/${type}/${target}/$meta-delete`, tagged),
        await send(
          second,
          'POST',
          '/fhir',
          bundleOf('transaction', [{ request: { method: 'DELETE', url: `${type}/${target}` } }]),
        ),
        await send(
          second,
          'POST',
          '/fhir',
          bundleOf('transaction', [
            { resource: { ...before.body, id: target }, request: { method: 'PUT', url: `${type}/${target}` } },
          ]),
        ),
      ];
      return answers.map(({ status, text, headers }) => [
        status,
        text.replaceAll(target, 'ID').replaceAll(/\[[0-9a-f-]{36}\]/g, ''),
        headers.get('etag'),
      ]);
    };
    expect(await attempts(id), type).toEqual(await attempts(nobody));
    expect((await json(first, `/fhir/${type}/${id}`)).text).toBe(before.text);
  }
});

test('a reference to another’s patient leads nowhere, as one to nobody does; nobody writes into a record they may not open', async () => {
  const answers = [];
  for (const target of [ids.Patient, nobody]) {
    const answer = await send(second, 'POST', '/fhir/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'planted' },
      subject: { reference: `Patient/${target}` },
    });
    answers.push([answer.status, answer.body]);
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.[0]).toBe(422);
  expect((await json(first, `/fhir/Observation?patient=${ids.Patient}`)).text).not.toContain('planted');
});

test('what a body says about its own id and meta is not believed', async () => {
  const answer = await send(second, 'POST', '/fhir/Patient', {
    ...patientOf('mass'),
    id: ids.Patient,
    meta: { versionId: '99', lastUpdated: '2000-01-01T00:00:00Z' },
  });
  expect(answer.status).toBe(201);
  expect(answer.body.id).not.toBe(ids.Patient);
  expect(answer.body.meta.versionId).toBe('1');
  expect(answer.body.meta.lastUpdated.slice(0, 4)).not.toBe('2000');
});

test('a care relationship opens the resident’s record, in reads and in searches that name the patient, and each look is in the audit', async () => {
  const number = makeResidentNumber({ areaCode: '500999', birthDate: '1951-04-05', sequence: 7 });
  const identifier = (mrn: string): object[] => [
    ...(patientOf(mrn).identifier as object[]),
    { system: systems.residentNumber, value: number },
  ];
  const theirs = (
    await send(first, 'POST', '/fhir/Patient', {
      ...patientOf('care-1'),
      identifier: identifier('care-1'),
      birthDate: '1951-04-05',
      name: [{ text: canary }],
    })
  ).body.id;
  const lab = (
    await send(first, 'POST', '/fhir/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: canary },
      subject: { reference: `Patient/${theirs}` },
    })
  ).body.id;
  expect((await json(second, `/fhir/Observation/${lab}`)).status).toBe(404);
  const ours = (
    await send(second, 'POST', '/fhir/Patient', {
      ...patientOf('care-2'),
      identifier: identifier('care-2'),
      birthDate: '1951-04-05',
    })
  ).body.id;
  await platform.settled();
  const trace = async (
    path: string,
  ): Promise<[Said, { action: string; ground: string; subject: string | null; resident: string | null }[]]> => {
    const answer = await json(second, path);
    const { rows } = await platform.pool.query(
      'select action, ground, subject::text, resident::text from audit.entry where trace = $1',
      [answer.headers.get('x-trace-id')],
    );
    return [answer, rows];
  };
  const [read, looks] = await trace(`/fhir/Observation/${lab}`);
  expect([read.status, read.body.code.text]).toEqual([200, canary]);
  expect(looks).toEqual([
    expect.objectContaining({
      action: 'read',
      ground: 'care-relationship',
      subject: expect.any(String),
      resident: expect.any(String),
    }),
  ]);
  for (const path of [`/fhir/Observation?patient=${theirs}`, `/fhir/Observation?subject=Patient/${theirs}`]) {
    const [searched, entries] = await trace(path);
    expect(idsOf(searched), path).toEqual([lab]);
    expect(
      entries.filter(({ ground, subject }) => ground === 'care-relationship' && subject !== null).length,
      path,
    ).toBeGreaterThan(0);
  }
  expect(idsOf(await json(second, `/fhir/Observation?code:text=${canary}`))).toEqual([]);
  const [whole, entries] = await trace(`/fhir/Patient/${ours}/$everything`);
  expect(whole.body.entry.map((entry: { resource: Resource }) => entry.resource.id).sort()).toEqual(
    [ours, theirs, lab].sort(),
  );
  expect(entries.every(({ ground }) => ground !== 'none')).toBe(true);
  // It opens this record and no other, and reading is not writing.
  expect((await json(second, `/fhir/Patient/${ids.Patient}`)).status).toBe(404);
  expect(
    (
      await put(second, {
        resourceType: 'Observation',
        id: lab,
        status: 'final',
        code: { text: 'changed' },
        subject: { reference: `Patient/${theirs}` },
      })
    ).status,
  ).toBe(403);
  expect((await send(second, 'DELETE', `/fhir/Observation/${lab}`)).status).toBe(403);
  expect(
    (
      await send(second, 'POST', '/fhir/Observation', {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'addition' },
        subject: { reference: `Patient/${theirs}` },
      })
    ).status,
  ).toBe(201);
});
