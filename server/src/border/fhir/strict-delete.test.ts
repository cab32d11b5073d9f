import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { bundleOf, json, patientOf, send } from './testing.ts';

let platform: TestPlatform;
let one: Hospital;
let two: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  one = await platform.hospital('STR1');
  two = await platform.hospital('STR2');
}, 120_000);
afterAll(() => platform.close());

const strict = { prefer: 'return=minimal, handling=strict' };
const made = async (
  hospital: Hospital,
  resource: { resourceType: string; [element: string]: unknown },
): Promise<string> => (await send(hospital, 'POST', `/fhir/${resource.resourceType}`, resource)).body.id;
const observation = (patient: string): { resourceType: string; [element: string]: unknown } => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patient}` },
});

test('a strict deletion is refused while others refer to it, by id, by condition and in a bundle, and names them', async () => {
  const patient = await made(one, patientOf('strict-1'));
  const referring = await made(one, observation(patient));
  for (const path of [`/fhir/Patient/${patient}`, '/fhir/Patient?identifier=urn:mrn|strict-1']) {
    const { status, body } = await send(one, 'DELETE', path, undefined, strict);
    expect([path, status, body.issue[0].code]).toEqual([path, 409, 'conflict']);
    expect(body.issue[0].diagnostics).toContain(`Observation/${referring}`);
  }
  const entry = { request: { method: 'DELETE', url: `Patient/${patient}` } };
  const refused = await send(one, 'POST', '/fhir', bundleOf('transaction', [entry]), strict);
  expect([refused.status, refused.body.issue[0].expression]).toEqual([409, ['Bundle.entry[0]']]);
  expect((await json(one, `/fhir/Patient/${patient}`)).status).toBe(200);
  // Both in one transaction: nothing is left that refers to it.
  const both = bundleOf('transaction', [entry, { request: { method: 'DELETE', url: `Observation/${referring}` } }]);
  expect((await send(one, 'POST', '/fhir', both, strict)).status).toBe(200);
  expect((await json(one, `/fhir/Patient/${patient}`)).status).toBe(410);
});

test('without being asked for, and when nothing refers to it, a deletion goes through', async () => {
  const patient = await made(one, patientOf('strict-2'));
  await made(one, observation(patient));
  expect((await send(one, 'DELETE', `/fhir/Patient/${patient}`)).status).toBe(204);
  const alone = await made(one, patientOf('strict-3'));
  expect((await send(one, 'DELETE', `/fhir/Patient/${alone}`, undefined, strict)).status).toBe(204);
});

test('rows that the sender may not see neither hold a deletion back nor are told of', async () => {
  const organization = await made(one, { resourceType: 'Organization', name: '共用科室' });
  // The other hospital refers to it from a record of its own that the first one cannot open.
  const foreign = await made(
    two,
    patientOf('strict-4', { managingOrganization: { reference: `Organization/${organization}` } }),
  );
  expect(foreign).toBeTruthy();
  const { status, text } = await send(one, 'DELETE', `/fhir/Organization/${organization}`, undefined, strict);
  expect([status, text]).toEqual([204, '']);
});
