import { fromXml, toXml } from '@hutong/fhir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { json, patientOf, send } from './testing.ts';

let platform: TestPlatform;
let hospital: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('HOSP-1');
});
afterAll(() => platform.close());

const xml = async (
  path: string,
  init?: RequestInit,
): Promise<{ status: number; type: string; text: string; body: object }> => {
  const response = await hospital.fetch(path, init);
  const text = await response.text();
  const read = fromXml(text);
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text,
    body: read.ok ? (JSON.parse(read.json) as object) : { refused: read.en },
  };
};

test('reads, searches, operations and refusals of them answer in XML when asked, and say the same as in JSON', async () => {
  const { body } = await send(
    hospital,
    'POST',
    '/fhir/Patient',
    patientOf('xml', { name: [{ text: '王 <五> & "六"' }], birthDate: '1980-01-01' }),
  );
  for (const path of [
    `Patient/${body.id}`,
    'Patient?identifier=urn:mrn|xml',
    `Patient/${body.id}/_history`,
    'ValueSet/hutong-sex',
    'Patient?nmae=x',
  ]) {
    const plain = await json(hospital, `/fhir/${path}`);
    const byHeader = await xml(`/fhir/${path}`, { headers: { accept: 'application/fhir+xml' } });
    expect([byHeader.status, byHeader.type], path).toEqual([plain.status, 'application/fhir+xml; charset=utf-8']);
    expect(byHeader.body, path).toEqual(plain.body);
  }
  const byAddress = await xml(`/fhir/Patient/${body.id}?_format=xml`);
  expect(byAddress.body).toEqual(body);
  await send(hospital, 'POST', '/fhir/Patient', patientOf('xml-2'));
  const page = (await xml('/fhir/Patient?_count=1&_format=xml')).body as { link: { relation: string; url: string }[] };
  const next = page.link.find(({ relation }) => relation === 'next')?.url.slice(platform.base.length) as string;
  expect((await xml(next)).body).toMatchObject({
    resourceType: 'Bundle',
    entry: [{ resource: { resourceType: 'Patient' } }],
  });
});

test('$validate takes XML; what is not FHIR in it is refused at its place', async () => {
  const post = (content: string) =>
    xml('/fhir/Patient/$validate', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+xml', accept: 'application/fhir+xml' },
      body: content,
    });
  expect((await post(toXml(JSON.stringify(patientOf('v', { gender: 'xyz' }))))).body).toMatchObject({
    issue: [{ severity: 'error', expression: ['Patient.gender'] }],
  });
  const unknown = await post('<Patient xmlns="http://hl7.org/fhir"><nmae value="x"/></Patient>');
  expect([unknown.status, (unknown.body as { issue: { expression: string[] }[] }).issue[0]?.expression]).toEqual([
    400,
    ['Patient.nmae'],
  ]);
});

test('writes take XML: create, update, patch and bundles; the message is kept as it came, and twice the same is once', async () => {
  const sent = (
    method: string,
    path: string,
    resource: object | string,
    headers: Record<string, string> = {},
  ): ReturnType<typeof xml> =>
    xml(path, {
      method,
      headers: { 'content-type': 'application/fhir+xml', accept: 'application/fhir+xml', ...headers },
      body: typeof resource === 'string' ? resource : toXml(JSON.stringify(resource)),
    });
  const patient = patientOf('xml-write', { name: [{ text: '王 <五> & "六"' }], birthDate: '1980-01-01' });
  const made = await sent('POST', '/fhir/Patient', patient, { 'x-request-id': 'xml-once' });
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string };
  expect((await json(hospital, `/fhir/Patient/${id}`)).body).toEqual(made.body);
  expect(made.body).toMatchObject(patient);
  const again = await sent('POST', '/fhir/Patient', patient, { 'x-request-id': 'xml-once' });
  expect((again.body as { id: string }).id).toBe(id);
  const changed = await sent('PUT', `/fhir/Patient/${id}`, { ...made.body, gender: 'male' });
  expect([changed.status, (changed.body as { gender: string }).gender]).toEqual([200, 'male']);
  const patched = await sent('PATCH', `/fhir/Patient/${id}`, {
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'operation',
        part: [
          { name: 'type', valueCode: 'replace' },
          { name: 'path', valueString: 'Patient.gender' },
          { name: 'value', valueCode: 'female' },
        ],
      },
    ],
  });
  expect([patched.status, (patched.body as { gender: string }).gender]).toEqual([200, 'female']);
  for (const type of ['transaction', 'batch']) {
    const bundle = await sent('POST', '/fhir', {
      resourceType: 'Bundle',
      type,
      entry: [
        {
          resource: { resourceType: 'Basic', code: { text: type }, subject: { reference: `Patient/${id}` } },
          request: { method: 'POST', url: 'Basic' },
        },
      ],
    });
    expect([bundle.status, bundle.body]).toEqual([
      200,
      expect.objectContaining({ type: `${type}-response`, entry: [expect.anything()] }),
    ]);
  }
  expect((await json(hospital, `/fhir/Basic?subject=Patient/${id}`)).body.total).toBe(2);
});

test('XML that cannot be read is refused at its place, and kept as it came', async () => {
  for (const [content, place] of [
    ['<Patient xmlns="http://hl7.org/fhir"><nmae value="x"/></Patient>', 'Patient.nmae'],
    ['<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"/>', undefined],
    ['<Patient', undefined],
  ] as const) {
    const { status, body } = await send(hospital, 'POST', '/fhir/Patient', content, {
      'content-type': 'application/fhir+xml',
    });
    expect([content, status, body.resourceType]).toEqual([content, 400, 'OperationOutcome']);
    if (place) expect(body.issue[0].expression).toEqual([place]);
  }
  const { rows } = await platform.pool.query<{ n: number }>(
    `select count(*)::int as n from intake.message where kind = 'POST Patient' and bytes = $1`,
    [Buffer.byteLength('<Patient xmlns="http://hl7.org/fhir"><nmae value="x"/></Patient>')],
  );
  expect(rows[0]?.n).toBe(1);
});
