import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { feedOf, json, patientOf, type Resource, type Said, send } from './testing.ts';

let platform: TestPlatform;
let here: Hospital;
let there: Hospital;
beforeAll(async () => {
  platform = await testPlatform();
  here = await platform.hospital('500112H01');
  there = await platform.hospital('500106H02');
}, 240_000);
afterAll(() => platform?.close());

const named = (mrn: string, name: string, more: object = {}): Resource =>
  patientOf(mrn, { name: [{ text: name }], gender: 'male', birthDate: '1972-03-04', ...more });
const putOf = (resource: Resource): object => ({
  fullUrl: `http://hospital.example/Patient/${resource.id}`,
  resource,
  request: { method: 'PUT', url: `Patient/${resource.id}` },
  response: { status: '200' },
});
const feed = (message: Resource, hospital = here): Promise<Said> =>
  send(hospital, 'POST', '/fhir/$process-message', message);
const rules = ({ body }: Said): string[] =>
  body.issue.map((one: { details: { coding: { code: string }[] } }) => one.details.coding[0]?.code);
const sources = async (...names: string[]): Promise<{ name: string; resident: string }[]> =>
  (
    await platform.pool.query<{ name: string; resident: string }>(
      'select name, resident::text from identity.source where name = any($1) order by name',
      [names],
    )
  ).rows;

test('a feed registers, updates and merges, and the answer is a message that names the one it answers', async () => {
  const first = feedOf('m-1', [
    putOf({ ...named('F1', '祝明理'), id: 'feed-1' }),
    putOf({ ...named('F2', '祝铭礼'), id: 'feed-2' }),
  ]);
  const { status, body } = await feed(first);
  expect(status).toBe(200);
  expect(body).toMatchObject({ resourceType: 'Bundle', type: 'message' });
  expect(body.entry[0].resource).toMatchObject({
    resourceType: 'MessageHeader',
    eventUri: 'urn:ihe:iti:pmir:2019:patient-feed',
    destination: [{ endpoint: 'http://hospital.example/feed' }],
    response: { identifier: 'm-1', code: 'ok' },
  });
  await platform.settled();
  expect(new Set((await sources('祝明理', '祝铭礼')).map(({ resident }) => resident)).size).toBe(2);
  const merge = await feed(
    feedOf('m-2', [
      putOf({
        ...named('F2', '祝铭礼', { active: false }),
        id: 'feed-2',
        link: [{ type: 'replaced-by', other: { reference: 'Patient/feed-1' } }],
      }),
    ]),
  );
  expect(merge.body.entry[0].resource.response).toEqual({ identifier: 'm-2', code: 'ok' });
  await platform.settled();
  expect(new Set((await sources('祝明理', '祝铭礼')).map(({ resident }) => resident)).size).toBe(1);
  const again = await feed(first);
  expect([again.status, again.body.entry[0].resource.response.identifier]).toEqual([200, 'm-1']);
  expect((await json(here, '/fhir/Patient/feed-2')).body.active).toBe(false);
});

test('of a feed with one entry that cannot be taken nothing is taken', async () => {
  const refused = await feed(
    feedOf('m-3', [
      putOf({ ...named('F3', '贺知秋'), id: 'feed-3' }),
      putOf({ ...named('F4', '贺知春', { birthDate: 'yesterday' }), id: 'feed-4' }),
    ]),
  );
  expect([refused.status, refused.body.resourceType]).toEqual([422, 'OperationOutcome']);
  expect(await sources('贺知秋', '贺知春')).toEqual([]);
});

test('another event, no header, a focus that leads nowhere and other resources are refused by name', async () => {
  const one = [putOf({ ...named('F5', '盛夏'), id: 'feed-5' })];
  expect(rules(await feed(feedOf('m-5', one, { eventUri: 'urn:other' })))).toEqual(['fhir.not-supported']);
  expect(rules(await feed({ resourceType: 'Bundle', type: 'message', entry: one }))).toEqual(['fhir.structure']);
  expect(rules(await feed(feedOf('m-6', one, { focus: [{ reference: 'urn:uuid:nothing' }] })))).toEqual([
    'fhir.structure',
  ]);
  const observation = {
    resource: { resourceType: 'Observation', id: 'o1' },
    request: { method: 'PUT', url: 'Observation/o1' },
  };
  expect(rules(await feed(feedOf('m-7', [...one, observation])))).toEqual(['fhir.not-supported']);
  expect(await sources('盛夏')).toEqual([]);
});

test('a feed changes nobody whom another institution registered', async () => {
  expect((await feed(feedOf('m-8', [putOf({ ...named('F8', '左思'), id: 'feed-8' })]))).status).toBe(200);
  const theirs = await feed(feedOf('m-9', [putOf({ ...named('F8', '左丘'), id: 'feed-8' })]), there);
  expect(theirs.status).toBe(409);
  expect(await sources('左丘')).toEqual([]);
});
