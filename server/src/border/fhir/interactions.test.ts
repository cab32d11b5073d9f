import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { count, json, patientOf, put, type Resource, send } from './testing.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('HOSP-1');
});
afterAll(() => platform.close());

const create = async (resource: object, headers: Record<string, string> = {}) =>
  send(hospital, 'POST', `/fhir/${(resource as Resource).resourceType}`, resource, headers);

test('a created resource is read back as it came, with its id, version and time', async () => {
  const made = await create(patientOf('read-1', { name: [{ text: '王小明' }], birthDate: '1980-02-03' }));
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe(`${platform.base}/fhir/Patient/${made.body.id}/_history/1`);
  expect(made.headers.get('etag')).toBe('W/"1"');
  const read = await json(hospital, `/fhir/Patient/${made.body.id}`);
  expect(read.status).toBe(200);
  expect(read.body).toEqual(made.body);
  expect(read.body).toMatchObject({ name: [{ text: '王小明' }], birthDate: '1980-02-03', meta: { versionId: '1' } });
});

test('update, vread, history and delete tell one story', async () => {
  const { body } = await create(patientOf('story'));
  const second = await put(hospital, { ...body, birthDate: '1990-01-01' }, { 'if-match': 'W/"1"' });
  expect(second.status).toBe(200);
  expect(second.headers.get('etag')).toBe('W/"2"');
  expect((await json(hospital, `/fhir/Patient/${body.id}/_history/1`)).body.birthDate).toBeUndefined();
  expect((await json(hospital, `/fhir/Patient/${body.id}/_history/2`)).body.birthDate).toBe('1990-01-01');
  expect((await send(hospital, 'DELETE', `/fhir/Patient/${body.id}`)).status).toBe(204);
  const gone = await json(hospital, `/fhir/Patient/${body.id}`);
  expect(gone.status).toBe(410);
  expect(gone.body.resourceType).toBe('OperationOutcome');
  expect((await json(hospital, `/fhir/Patient/${body.id}/_history/3`)).status).toBe(410);
  const history = await json(hospital, `/fhir/Patient/${body.id}/_history`);
  expect(history.body.entry.map((entry: { request: { method: string } }) => entry.request.method)).toEqual([
    'DELETE',
    'PUT',
    'POST',
  ]);
  const back = await put(hospital, { ...body, birthDate: '1991-01-01' });
  expect(back.status).toBe(201);
  expect(back.body.meta.versionId).toBe('4');
});

test('If-Match refuses what has changed, and a header that cannot be read never becomes an unconditional write', async () => {
  const { body } = await create(patientOf('if-match'));
  await put(hospital, { ...body, birthDate: '1970-01-01' });
  const stale = await put(hospital, { ...body, birthDate: '1971-01-01' }, { 'if-match': 'W/"1"' });
  expect(stale.status).toBe(412);
  for (const header of ['1', '"x"', 'W/2', '*'])
    expect((await put(hospital, { ...body, birthDate: '1971-01-01' }, { 'if-match': header })).status, header).toBe(
      400,
    );
  expect(
    (await put(hospital, { ...patientOf('none'), id: `none-${randomUUID()}` }, { 'if-match': 'W/"1"' })).status,
  ).toBe(412);
  expect((await json(hospital, `/fhir/Patient/${body.id}`)).body.birthDate).toBe('1970-01-01');
});

test('of many updates of one version at the same instant exactly one is taken', async () => {
  const { body } = await create(patientOf('race'));
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      put(hospital, { ...body, birthDate: `1980-01-${n + 10}` }, { 'if-match': 'W/"1"' }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(412)]);
});

test('If-None-Match spares the body, Prefer shapes the answer', async () => {
  const { body } = await create(patientOf('prefer'));
  expect((await hospital.fetch(`/fhir/Patient/${body.id}`, { headers: { 'if-none-match': 'W/"1"' } })).status).toBe(
    304,
  );
  const minimal = await create(patientOf('prefer-2'), { prefer: 'return=minimal' });
  expect([minimal.status, minimal.text]).toEqual([201, '']);
  expect((await create(patientOf('prefer-3'), { prefer: 'return=OperationOutcome' })).body.resourceType).toBe(
    'OperationOutcome',
  );
  expect((await create(patientOf('prefer-4'), { prefer: 'return=nothing' })).status).toBe(400);
});

test('a conditional create finds, makes, or refuses what is ambiguous', async () => {
  const header = { 'if-none-exist': 'identifier=urn:mrn|cond-1' };
  const first = await create(patientOf('cond-1'), header);
  expect(first.status).toBe(201);
  const second = await create(patientOf('cond-1'), header);
  expect(second.status).toBe(200);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  await create(patientOf('cond-1'));
  const third = await create(patientOf('cond-1'), header);
  expect(third.status).toBe(412);
  expect(third.body.issue[0].code).toBe('multiple-matches');
  expect((await create(patientOf('cond-1'), { 'if-none-exist': '' })).status).toBe(412);
  expect((await create(patientOf('cond-1'), { 'if-none-exist': 'identifer=x' })).status).toBe(400);
});

test('duplicate conditional creates at the same instant make exactly one', async () => {
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => create(patientOf('instant'), { 'if-none-exist': 'identifier=urn:mrn|instant' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(15).fill(200), 201]);
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|instant')).toBe(1);
  const bundles = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      send(hospital, 'POST', '/fhir', {
        resourceType: 'Bundle',
        type: 'transaction',
        id: `b${n}`,
        entry: [
          {
            fullUrl: 'urn:uuid:1',
            resource: patientOf('instant-2'),
            request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:mrn|instant-2' },
          },
        ],
      }),
    ),
  );
  expect(bundles.every(({ status }) => status === 200)).toBe(true);
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|instant-2')).toBe(1);
});

test('conditional update, delete and patch act on the one match', async () => {
  await create(patientOf('cu-1'));
  const updated = await send(
    hospital,
    'PUT',
    '/fhir/Patient?identifier=urn:mrn|cu-1',
    patientOf('cu-1', { birthDate: '2001-01-01' }),
  );
  expect([updated.status, updated.body.meta.versionId]).toEqual([200, '2']);
  expect((await send(hospital, 'PUT', '/fhir/Patient?identifier=urn:mrn|cu-2', patientOf('cu-2'))).status).toBe(201);
  expect((await send(hospital, 'PUT', '/fhir/Patient', patientOf('cu-3'))).status).toBe(412);
  const patch = [
    { op: 'test', path: '/birthDate', value: '2001-01-01' },
    { op: 'replace', path: '/birthDate', value: '2002-02-02' },
  ];
  const patched = await send(hospital, 'PATCH', '/fhir/Patient?identifier=urn:mrn|cu-1', patch, {
    'content-type': 'application/json-patch+json',
  });
  expect([patched.status, patched.body.birthDate, patched.body.meta.versionId]).toEqual([200, '2002-02-02', '3']);
  expect((await send(hospital, 'DELETE', '/fhir/Patient?identifier=urn:mrn|cu-1')).status).toBe(204);
  expect((await send(hospital, 'DELETE', '/fhir/Patient?identifier=urn:mrn|cu-1')).status).toBe(204);
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|cu-1')).toBe(0);
  expect(
    (
      await send(hospital, 'PATCH', '/fhir/Patient?identifier=urn:mrn|cu-1', patch, {
        'content-type': 'application/json-patch+json',
      })
    ).status,
  ).toBe(404);
});

test('a patch is applied whole or not at all, and cannot make a resource invalid or somebody else', async () => {
  const { body } = await create(patientOf('patch'));
  const patch = (operations: object[]) =>
    send(hospital, 'PATCH', `/fhir/Patient/${body.id}`, operations, { 'content-type': 'application/json-patch+json' });
  const failed = await patch([
    { op: 'add', path: '/birthDate', value: '1999-01-01' },
    { op: 'test', path: '/active', value: true },
  ]);
  expect([failed.status, failed.body.issue[0].expression]).toEqual([422, ['patch[1]']]);
  expect((await patch([{ op: 'replace', path: '/id', value: 'other' }])).status).toBe(422);
  expect((await patch([{ op: 'add', path: '/gender', value: 'xyz' }])).body.issue[0].expression).toEqual([
    'Patient.gender',
  ]);
  expect((await patch([{ op: 'add', path: '/__proto__/x', value: 1 }])).status).toBe(422);
  expect((await patch([{ op: 'add', path: '/name', value: [{ text: '李四' }] }])).body.name).toEqual([
    { text: '李四' },
  ]);
  expect((await json(hospital, `/fhir/Patient/${body.id}`)).body.birthDate).toBeUndefined();
  const many = await Promise.all(
    Array.from({ length: 8 }, (_, n) => patch([{ op: 'add', path: '/name/-', value: { text: `name ${n}` } }])),
  );
  expect(many.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect((await json(hospital, `/fhir/Patient/${body.id}`)).body.name).toHaveLength(9);
  expect((await send(hospital, 'PATCH', `/fhir/Patient/${body.id}`, {}, { 'content-type': 'text/plain' })).status).toBe(
    415,
  );
});

test('history of a type and of the system: newest first, in pages, since an instant', async () => {
  const { body } = await create({ resourceType: 'Basic', code: { text: 'one' } });
  await put(hospital, { ...body, code: { text: 'two' } });
  await send(hospital, 'DELETE', `/fhir/Basic/${body.id}`);
  const whole = await json(hospital, '/fhir/Basic/_history');
  expect(whole.body.entry.map((entry: { request: { method: string } }) => entry.request.method)).toEqual([
    'DELETE',
    'PUT',
    'POST',
  ]);
  const methods: string[] = [];
  let next: string | undefined = '/fhir/Basic/_history?_count=1';
  while (next) {
    const page: Awaited<ReturnType<typeof json>> = await json(hospital, next);
    methods.push(...page.body.entry.map((entry: { request: { method: string } }) => entry.request.method));
    next = page.body.link
      .find(({ relation }: { relation: string }) => relation === 'next')
      ?.url.slice(platform.base.length);
  }
  expect(methods).toEqual(['DELETE', 'PUT', 'POST']);
  const system = await json(hospital, '/fhir/_history?_count=3');
  expect(system.body.entry).toHaveLength(3);
  expect((await json(hospital, '/fhir/_history?_since=2099-01-01')).body.entry).toEqual([]);
  expect((await json(hospital, '/fhir/_history?_sinc=2099')).body.issue[0].expression).toEqual(['_sinc']);
});

test('$everything brings each row of the record once, in pages, and what they refer to', async () => {
  const patient = await create(patientOf('every'));
  const practitioner = await create({ resourceType: 'Practitioner', name: [{ text: '赵医生' }] });
  const made: string[] = [];
  for (let n = 0; n < 7; n++) {
    const { body } = await create({
      resourceType: 'Observation',
      status: 'final',
      code: { text: `o${n}` },
      subject: { reference: `Patient/${patient.body.id}` },
      performer: [{ reference: `Practitioner/${practitioner.body.id}` }],
    });
    made.push(body.id);
  }
  const seen: string[] = [];
  let next: string | undefined = `/fhir/Patient/${patient.body.id}/$everything?_count=3`;
  let pages = 0;
  while (next) {
    const page: Awaited<ReturnType<typeof json>> = await json(hospital, next);
    expect(page.status).toBe(200);
    if (pages++ === 0) {
      expect(page.body.entry[0].resource.id).toBe(patient.body.id);
      await create({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'meanwhile' },
        subject: { reference: `Patient/${patient.body.id}` },
      });
    }
    expect(
      page.body.entry
        .filter((entry: { search: { mode: string } }) => entry.search.mode === 'include')
        .every((entry: { resource: Resource }) => entry.resource.id === practitioner.body.id),
    ).toBe(true);
    seen.push(
      ...page.body.entry
        .filter(
          (entry: { search: { mode: string }; resource: Resource }) =>
            entry.search.mode === 'match' &&
            entry.resource.resourceType === 'Observation' &&
            (entry.resource.code as { text: string }).text !== 'meanwhile',
        )
        .map((entry: { resource: Resource }) => entry.resource.id),
    );
    next = page.body.link
      .find(({ relation }: { relation: string }) => relation === 'next')
      ?.url.slice(platform.base.length);
  }
  expect(seen.sort()).toEqual(made.sort());
});

test('$validate says what is wrong without storing it, $meta gives the meta alone', async () => {
  const wrong = await send(hospital, 'POST', '/fhir/Patient/$validate', {
    resourceType: 'Patient',
    contact: [{ gender: 'male' }],
  });
  expect([wrong.status, wrong.body.issue[0].severity]).toEqual([200, 'error']);
  expect(wrong.body.issue[0].expression[0]).toMatch(/^Patient\.contact/);
  const good = await send(hospital, 'POST', '/fhir/Patient/$validate', {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource: { resourceType: 'Patient', active: true } }],
  });
  expect(good.body.issue[0].severity).toBe('information');
  const { body } = await create(patientOf('meta', { meta: { tag: [{ system: 'urn:t', code: 'a' }] } }));
  expect((await json(hospital, `/fhir/Patient/${body.id}/$meta`)).body.parameter[0].valueMeta).toMatchObject({
    versionId: '1',
    tag: [{ code: 'a' }],
  });
});

test('_format, _pretty, _summary and _elements shape a read; what is not JSON or not known is refused by name', async () => {
  const { body } = await create(patientOf('shape', { name: [{ text: '王五' }], active: true }));
  expect((await json(hospital, `/fhir/Patient/${body.id}?_elements=active`)).body.name).toBeUndefined();
  expect((await json(hospital, `/fhir/Patient/${body.id}?_summary=true`)).body.meta.tag).toEqual([
    expect.objectContaining({ code: 'SUBSETTED' }),
  ]);
  expect((await json(hospital, `/fhir/Patient/${body.id}?_pretty=true`)).text).toContain('\n  ');
  expect((await json(hospital, `/fhir/Patient/${body.id}?_format=turtle`)).status).toBe(406);
  expect((await json(hospital, `/fhir/Patient/${body.id}?_elemnts=active`)).body.issue[0].expression).toEqual([
    '_elemnts',
  ]);
  expect((await json(hospital, '/fhir/Patient?_format=turtle')).status).toBe(406);
});

test('the same message again has the same answer and makes one record', async () => {
  const headers = { 'x-request-id': randomUUID() };
  const first = await create(patientOf('again'), headers);
  const second = await create(patientOf('again'), headers);
  expect([second.status, second.text]).toEqual([first.status, first.text]);
  expect(await count(hospital, '/fhir/Patient?identifier=urn:mrn|again')).toBe(1);
  expect((await create(patientOf('other'), headers)).status).toBe(409);
});
