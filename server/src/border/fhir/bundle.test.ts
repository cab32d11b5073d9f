import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { bundleOf, count, idsOf, json, patientOf, put, type Resource, type Said, send } from './testing.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('HOSP-1');
});
afterAll(() => platform.close());

const post = (bundle: unknown, headers?: Record<string, string>): Promise<Said> =>
  send(hospital, 'POST', '/fhir', bundle, headers);
const made = (resource: object, fullUrl?: string): object => ({
  ...(fullUrl && { fullUrl }),
  resource,
  request: { method: 'POST', url: (resource as Resource).resourceType },
});
const observation = (subject: string, more: object = {}): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'heart rate' },
  subject: { reference: subject },
  ...more,
});
const places = ({ body }: Said): string[] =>
  body.issue.flatMap(({ expression }: { expression?: string[] }) => expression ?? []);
const locations = ({ body }: Said): string[] =>
  body.entry.map(({ response }: { response: { location: string } }) => response.location);

test('a transaction resolves what its entries call each other: urn:uuid, addresses, and relative to fullUrl', async () => {
  const answer = await post(
    bundleOf('transaction', [
      made(observation('urn:uuid:p'), 'urn:uuid:o'),
      made(patientOf('tx-1'), 'urn:uuid:p'),
      made(
        { resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' }, subject: { reference: 'urn:uuid:p' } },
        'http://elsewhere.example/fhir/Encounter/7',
      ),
      made(
        observation('urn:uuid:p', { encounter: { reference: 'http://elsewhere.example/fhir/Encounter/7' } }),
        'http://elsewhere.example/fhir/Observation/8',
      ),
      made(
        observation('urn:uuid:p', { encounter: { reference: 'Encounter/7' } }),
        'http://elsewhere.example/fhir/Observation/9',
      ),
    ]),
  );
  expect(answer.status).toBe(200);
  expect(answer.body.type).toBe('transaction-response');
  expect(answer.body.entry.map(({ response }: { response: { status: string } }) => response.status)).toEqual(
    Array(5).fill('201 Created'),
  );
  const [o, p, e, o2, o3] = locations(answer).map((location) => location.split('/').slice(0, 2).join('/'));
  expect((await json(hospital, `/fhir/${o}`)).body.subject.reference).toBe(p);
  for (const one of [o2, o3]) expect((await json(hospital, `/fhir/${one}`)).body.encounter.reference).toBe(e);
});

test('the same bundle again has the same answer, and makes one record', async () => {
  const bundle = bundleOf('transaction', [made(patientOf('idem'), 'urn:uuid:p'), made(observation('urn:uuid:p'))]);
  const [first, second] = [await post(bundle), await post(bundle)];
  expect([second.status, second.text]).toEqual([first.status, first.text]);
  const atOnce = await Promise.all(Array.from({ length: 8 }, () => post(bundle)));
  expect(new Set(atOnce.map(({ text }) => text))).toEqual(new Set([first.text]));
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|idem')).toBe(1);
});

test('a bundle that was refused is judged again when what it lacked is there', async () => {
  const id = `late-${randomUUID()}`;
  const bundle = bundleOf('transaction', [made(observation(`Patient/${id}`))]);
  const refused = await post(bundle);
  expect([refused.status, places(refused)]).toEqual([422, ['Bundle.entry[0].resource.subject']]);
  expect((await put(hospital, { ...patientOf('late'), id })).status).toBe(201);
  const taken = await post(bundle);
  expect(taken.status).toBe(200);
  expect((await post(bundle)).text).toBe(taken.text);
  expect(await count(hospital, `/fhir/Observation?subject=Patient/${id}`)).toBe(1);
});

test('one bad entry and nothing of the transaction is written; every issue names its place', async () => {
  const cases: [object[], string, number][] = [
    [[made(patientOf('none-1')), made(observation('Patient/nowhere'))], 'Bundle.entry[1].resource.subject', 422],
    [[made(patientOf('none-1')), made(observation('urn:uuid:nowhere'))], 'Bundle.entry[1].resource.subject', 422],
    [[made(patientOf('none-1', { gender: 'xyz' }))], 'Bundle.entry[0].resource.gender', 422],
    [[made(patientOf('none-1', { birthDate: '2999-01-01' }))], 'Bundle.entry[0].resource.birthDate', 422],
    [
      [made(patientOf('none-1')), made({ resourceType: 'Observation', code: { text: 'x' } })],
      'Bundle.entry[1].resource.status',
      422,
    ],
    [[made(patientOf('none-1', { gender: ['male', 'female'] }))], 'Bundle.entry[0].resource.gender', 422],
    [[made(patientOf('none-1', { shoeSize: 42 }))], 'Bundle.entry[0].resource.shoeSize', 422],
    [[{ resource: patientOf('none-1') }], 'Bundle.entry[0].request', 422],
    [
      [made(patientOf('none-1')), { request: { method: 'FETCH', url: 'Patient' } }],
      'Bundle.entry[1].request.method',
      422,
    ],
    [
      [made(patientOf('none-1')), { request: { method: 'PUT', url: 'Patient' }, resource: patientOf('none-1') }],
      'Bundle.entry[1].request.url',
      422,
    ],
    [
      [
        made(patientOf('none-1')),
        { request: { method: 'PUT', url: 'Patient/a', ifMatch: '7' }, resource: patientOf('none-1') },
      ],
      'Bundle.entry[1].request.ifMatch',
      422,
    ],
    [
      [
        made(patientOf('none-1')),
        { request: { method: 'PUT', url: 'Patient/a' }, resource: { ...patientOf('none-1'), id: 'b' } },
      ],
      'Bundle.entry[1].id',
      400,
    ],
    [
      [made(patientOf('none-1')), { request: { method: 'POST', url: 'Patent' }, resource: { resourceType: 'Patent' } }],
      'Bundle.entry[1]',
      400,
    ],
  ];
  for (const [entries, place, status] of cases) {
    const answer = await post(bundleOf('transaction', entries));
    expect([answer.status, places(answer)], place).toEqual([status, [place]]);
  }
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|none-1')).toBe(0);
});

test('two entries for one resource are refused, whatever they do', async () => {
  const id = `twice-${randomUUID()}`;
  const write = { resource: { ...patientOf('twice'), id }, request: { method: 'PUT', url: `Patient/${id}` } };
  const remove = { request: { method: 'DELETE', url: `Patient/${id}` } };
  for (const entries of [
    [write, write],
    [write, remove],
    [remove, remove],
  ]) {
    const answer = await post(bundleOf('transaction', entries));
    expect([answer.status, places(answer)]).toEqual([422, ['Bundle.entry[1]']]);
  }
  expect((await json(hospital, `/fhir/Patient/${id}`)).status).toBe(404);
});

test('a reference to what the same transaction deletes leads nowhere', async () => {
  const id = `leaving-${randomUUID()}`;
  await put(hospital, { ...patientOf('leaving'), id });
  const answer = await post(
    bundleOf('transaction', [
      { request: { method: 'DELETE', url: `Patient/${id}` } },
      made(observation(`Patient/${id}`)),
    ]),
  );
  expect([answer.status, places(answer)]).toEqual([422, ['Bundle.entry[1].resource.subject']]);
  expect((await json(hospital, `/fhir/Patient/${id}`)).status).toBe(200);
});

test('conditional references and conditional creates are answered from the record', async () => {
  await send(hospital, 'POST', '/fhir/Practitioner', {
    resourceType: 'Practitioner',
    identifier: [{ system: 'urn:staff', value: '77' }],
  });
  const bundle = (staff: string): Resource =>
    bundleOf('transaction', [
      {
        ...made(patientOf('cref'), 'urn:uuid:p'),
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:mrn|cref' },
      },
      {
        ...made(patientOf('cref'), 'urn:uuid:q'),
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:mrn|cref' },
      },
      made(observation('urn:uuid:q', { performer: [{ reference: `Practitioner?identifier=urn:staff|${staff}` }] })),
    ]);
  const answer = await post(bundle('77'));
  expect(answer.status).toBe(200);
  const [first, second, third] = locations(answer).map((location) => location.split('/').slice(0, 2).join('/'));
  expect(second).toBe(first);
  const stored = (await json(hospital, `/fhir/${third}`)).body;
  expect(stored.subject.reference).toBe(first);
  expect(stored.performer[0].reference).toMatch(/^Practitioner\/[a-z2-7]{25}$/);
  const nobody = await post(bundle('78'));
  expect([nobody.status, places(nobody)]).toEqual([422, ['Bundle.entry[2].resource.performer[0]']]);
  await send(hospital, 'POST', '/fhir/Practitioner', {
    resourceType: 'Practitioner',
    identifier: [{ system: 'urn:staff', value: '77' }],
  });
  const several = await post({ ...bundle('77'), id: 'again' });
  expect([several.status, places(several)]).toEqual([412, ['Bundle.entry[2].resource.performer[0]']]);
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|cref')).toBe(1);
});

test('reads inside a bundle see what the bundle wrote', async () => {
  const id = `within-${randomUUID()}`;
  for (const type of ['transaction', 'batch'] as const) {
    const answer = await post(
      bundleOf(type, [
        { request: { method: 'GET', url: `Patient/${id}` } },
        { resource: { ...patientOf(`within-${type}`), id }, request: { method: 'PUT', url: `Patient/${id}` } },
        { request: { method: 'GET', url: `Patient?identifier=urn:mrn|within-${type}` } },
        { request: { method: 'GET', url: 'Patient/nobody' } },
        { request: { method: 'GET', url: 'Patient?nmae=x' } },
      ]),
    );
    expect(answer.status).toBe(200);
    const [read, written, searched, missing, wrong] = answer.body.entry;
    expect([read.response.status, read.resource.id, written.response.status.slice(0, 2)]).toEqual(['200', id, '20']);
    expect(searched.resource.entry.map((entry: { resource: Resource }) => entry.resource.id)).toEqual([id]);
    expect([missing.response.status, wrong.response.status, wrong.response.outcome.issue[0].expression]).toEqual([
      '404',
      '400',
      ['nmae'],
    ]);
  }
});

test('the entries of a batch stand alone', async () => {
  const answer = await post(
    bundleOf('batch', [
      made(patientOf('batch-1')),
      made(patientOf('batch-2', { gender: 'xyz' })),
      made(patientOf('batch-3')),
      { request: { method: 'DELETE', url: 'Patient/nobody' } },
    ]),
  );
  expect(answer.body.type).toBe('batch-response');
  expect(answer.body.entry.map(({ response }: { response: { status: string } }) => response.status)).toEqual([
    '201 Created',
    '422',
    '201 Created',
    '204 No Content',
  ]);
  expect(answer.body.entry[1].response.outcome.issue[0].expression).toEqual(['Bundle.entry[1].resource.gender']);
  const again = await post(
    bundleOf('batch', [
      made(patientOf('batch-1')),
      made(patientOf('batch-2', { gender: 'xyz' })),
      made(patientOf('batch-3')),
      { request: { method: 'DELETE', url: 'Patient/nobody' } },
    ]),
  );
  expect(again.text).toBe(answer.text);
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|batch-1')).toBe(1);
});

test('bytes that are no bundle are refused with their place and kept for the integrator', async () => {
  const deep = `{"resourceType":"Bundle","type":"transaction","entry":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const deepResource = JSON.stringify(
    bundleOf('batch', [made({ resourceType: 'Basic', code: { text: 'x' }, extension: 'HERE' })]),
  ).replace('"HERE"', `${'[{"url":"u","extension":'.repeat(5000)}[]${'}]'.repeat(5000)}`);
  for (const [body, status] of [
    [new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
    ['{', 400],
    ['[]', 400],
    ['null', 400],
    ['{"resourceType":"Bundle"}', 400],
    ['', 400],
    [{ resourceType: 'Bundle', type: 'transaction', entry: {} }, 400],
    [{ resourceType: 'Patient' }, 400],
    [deep, 400],
    [deepResource, 400],
  ] as const) {
    const answer = await post(body);
    expect([answer.status, answer.body.resourceType], JSON.stringify(body).slice(0, 60)).toEqual([
      status,
      'OperationOutcome',
    ]);
  }
  const { rows } = await platform.pool.query(
    "select count(*) as n from intake.outcome where state = 'held' and kind_of.kind = 'bundle'".replace(
      'and kind_of.kind',
      'and (select m.kind from intake.message m where m.id = message)',
    ),
  );
  expect(rows[0].n).toBeGreaterThan(5);
});

test('10,000 entries are taken in one transaction, one more is refused before anything is looked at', async () => {
  const entries = Array.from({ length: 10_001 }, (_, n) =>
    made({ resourceType: 'Basic', code: { coding: [{ system: 'urn:many', code: `c${n}` }] } }),
  );
  const refused = await post(bundleOf('transaction', entries));
  expect([refused.status, refused.body.issue[0].code, places(refused)]).toEqual([422, 'too-costly', ['Bundle.entry']]);
  expect(await count(hospital, '/fhir/Basic')).toBe(0);
  const taken = await post(bundleOf('transaction', entries.slice(0, 10_000)));
  expect(taken.status).toBe(200);
  expect(taken.body.entry).toHaveLength(10_000);
  expect(await count(hospital, '/fhir/Basic')).toBe(10_000);
});

test('control characters and lone surrogates do not break the record', async () => {
  for (const text of ['a\u0000b', 'a\ud800b', '\u001b[31m']) {
    const answer = await post(
      bundleOf('transaction', [
        made(patientOf(`odd-${text.length}`, { name: [{ text, family: text }] })),
        made({ resourceType: 'Basic', code: { text } }),
      ]),
    );
    expect([200, 422]).toContain(answer.status);
    if (answer.status === 200)
      expect((await json(hospital, `/fhir/${locations(answer)[0]}`.replace(/\/_history.*/, ''))).status).toBe(200);
  }
  const found = await json(hospital, `/fhir/Patient?name=${encodeURIComponent('a\u0000b')}`);
  expect([200, 400]).toContain(found.status);
  expect(idsOf(found)).toEqual([]);
});
