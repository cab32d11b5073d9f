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

/** What a write leaves: rows, former versions, people. (That a message was held is an event of its own.) */
const written = async (): Promise<object> => {
  const { rows } = await platform.pool.query(
    'select (select count(*) from store.resource) as rows, (select count(*) from store.history) as history, (select count(*) from identity.source) as people',
  );
  return rows[0];
};
const found = ({ body }: Said): string[] =>
  body.issue.map(({ code, expression }: { code: string; expression?: string[] }) => `${code} ${expression?.[0] ?? ''}`);
const observation = (more: object): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
});

const wrong: [what: string, resource: Resource, status: number, issues: string[]][] = [
  ['two birth dates', patientOf('b1', { birthDate: ['1980', '1981'] }), 422, ['structure Patient.birthDate']],
  ['one name that is no list', patientOf('b2', { name: { text: 'a' } }), 422, ['structure Patient.name']],
  ['an empty list', patientOf('b3', { name: [] }), 422, ['structure Patient.name']],
  ['no status', { resourceType: 'Observation', code: { text: 'x' } }, 422, ['required Observation.status']],
  [
    'a required element below',
    patientOf('b4', { communication: [{ preferred: true }] }),
    422,
    ['required Patient.communication[0].language'],
  ],
  ['two types of a choice', observation({ valueString: 'a', valueInteger: 1 }), 422, ['structure Observation.value']],
  ['an unknown element', patientOf('b5', { nmae: [{ text: 'a' }] }), 422, ['structure Patient.nmae']],
  [
    'an unknown element below',
    patientOf('b6', { name: [{ text: 'a', middle: 'b' }] }),
    422,
    ['structure Patient.name[0].middle'],
  ],
  ['gender xyz', patientOf('b7', { gender: 'xyz' }), 422, ['code-invalid Patient.gender']],
  ['a date that is none', patientOf('b8', { birthDate: '1980-02-30' }), 422, ['value Patient.birthDate']],
  [
    'a reference to nowhere',
    observation({ subject: { reference: 'Patient/nobody-here' } }),
    422,
    ['not-found Observation.subject'],
  ],
  [
    'a reference to a wrong type',
    observation({ subject: { reference: 'Encounter/x' } }),
    422,
    ['value Observation.subject'],
  ],
  [
    'a contained reference to nothing',
    observation({ subject: { reference: '#x' } }),
    422,
    ['invariant Observation.subject'],
  ],
  [
    'two mistakes',
    observation({ status: 'xyz', valueInteger: 'one' }),
    422,
    ['code-invalid Observation.status', 'value Observation.value'],
  ],
  ['another type than the address', { resourceType: 'Device' }, 400, ['invalid Patient']],
];

test('each kind of bad content has its status and its place, and leaves nothing', async () => {
  const before = await written();
  for (const [what, resource, status, issues] of wrong) {
    const type = what.startsWith('another') ? 'Patient' : resource.resourceType;
    const single = await send(hospital, 'POST', `/fhir/${type}`, resource);
    expect([single.status, found(single).sort()], `${what}: ${single.text}`).toEqual([status, issues]);
    expect(single.body.issue[0]).toMatchObject({
      severity: 'error',
      details: { text: expect.stringMatching(/\p{Script=Han}/u) },
    });
    // The same in a transaction, behind an entry that is right.
    const bundle = await send(
      hospital,
      'POST',
      '/fhir',
      bundleOf('transaction', [
        { resource: patientOf('right'), request: { method: 'POST', url: 'Patient' } },
        { resource, request: { method: 'POST', url: type } },
      ]),
    );
    const places = issues.map((one) =>
      one.replace(/ [A-Za-z]+/, type === resource.resourceType ? ' Bundle.entry[1].resource' : ' Bundle.entry[1]'),
    );
    expect([bundle.status, found(bundle).sort()], `${what}: ${bundle.text}`).toEqual([status, places]);
  }
  expect(await written()).toEqual(before);
});

test('bytes that are no resource: UTF-8, JSON, depth, nothing at all', async () => {
  const before = await written();
  const post = (body: string | Uint8Array, type = 'Patient'): Promise<Said> =>
    send(hospital, 'POST', `/fhir/${type}`, body);
  const deep = `{"resourceType":"Patient","extension":${'[{"url":"u","extension":'.repeat(80)}[]${'}]'.repeat(80)}}`;
  for (const [body, code] of [
    [
      Buffer.concat([Buffer.from('{"resourceType":"Patient","id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      'invalid',
    ],
    ['{"resourceType":"Patient",', 'structure'],
    ['[]', 'structure'],
    [deep, 'structure'],
  ] as const) {
    const answer = await post(body);
    expect([answer.status, answer.body.issue[0].code], String(body).slice(0, 60)).toEqual([400, code]);
  }
  expect((await post('{"resourceType":"Patient","name":[{"text":"a\\u0000b"}]}')).status).toBe(422);
  expect(await written()).toEqual(before);
});

test('a condition that cannot be answered is refused by name, in a header, an address and a reference', async () => {
  const before = await written();
  const condition = '_content=x';
  const answers = [
    await send(hospital, 'POST', '/fhir/Patient', patientOf('c1'), { 'if-none-exist': condition }),
    await send(hospital, 'PUT', `/fhir/Patient?${condition}`, patientOf('c1')),
    await send(hospital, 'DELETE', `/fhir/Patient?${condition}`),
    await send(
      hospital,
      'POST',
      '/fhir',
      bundleOf('transaction', [
        {
          resource: observation({ subject: { reference: `Patient?${condition}` } }),
          request: { method: 'POST', url: 'Observation' },
        },
      ]),
    ),
  ];
  for (const answer of answers) {
    expect(answer.status, answer.text).toBe(400);
    expect(JSON.stringify(answer.body.issue)).toContain('_content');
  }
  expect((await send(hospital, 'DELETE', '/fhir/Patient?nmae=x')).body.issue[0].expression).toEqual(['nmae']);
  expect(await written()).toEqual(before);
});

test('a bundle of 50 MB is taken whole or refused whole, and the server answers on', async () => {
  const text = 'x'.repeat(10_000);
  const entries = Array.from({ length: 5000 }, (_, n) => ({
    resource: {
      resourceType: 'Basic',
      code: { coding: [{ system: 'urn:large', code: `c${n}` }] },
      extension: [{ url: 'urn:x', valueString: text }],
    },
    request: { method: 'POST', url: 'Basic' },
  }));
  const bad = [
    ...entries.slice(0, -1),
    { resource: { resourceType: 'Basic' }, request: { method: 'POST', url: 'Basic' } },
  ];
  const body = JSON.stringify(bundleOf('transaction', bad));
  expect(body.length).toBeGreaterThan(50_000_000);
  const before = await written();
  const refused = await send(hospital, 'POST', '/fhir', body);
  expect([refused.status, found(refused)]).toEqual([422, ['required Bundle.entry[4999].resource.code']]);
  expect(await written()).toEqual(before);
  expect((await json(hospital, '/fhir/metadata')).status).toBe(200);
}, 120_000);
