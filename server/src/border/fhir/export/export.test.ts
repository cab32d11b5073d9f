import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { openIdentity, openRecordAccess } from '../../../core/identity/index.ts';
import { GroupCommitter } from '../../../kit/group-commit.ts';
import { vaultOf } from '../../../kit/vault.ts';
import { openJobFiles } from '../job-files.ts';
import { bundleOf, patientOf, put, type Resource, send } from '../testing.ts';
import { type Job, takeJob } from './tables.ts';
import { startExports } from './work.ts';

let platform: TestPlatform;
let one: Hospital;
let two: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  one = await platform.hospital('EXP1');
  two = await platform.hospital('EXP2');
  for (const [hospital, mark] of [
    [one, 'one'],
    [two, 'two'],
  ] as const)
    await send(
      hospital,
      'POST',
      '/fhir',
      bundleOf('transaction', [
        ...[0, 1, 2].map((n) => ({
          fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${n}`,
          resource: patientOf(`${mark}-${n}`, { name: [{ family: `秘${mark}` }] }),
          request: { method: 'POST', url: 'Patient' },
        })),
        ...Array.from({ length: 60 }, (_, n) => ({
          resource: {
            resourceType: 'Observation',
            status: n % 2 ? 'final' : 'preliminary',
            code: { text: `${mark} ${n}` },
            subject: { reference: `urn:uuid:00000000-0000-4000-8000-00000000000${n % 3}` },
          },
          request: { method: 'POST', url: 'Observation' },
        })),
      ]),
    );
  await put(one, { resourceType: 'Organization', id: 'exp-org', name: '导出医院' });
}, 120_000);
afterAll(() => platform.close());

const asynchronous = { prefer: 'respond-async' };
type Output = { type: string; url: string; count: number };
const path = (address: string): string => new URL(address).pathname;

async function kick(hospital: Hospital, address: string): Promise<string> {
  const { status, headers, text } = await send(hospital, 'GET', address, undefined, asynchronous);
  expect([status, text]).toEqual([202, '']);
  return path(headers.get('content-location') as string);
}
async function wait(hospital: Hospital, place: string): Promise<{ transactionTime: string; output: Output[] }> {
  for (let tries = 0; tries < 300; tries++) {
    const { status, body } = await send(hospital, 'GET', place);
    if (status === 200) return body;
    expect(status).toBe(202);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the export does not end');
}
async function lines(hospital: Hospital, { output }: { output: Output[] }): Promise<Resource[]> {
  const found: Resource[] = [];
  for (const { url, type, count } of output) {
    const response = await hospital.fetch(path(url));
    expect(response.headers.get('content-type')).toBe('application/fhir+ndjson');
    const rows = (await response.text()).trimEnd().split('\n');
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const resource = JSON.parse(row) as Resource;
      expect(resource.resourceType).toBe(type);
      found.push(resource);
    }
  }
  return found;
}
const whole = async (hospital: Hospital, address: string): Promise<Resource[]> =>
  lines(hospital, await wait(hospital, await kick(hospital, address)));
const kinds = (resources: Resource[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(resources, ({ resourceType }) => resourceType)).map(([type, list]) => [
      type,
      list?.length ?? 0,
    ]),
  );

test('a system export brings everything that the client sees, each once, and nobody else’s', async () => {
  const resources = await whole(one, '/fhir/$export?_type=Patient,Observation,Organization');
  expect(kinds(resources)).toEqual({ Patient: 3, Observation: 60, Organization: 1 });
  expect(new Set(resources.map(({ id }) => id)).size).toBe(64);
  expect(JSON.stringify(resources)).not.toContain('two');
  expect(kinds(await whole(one, '/fhir/Patient/$export'))).toEqual({ Patient: 3, Observation: 60 });
});

test('_since, _type and _typeFilter cut it; what is not known or not covered is refused by name', async () => {
  expect(kinds(await whole(one, '/fhir/$export?_type=Observation&_typeFilter=Observation%3Fstatus%3Dfinal'))).toEqual({
    Observation: 30,
  });
  const since = new Date().toISOString();
  await send(one, 'POST', '/fhir/Patient', patientOf('one-later'));
  expect(kinds(await whole(one, `/fhir/$export?_type=Patient,Observation&_since=${since}`))).toEqual({ Patient: 1 });
  for (const [query, word] of [
    ['_type=Nothing', 'Nothing'],
    ['_since=2020', '_since'],
    ['_outputFormat=text/csv', '_outputFormat'],
    ['_elements=id', '_elements'],
    ['_typeFilter=Observation%3Fstatsu%3Dfinal', 'statsu'],
    ['_typeFilter=Observation%3F_sort%3Ddate', '_typeFilter'],
    ['_typeFilter=Observation%3F_contained%3Dtrue', '_contained'],
  ]) {
    const { status, text } = await send(one, 'GET', `/fhir/$export?${query}`, undefined, asynchronous);
    expect([query, status]).toEqual([query, 400]);
    expect(text).toContain(word);
  }
  expect((await send(one, 'GET', '/fhir/$export')).status).toBe(400);
});

test('a group export brings its members’ records and is refused for somebody else’s group', async () => {
  const { body } = await send(one, 'GET', '/fhir/Patient?_count=2&_sort=_lastUpdated');
  const members = body.entry.map(({ resource }: { resource: Resource }) => ({
    entity: { reference: `Patient/${resource.id}` },
  }));
  const group = await send(one, 'POST', '/fhir/Group', {
    resourceType: 'Group',
    type: 'person',
    actual: true,
    member: members,
  });
  const resources = await whole(one, `/fhir/Group/${group.body.id}/$export?_type=Patient,Observation`);
  expect(kinds(resources)).toEqual({ Patient: 2, Observation: 40 });
  expect((await send(two, 'GET', `/fhir/Group/${group.body.id}/$export`, undefined, asynchronous)).status).toBe(404);
});

test('status and files are the client’s own, every person’s look is noted before, and removing takes the files away', async () => {
  const place = await kick(one, '/fhir/$export?_type=Patient');
  const { output } = await wait(one, place);
  const file = path((output[0] as Output).url);
  for (const [method, address] of [
    ['GET', place],
    ['DELETE', place],
    ['GET', file],
  ] as const)
    expect((await send(two, method, address)).status).toBe(404);
  const { rows } = await platform.pool.query<{ people: number }>(
    `select count(distinct subject) as people from audit.entry where action = 'export' and what = 'system $export Patient'`,
  );
  expect(rows[0]?.people).toBe(4);
  expect((await send(one, 'DELETE', place)).status).toBe(202);
  expect((await send(one, 'GET', place)).status).toBe(404);
  expect((await one.fetch(file)).status).toBe(404);
});

test('what lies on the disk cannot be read, and an export whose server was killed goes on without losing or doubling a line', async () => {
  await platform.exports.stop();
  const place = await kick(one, '/fhir/$export?_type=Patient,Observation');
  const folder = join(platform.dataDir, 'exports');
  const files = openJobFiles(folder, vaultOf(platform.pool));
  const work = {
    pool: platform.pool,
    committer: new GroupCommitter(platform.pool),
    records: openRecordAccess(platform.pool, openIdentity(platform.pool)),
    onError: (error: unknown) => {
      throw error;
    },
  };
  // The first server dies after its first file, in the middle of the next write: more lies on the disk than it could say.
  const job = (await takeJob(platform.pool, 0)) as Job;
  await platform.pool.query(`update fhir.export_job set lease = null where id = $1`, [job.id]);
  let appended = 0;
  const dying = startExports({
    ...work,
    onError: () => {},
    files: {
      ...files,
      async append(...given) {
        const bytes = await files.append(...given);
        if (++appended === 2) {
          appendFileSync(join(folder, job.id, `${given[1]}.sealed`), 'torn');
          throw new Error('killed');
        }
        return bytes;
      },
    },
  });
  for (let tries = 0; tries < 200 && appended < 2; tries++) await new Promise((done) => setTimeout(done, 50));
  await dying.stop();
  await platform.pool.query(`update fhir.export_job set lease = null where id = $1`, [job.id]);
  // Between the two somebody changes a row that the first has not come to: the export shows what was at its instant.
  const { body } = await send(one, 'GET', '/fhir/Observation?_count=1');
  const changed = body.entry[0].resource as Resource;
  await put(one, { ...changed, code: { text: 'changed meanwhile' } });
  const second = startExports({ ...work, files });
  const resources = await lines(one, await wait(one, place));
  await second.stop();
  const ids = resources.map(({ resourceType, id }) => `${resourceType}/${id}`);
  expect(new Set(ids).size).toBe(64);
  expect(ids).toHaveLength(64);
  expect(resources.find(({ id }) => id === changed.id)).toEqual(changed);
  for (const name of readdirSync(join(folder, job.id))) {
    const file = join(folder, job.id, name);
    expect(readFileSync(file).includes('秘one')).toBe(false);
    expect(statSync(file).mode & 0o077).toBe(0);
  }
});
