import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { claimsOf } from './capability.ts';
import { subscriptionOf } from './subscriptions/testing.ts';
import { bundleOf, feedOf, json, patientOf, type Said, send } from './testing.ts';

let platform: TestPlatform;
let hospital: Hospital;
// biome-ignore lint/suspicious/noExplicitAny: a resource taken apart by the test
let rest: any;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('CAP1');
  rest = (await json(hospital, '/fhir/metadata')).body.rest[0];
}, 120_000);
afterAll(() => platform.close());

type Claim = { code: string };
const resourceOf = (type: string): { interaction: Claim[]; operation: { name: string; definition: string }[] } =>
  rest.resource.find((one: { type: string }) => one.type === type);

test('every interaction that is claimed is asked for and answered', async () => {
  const patient = await send(hospital, 'POST', '/fhir/Patient', patientOf('cap'));
  const path = `/fhir/Patient/${patient.body.id}`;
  const asked: Record<string, () => Promise<[Said, number]>> = {
    create: async () => [patient, 201],
    read: async () => [await json(hospital, path), 200],
    vread: async () => [await json(hospital, `${path}/_history/1`), 200],
    update: async () => [await send(hospital, 'PUT', path, { ...patient.body, gender: 'male' }), 200],
    patch: async () => [
      await send(hospital, 'PATCH', path, [{ op: 'replace', path: '/gender', value: 'female' }], {
        'content-type': 'application/json-patch+json',
      }),
      200,
    ],
    'history-instance': async () => [await json(hospital, `${path}/_history`), 200],
    'history-type': async () => [await json(hospital, '/fhir/Patient/_history'), 200],
    'search-type': async () => [await json(hospital, '/fhir/Patient?identifier=urn:mrn|cap'), 200],
    delete: async () => [await send(hospital, 'DELETE', path), 204],
    transaction: async () => [
      await send(
        hospital,
        'POST',
        '/fhir',
        bundleOf('transaction', [{ resource: patientOf('cap-2'), request: { method: 'POST', url: 'Patient' } }]),
      ),
      200,
    ],
    batch: async () => [await send(hospital, 'POST', '/fhir', bundleOf('batch', [])), 200],
    'search-system': async () => [await json(hospital, '/fhir?_type=Patient'), 200],
    'history-system': async () => [await json(hospital, '/fhir/_history'), 200],
  };
  const claimed = new Set<string>(
    [...rest.interaction, ...resourceOf('Patient').interaction].map(({ code }: Claim) => code),
  );
  expect([...claimed].sort()).toEqual(Object.keys(asked).sort());
  for (const [code, ask] of Object.entries(asked)) {
    const [{ status }, expected] = await ask();
    expect([code, status]).toEqual([code, expected]);
  }
  for (const { type, interaction } of rest.resource)
    expect([type, interaction.length]).toEqual([type, resourceOf('Patient').interaction.length]);
});

test('every operation that is claimed is asked for and answered', async () => {
  const { body: patient } = await send(
    hospital,
    'POST',
    '/fhir/Patient',
    patientOf('cap-3', { name: [{ text: '能力' }], birthDate: '1980-01-01' }),
  );
  const { body: group } = await send(hospital, 'POST', '/fhir/Group', {
    resourceType: 'Group',
    type: 'person',
    actual: true,
  });
  const { body: subscription } = await send(
    hospital,
    'POST',
    '/fhir/Subscription',
    subscriptionOf({ filters: ['Observation?status=final'], channel: 'websocket' }),
  );
  const asynchronous = { prefer: 'respond-async' };
  const parameters = (...parameter: object[]): object => ({ resourceType: 'Parameters', parameter });
  const meta = parameters({ name: 'meta', valueMeta: { tag: [{ system: 'urn:cap', code: 'x' }] } });
  const get = (path: string, headers = {}) => send(hospital, 'GET', `/fhir/${path}`, undefined, headers);
  const post = (path: string, body: unknown, headers = {}) => send(hospital, 'POST', `/fhir/${path}`, body, headers);
  const sex = 'http://hl7.org/fhir/administrative-gender';
  const asked: [string, () => Promise<Said>][] = [
    ['$export', () => get('$export?_type=Patient', asynchronous)],
    [
      '$import',
      () =>
        post('$import', JSON.stringify(patientOf('cap-4')), {
          ...asynchronous,
          'content-type': 'application/fhir+ndjson',
        }),
    ],
    [
      '$process-message',
      () =>
        post(
          '$process-message',
          feedOf('cap-5', [{ resource: patientOf('cap-5'), request: { method: 'POST', url: 'Patient' } }]),
        ),
    ],
    ['Patient$export', () => get('Patient/$export?_type=Patient', asynchronous)],
    ['Patient$everything', () => get(`Patient/${patient.id}/$everything`)],
    [
      'Patient$match',
      () =>
        post(
          'Patient/$match',
          parameters({
            name: 'resource',
            resource: patientOf('cap-3', { name: [{ text: '能力' }], birthDate: '1980-01-01' }),
          }),
        ),
    ],
    ['Patient$ihe-pix', () => get('Patient/$ihe-pix?sourceIdentifier=urn:mrn|cap-3')],
    ['Group$export', () => get(`Group/${group.id}/$export?_type=Patient`, asynchronous)],
    ['Subscription$status', () => get(`Subscription/${subscription.id}/$status`)],
    ['Subscription$events', () => get(`Subscription/${subscription.id}/$events`)],
    ['Subscription$get-ws-binding-token', () => get(`Subscription/${subscription.id}/$get-ws-binding-token`)],
    ['Subscription$topics', () => get('Subscription/$topics')],
    ['CodeSystem$lookup', () => get('CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10&code=J10')],
    ['CodeSystem$validate-code', () => get(`CodeSystem/$validate-code?url=http://hl7.org/fhir/sid/icd-10&code=J10`)],
    [
      'CodeSystem$subsumes',
      () => get('CodeSystem/$subsumes?system=http://hl7.org/fhir/sid/icd-10&codeA=J10&codeB=J10.1'),
    ],
    ['ValueSet$expand', () => get('ValueSet/hutong-sex/$expand')],
    ['ValueSet$validate-code', () => get('ValueSet/hutong-sex/$validate-code?code=1&system=urn:x')],
    [
      'ConceptMap$translate',
      () => get(`ConceptMap/$translate?system=${sex}&code=male&targetsystem=urn:oid:2.16.156.10011.2.3.3.4`),
    ],
    ['Resource$validate', () => post('Patient/$validate', patientOf('cap-5'))],
    ['Resource$meta', () => get(`Patient/${patient.id}/$meta`)],
    ['Resource$meta-add', () => post(`Patient/${patient.id}/$meta-add`, meta)],
    ['Resource$meta-delete', () => post(`Patient/${patient.id}/$meta-delete`, meta)],
  ];
  const shared = resourceOf('Basic').operation;
  const claimed = [
    ...rest.operation.map(({ name }: { name: string }) => `$${name}`),
    ...shared.map(({ name }) => `Resource$${name}`),
    ...rest.resource.flatMap(({ type, operation }: { type: string; operation: { name: string }[] }) =>
      operation.filter(({ name }) => !shared.some((one) => one.name === name)).map(({ name }) => `${type}$${name}`),
    ),
  ];
  expect(claimed.sort()).toEqual(asked.map(([name]) => name).sort());
  const answers: [string, number][] = [];
  for (const [name, ask] of asked) answers.push([name, (await ask()).status]);
  expect(answers.filter(([, status]) => status !== 200 && status !== 202)).toEqual([]);
});

test('a route that the statement has no word for stops the start', () => {
  expect(() => claimsOf([{ method: 'GET', path: '/fhir/:type/:id/surprise' }])).toThrow('surprise');
  expect(() => claimsOf([{ method: 'PUT', path: '/fhir' }])).toThrow('PUT /fhir');
  expect(claimsOf([{ method: 'GET', path: '/fhir/Patient/:id/$everything' }]).operations.get('Patient')).toEqual([
    { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
  ]);
});
