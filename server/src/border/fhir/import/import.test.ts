import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { count, json, patientOf, type Said, send } from '../testing.ts';

let platform: TestPlatform;
let one: Hospital;
let two: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  one = await platform.hospital('IMP1');
  two = await platform.hospital('IMP2');
}, 120_000);
afterAll(() => platform.close());

const asynchronous = { prefer: 'respond-async', 'content-type': 'application/fhir+ndjson' };
const kick = (hospital: Hospital, lines: unknown[], headers: Record<string, string> = asynchronous): Promise<Said> =>
  send(
    hospital,
    'POST',
    '/fhir/$import',
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    headers,
  );
const placeOf = ({ headers }: Said): string => new URL(headers.get('content-location') as string).pathname;
async function wait(hospital: Hospital, place: string): Promise<Said> {
  for (let tries = 0; tries < 600; tries++) {
    const said = await json(hospital, place);
    if (said.status !== 202) return said;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the import does not end');
}
const observations = (name: string, many: number, patient: string): object[] =>
  Array.from({ length: many }, (_, n) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'urn:import', code: name }] },
    valueInteger: n,
    subject: { reference: `Patient/${patient}` },
  }));

test('lines go through the intake, those that cannot are named with their line, and the rest is taken', async () => {
  const lines = [
    patientOf('imp-1', { id: 'imp-1', name: [{ text: '导入甲' }] }),
    ...observations('mixed', 60, 'imp-1'),
    '',
    { resourceType: 'Observation', status: 'wrong', code: { text: 'x' } },
    '{"resourceType":"Observation",',
    { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/nobody' } },
    { resourceType: 'Bundle', type: 'batch' },
    ...observations('mixed', 5, 'imp-1'),
  ];
  const begun = await kick(one, lines);
  expect([begun.status, begun.text]).toEqual([202, '']);
  const place = placeOf(begun);
  const done = await wait(one, place);
  expect(done.body.output).toEqual([{ count: 66 }]);
  // What was taken stands in the audit, in the transaction that took it.
  const { rows: noted } = await platform.pool.query(
    "select count(*)::int as n from audit.entry e join intake.message m on m.kind = 'import' where e.what = 'import taken' and e.xid = m.xmin::text::xid8",
  );
  expect(noted[0].n).toBeGreaterThan(0);
  expect(done.body.error).toEqual([{ type: 'OperationOutcome', url: expect.any(String), count: 4 }]);
  const errors = await one.fetch(new URL(done.body.error[0].url).pathname);
  expect(errors.headers.get('content-type')).toBe('application/fhir+ndjson');
  const outcomes = (await errors.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(
    outcomes.map(({ issue }) => [
      issue[0].diagnostics.split(':')[0],
      issue[0].expression?.[0].replace(/\.reference$/, ''),
    ]),
  ).toEqual([
    ['line 63', 'Observation.status'],
    ['line 64', undefined],
    ['line 65', 'Observation.subject'],
    ['line 66', 'resourceType'],
  ]);
  expect(await count(one, '/fhir/Observation?code=urn:import|mixed')).toBe(65);
  expect((await json(one, '/fhir/Patient/imp-1')).body.name).toEqual([{ text: '导入甲' }]);
  // Nobody else’s, and nothing readable on the disk.
  for (const path of [place, new URL(done.body.error[0].url).pathname])
    expect((await json(two, path)).status).toBe(404);
  const folder = join(platform.dataDir, 'imports');
  for (const job of readdirSync(folder))
    for (const file of readdirSync(join(folder, job)))
      expect(readFileSync(join(folder, job, file)).includes('导入甲')).toBe(false);
  expect((await send(one, 'DELETE', place)).status).toBe(202);
  expect((await json(one, place)).status).toBe(404);
});

test('an import that was stopped between a commit and its note goes on and takes nothing twice', async () => {
  await send(one, 'PUT', '/fhir/Patient/imp-2', patientOf('imp-2', { id: 'imp-2', name: [{ text: '导入乙' }] }));
  const begun = await kick(one, [...observations('again', 120, 'imp-2'), { resourceType: 'Observation', status: 'x' }]);
  const place = placeOf(begun);
  const first = await wait(one, place);
  expect(first.body.output).toEqual([{ count: 120 }]);
  // What a kill leaves behind: rows that are there, and a note of progress that does not know of them.
  const id = place.split('/').at(-1);
  await platform.pool.query(
    `update fhir.import_job set state = 'running', lease = null, progress = '{"line":50,"taken":50,"refused":0,"errorBytes":0}', finished = null where id = $1`,
    [id],
  );
  const second = await wait(one, place);
  expect(second.body).toEqual(first.body);
  expect(await count(one, '/fhir/Observation?code=urn:import|again')).toBe(120);
  const { body } = await json(one, '/fhir/Observation?code=urn:import|again&_count=200');
  const entries = body.entry as { resource: { meta: { versionId: string }; valueInteger: number } }[];
  expect(new Set(entries.map(({ resource }) => resource.valueInteger)).size).toBe(120);
  expect(entries.every(({ resource }) => resource.meta.versionId === '1')).toBe(true);
  expect(await (await one.fetch(new URL(second.body.error[0].url).pathname)).text()).toContain('line 121');
});

test('what is fetched, empty, or asked for at once is refused', async () => {
  expect((await kick(one, [patientOf('x')], { 'content-type': 'application/fhir+ndjson' })).status).toBe(400);
  expect((await kick(one, [''])).status).toBe(400);
  const manifest = {
    resourceType: 'Parameters',
    parameter: [{ name: 'input', part: [{ name: 'url', valueUrl: 'http://169.254.169.254/' }] }],
  };
  const { status, text } = await send(one, 'POST', '/fhir/$import', manifest, { prefer: 'respond-async' });
  expect([status, text.includes('NDJSON')]).toEqual([415, true]);
});
