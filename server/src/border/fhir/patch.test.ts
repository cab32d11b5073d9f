import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { bundleOf, json, patientOf, type Resource, type Said, send } from './testing.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('HOSP-1');
});
afterAll(() => platform.close());

const create = async (resource: Resource): Promise<Said> =>
  send(hospital, 'POST', `/fhir/${resource.resourceType}`, resource);
const operation = (type: string, path: string, ...more: object[]): object => ({
  name: 'operation',
  part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more],
});
const parameters = (...operations: object[]): Resource => ({ resourceType: 'Parameters', parameter: operations });
const born = (day: string): object => operation('replace', 'Patient.birthDate', { name: 'value', valueDate: day });

test('a FHIRPath Patch changes what it names, by id and by condition, with If-Match', async () => {
  const { body } = await create(
    patientOf('fp-1', { birthDate: '1980-01-01', name: [{ text: '王五' }, { text: '赵六' }] }),
  );
  const patched = await send(
    hospital,
    'PATCH',
    `/fhir/Patient/${body.id}`,
    parameters(
      born('1990-02-02'),
      operation('delete', "Patient.name.where(text = '王五')"),
      operation(
        'add',
        'Patient',
        { name: 'name', valueString: 'contact' },
        {
          name: 'value',
          part: [{ name: 'name', valueHumanName: { text: '孙七' } }],
        },
      ),
    ),
  );
  expect([patched.status, patched.headers.get('etag')]).toEqual([200, 'W/"2"']);
  expect(patched.body).toMatchObject({
    birthDate: '1990-02-02',
    name: [{ text: '赵六' }],
    contact: [{ name: { text: '孙七' } }],
  });
  expect((await json(hospital, `/fhir/Patient/${body.id}`)).body).toEqual(patched.body);
  const stale = await send(hospital, 'PATCH', `/fhir/Patient/${body.id}`, parameters(born('1991-01-01')), {
    'if-match': 'W/"1"',
  });
  expect(stale.status).toBe(412);
  const byCondition = await send(
    hospital,
    'PATCH',
    '/fhir/Patient?identifier=urn:mrn|fp-1',
    parameters(born('1992-01-01')),
  );
  expect([byCondition.status, byCondition.body.birthDate]).toEqual([200, '1992-01-01']);
});

test('a FHIRPath Patch is taken whole or not at all; its failure names the operation, its outcome is validated', async () => {
  const { body } = await create(patientOf('fp-2', { birthDate: '1980-01-01' }));
  const patch = (...operations: object[]): Promise<Said> =>
    send(hospital, 'PATCH', `/fhir/Patient/${body.id}`, parameters(...operations));
  const failed = await patch(
    born('1990-01-01'),
    operation('replace', 'Patient.gender', { name: 'value', valueCode: 'male' }),
  );
  expect([failed.status, failed.body.issue[0].expression]).toEqual([422, ['Parameters.parameter[1]']]);
  const invalid = await patch(
    operation('add', 'Patient', { name: 'name', valueString: 'gender' }, { name: 'value', valueCode: 'xyz' }),
  );
  expect([invalid.status, invalid.body.issue[0].expression]).toEqual([422, ['Patient.gender']]);
  expect((await patch(operation('replace', 'Patient.id', { name: 'value', valueId: 'other' }))).status).toBe(422);
  const { body: now } = await json(hospital, `/fhir/Patient/${body.id}`);
  expect([now.birthDate, now.meta.versionId]).toEqual(['1980-01-01', '1']);
  const noParameters = await send(hospital, 'PATCH', `/fhir/Patient/${body.id}`, { resourceType: 'Patient' });
  expect([noParameters.status, noParameters.body.issue[0].expression]).toEqual([400, ['patch']]);
  const as = (type: string, text: string) =>
    send(hospital, 'PATCH', `/fhir/Patient/${body.id}`, text, { 'content-type': type });
  expect((await as('text/csv', 'replace,gender')).status).toBe(415);
  expect((await as('text/xml', '<Parameters/>')).status).toBe(400);
});

test('patches of both forms stand in transactions and batches', async () => {
  const { body } = await create(patientOf('fp-3', { birthDate: '1980-01-01' }));
  const binary = {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify([{ op: 'add', path: '/active', value: true }])).toString('base64'),
  };
  const request = { method: 'PATCH', url: `Patient/${body.id}` };
  for (const [type, resource, expected] of [
    ['transaction', parameters(born('1981-01-01')), { birthDate: '1981-01-01' }],
    ['batch', parameters(born('1982-01-01')), { birthDate: '1982-01-01' }],
    ['transaction', binary, { active: true }],
  ] as const) {
    const answer = await send(hospital, 'POST', '/fhir', bundleOf(type, [{ resource, request }]));
    expect(answer.body.entry[0].response.status, type).toBe('200 OK');
    expect((await json(hospital, `/fhir/Patient/${body.id}`)).body).toMatchObject(expected);
  }
  const failing = await send(
    hospital,
    'POST',
    '/fhir',
    bundleOf('transaction', [
      { resource: patientOf('fp-4'), request: { method: 'POST', url: 'Patient' } },
      { resource: parameters(operation('replace', 'Patient.photo', { name: 'value', valueAttachment: {} })), request },
    ]),
  );
  expect([failing.status, failing.body.issue[0].expression]).toEqual([422, ['Bundle.entry[1].resource']]);
  expect((await json(hospital, '/fhir/Patient?identifier=urn:mrn|fp-4&_summary=count')).body.total).toBe(0);
});

test('$meta-add and $meta-delete make a new version and answer with the meta', async () => {
  const { body } = await create(patientOf('meta-1', { meta: { tag: [{ system: 'urn:t', code: 'a', display: 'A' }] } }));
  const change = (form: string, meta: object): Promise<Said> =>
    send(hospital, 'POST', `/fhir/Patient/${body.id}/$${form}`, {
      resourceType: 'Parameters',
      parameter: [{ name: 'meta', valueMeta: meta }],
    });
  const added = await change('meta-add', {
    tag: [
      { system: 'urn:t', code: 'a' },
      { system: 'urn:t', code: 'b' },
    ],
    profile: ['http://x.example/p'],
  });
  expect(added.status).toBe(200);
  expect(added.body.parameter[0].valueMeta).toMatchObject({
    versionId: '2',
    tag: [{ code: 'a', display: 'A' }, { code: 'b' }],
    profile: ['http://x.example/p'],
  });
  expect((await json(hospital, '/fhir/Patient?_tag=urn:t|b&_summary=count')).body.total).toBe(1);
  const removed = await change('meta-delete', {
    tag: [{ system: 'urn:t', code: 'a' }],
    profile: ['http://x.example/p'],
  });
  expect(removed.body.parameter[0].valueMeta).toMatchObject({ versionId: '3', tag: [{ code: 'b' }] });
  expect(removed.body.parameter[0].valueMeta.profile).toBeUndefined();
  expect((await json(hospital, `/fhir/Patient/${body.id}`)).body.meta.versionId).toBe('3');
  expect(
    (await send(hospital, 'POST', `/fhir/Patient/${body.id}/$meta-add`, { resourceType: 'Parameters' })).status,
  ).toBe(422);
});
