import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientToken, type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { checkDocument, parseDocument, translate } from '../cda/index.ts';
import type { Fact } from '../fact.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

const bytesOf = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../cda/fixtures', `${name}.xml`));
const read = (bytes: Buffer | string, institution: string) => {
  const document = parseDocument(Buffer.from(bytes as string));
  if (Array.isArray(document)) throw new Error(JSON.stringify(document));
  return { document, ...translate(document, { institution, receivedAt: new Date().toISOString() }) };
};
/** The written bytes differ (indentation, labels), so the document's own copy and its size are left out. */
const clinical = (facts: readonly Fact[]): Fact[] =>
  facts
    .filter(({ resource }) => resource.resourceType !== 'Binary' && resource.resourceType !== 'DocumentReference')
    .sort((a, b) => (`${a.resource.resourceType}|${a.key}` < `${b.resource.resourceType}|${b.key}` ? -1 : 1));

const rootOf = { C0002: 'Encounter', C0006: 'DiagnosticReport', C0007: 'DiagnosticReport' } as const;
type Kind = keyof typeof rootOf;

async function sendDocument(hospital: Hospital, name: string): Promise<void> {
  const sent = await hospital.fetch('/documents', {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: bytesOf(name) as BodyInit,
  });
  expect(sent.status, await sent.text()).toBe(201);
  await platform.settled();
}
async function onlyId(hospital: Hospital, type: string): Promise<string> {
  const { entry } = (await (await hospital.fetch(`/fhir/${type}`)).json()) as { entry: { resource: { id: string } }[] };
  expect(entry).toHaveLength(1);
  return entry[0]?.resource.id as string;
}
const lastLook = async (): Promise<{
  action: string;
  what: string;
  ground: string;
  resident: string | null;
  subject: string | null;
}> =>
  (
    await platform.pool.query(
      'select action, what, ground, resident::text, subject::text from audit.entry order by seq desc limit 1',
    )
  ).rows[0];

const fixtures: [string, Kind][] = [
  ['c0002-outpatient', 'C0002'],
  ['plain-outpatient', 'C0002'],
  ['c0006-examination', 'C0006'],
  ['plain-examination', 'C0006'],
  ['c0007-laboratory', 'C0007'],
  ['c0007-laboratory-gb18030', 'C0007'],
  ['plain-laboratory', 'C0007'],
];

test.each(fixtures)('%s sent in over HTTP comes out as a document that gives the same facts', async (name, kind) => {
  const code = `OUT-${name}`;
  const hospital = await platform.hospital(code);
  await sendDocument(hospital, name);
  const id = await onlyId(hospital, rootOf[kind]);
  const answer = await hospital.fetch(`/documents/${kind}/${rootOf[kind]}/${id}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  const text = await answer.text();
  const [came, went] = [read(bytesOf(name), code), read(text, code)];
  expect(went.kind).toBe(kind);
  expect(clinical(went.facts)).toEqual(clinical(came.facts));
  expect(checkDocument(went.document).map(({ rule }) => rule)).toEqual(
    checkDocument(came.document).map(({ rule }) => rule),
  );
  expect(await lastLook()).toMatchObject({
    action: 'read',
    what: `${rootOf[kind]} ${kind} document`,
    ground: 'own-institution',
  });
  expect(await (await hospital.fetch(`/documents/${kind}/${rootOf[kind]}/${id}`)).text()).toBe(text);
});

test('another institution gets the document only with a ground for its resident, and either way it is noted', async () => {
  const first = await platform.hospital('GROUND-1');
  const second = await platform.hospital('GROUND-2');
  await sendDocument(first, 'c0006-examination');
  const path = `/documents/C0006/DiagnosticReport/${await onlyId(first, 'DiagnosticReport')}`;
  const before = await second.fetch(path);
  expect(before.status).toBe(404);
  expect(await before.json()).toMatchObject({ code: 'HT-INPUT-004' });
  expect(await lastLook()).toMatchObject({
    what: 'DiagnosticReport C0006 document not shown',
    ground: 'own-institution',
    subject: expect.any(String),
  });
  // The same resident is seen at the second hospital: now it treats her.
  await sendDocument(second, 'c0007-laboratory');
  const after = await second.fetch(path);
  expect(after.status).toBe(200);
  expect(clinical(read(await after.text(), 'GROUND-1').facts)).toEqual(
    clinical(read(bytesOf('c0006-examination'), 'GROUND-1').facts),
  );
  expect(await lastLook()).toMatchObject({
    what: 'DiagnosticReport C0006 document',
    ground: 'care-relationship',
    resident: expect.any(String),
  });
});

test('a token whose scopes do not cover every part gets no document', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'k', alg: 'ES256' };
  const hospital = await platform.hospital('SCOPES-1', {
    senders: [
      {
        protocol: 'fhir',
        clientId: 'client-SCOPES-1',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] },
      },
    ],
  });
  const ask = async (scope: string, path: string): Promise<Response> =>
    fetch(`${platform.base}${path}`, {
      headers: { authorization: `Bearer ${await clientToken(platform.base, hospital.clientId, jwk, scope)}` },
    });
  const refused = await ask('system/DiagnosticReport.rs system/Patient.rs', '/documents/C0007/DiagnosticReport/x');
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'HT-ACCESS-006' });
  expect(await lastLook()).toMatchObject({ action: 'refused', ground: 'scope' });
  expect((await ask('system/*.rs', '/documents/C0007/DiagnosticReport/x')).status).toBe(404);
});

test('a kind that is not written, a kind of something else, an unknown id and a deleted report are told apart from a document', async () => {
  const hospital = await platform.hospital('NONE-1');
  await sendDocument(hospital, 'plain-laboratory');
  const id = await onlyId(hospital, 'DiagnosticReport');
  for (const path of [
    `/documents/C0004/DiagnosticReport/${id}`,
    `/documents/C0002/DiagnosticReport/${id}`,
    `/documents/toString/DiagnosticReport/${id}`,
    '/documents/C0007/DiagnosticReport/nobody',
  ])
    expect((await hospital.fetch(path)).status, path).toBe(404);
  expect((await hospital.fetch(`/fhir/DiagnosticReport/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await hospital.fetch(`/documents/C0007/DiagnosticReport/${id}`)).status).toBe(410);
  expect((await fetch(`${platform.base}/documents/C0007/DiagnosticReport/${id}`)).status).toBe(401);
});

test('a visit that came as FHIR, without a Composition, is a document of its own diagnoses and of no other visit’s', async () => {
  const hospital = await platform.hospital('FHIR-1');
  const put = async (resource: { resourceType: string; id: string; [element: string]: unknown }): Promise<void> => {
    const answer = await hospital.fetch(`/fhir/${resource.resourceType}/${resource.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(resource),
    });
    expect(answer.status, await answer.text()).toBe(201);
  };
  const subject = { reference: 'Patient/fp1' };
  const visit = (id: string) => ({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject,
    period: { start: '2026-11-02T09:00:00+08:00' },
    identifier: [{ value: id }],
  });
  const diagnosis = (id: string, encounter: string, code: string, text: string) => ({
    resourceType: 'Condition',
    id,
    subject,
    encounter: { reference: `Encounter/${encounter}` },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }], text },
  });
  await put({
    resourceType: 'Patient',
    id: 'fp1',
    identifier: [{ system: 'urn:oid:2.16.156.10011.1.11', value: 'M77' }],
    name: [{ text: '周小雨' }],
    gender: 'female',
    birthDate: '1990-05-06',
  });
  await put(visit('fe1'));
  await put(visit('fe2'));
  await put(diagnosis('fc1', 'fe1', 'J10.1', '流行性感冒'));
  await put(diagnosis('fc2', 'fe2', 'I10', '高血压'));
  const answer = await hospital.fetch('/documents/C0002/Encounter/fe1');
  expect(answer.status).toBe(200);
  const { facts } = read(await answer.text(), 'FHIR-1');
  const told = (type: string) =>
    facts.filter(({ resource }) => resource.resourceType === type).map(({ resource }) => resource);
  expect(told('Patient')).toMatchObject([{ name: [{ text: '周小雨' }], gender: 'female', birthDate: '1990-05-06' }]);
  expect(told('Condition').map(({ code }) => (code as { text: string }).text)).toEqual(['流行性感冒']);
});
