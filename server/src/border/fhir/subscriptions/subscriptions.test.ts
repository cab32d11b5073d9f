import { makeResidentNumber } from '@hutong/china';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hospital, type TestPlatform, testPlatform } from '../../../../test/platform.ts';
import { bundleOf, patientOf, put, send } from '../testing.ts';
import {
  type Heard,
  openReceiver,
  openSocket,
  type Receiver,
  readNotification,
  subscriptionOf,
  until,
  type Wanted,
} from './testing.ts';

let platform: TestPlatform;
let one: Hospital;
let two: Hospital;
let receiver: Receiver;
let other: Receiver;
let patient: string;
let elsewhere: string;
beforeAll(async () => {
  receiver = await openReceiver();
  other = await openReceiver();
  platform = await testPlatform({ env: { HUTONG_EGRESS: `${receiver.origin},${other.origin}` } });
  one = await platform.hospital('SUB1');
  two = await platform.hospital('SUB2');
  patient = (await send(one, 'POST', '/fhir/Patient', patientOf('sub-1', { name: [{ text: '订阅甲' }] }))).body.id;
  elsewhere = (await send(two, 'POST', '/fhir/Patient', patientOf('sub-2', { name: [{ text: '订阅乙' }] }))).body.id;
}, 120_000);
afterAll(async () => {
  await platform?.close();
  await receiver?.close();
  await other?.close();
});

const observation = (of: string, code: string, more: object = {}): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'urn:sub', code }] },
  subject: { reference: `Patient/${of}` },
  ...more,
});
async function subscribe(hospital: Hospital, wanted: Wanted): Promise<string> {
  const { status, text, body } = await send(hospital, 'POST', '/fhir/Subscription', subscriptionOf(wanted));
  expect([status, text]).toEqual([201, expect.any(String)]);
  return body.id as string;
}
const standing = async (hospital: Hospital, id: string): Promise<Heard> => {
  const { status, body } = await send(hospital, 'GET', `/fhir/Subscription/${id}/$status`);
  expect(status).toBe(200);
  return readNotification(JSON.stringify({ type: 'history', entry: [body.entry[0]] }));
};
async function active(hospital: Hospital, id: string, status = 'active'): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if ((await standing(hospital, id)).status === status) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`${id} does not become ${status}`);
}
/** Everything that a receiver heard under one header. */
const heardBy = (id: string, { heard }: Receiver = receiver): Heard[] =>
  heard.filter(({ text }) => text.includes(`Subscription/${id}"`));
const numbers = (list: Heard[]): number[] => list.flatMap(({ events }) => events.map(({ number }) => number));
const events = (list: Heard[]): Heard['events'] => list.flatMap((heard) => heard.events);

test('a handshake, then every change that satisfies the filter, in order, by its id alone', async () => {
  const id = await subscribe(one, {
    filters: [`Observation?patient=Patient/${patient}&code=urn:sub|wanted`],
    endpoint: receiver.url,
    header: ['Authorization: Bearer of-the-hospital'],
  });
  await active(one, id);
  const [handshake] = heardBy(id);
  expect([handshake?.kind, handshake?.status, handshake?.total]).toEqual(['handshake', 'requested', 0]);
  expect(handshake?.headers.authorization).toBe('Bearer of-the-hospital');
  expect(handshake?.headers['content-type']).toBe('application/fhir+json');
  expect((await send(one, 'GET', `/fhir/Subscription?status=active&_id=${id}`)).body.total).toBe(1);

  const first = (await send(one, 'POST', '/fhir/Observation', observation(patient, 'wanted'))).body;
  await send(one, 'POST', '/fhir/Observation', observation(patient, 'not-wanted'));
  await until(() => numbers(heardBy(id)).includes(1));
  await put(one, { ...first, status: 'amended' });
  await until(() => numbers(heardBy(id)).includes(2));
  await send(one, 'DELETE', `/fhir/Observation/${first.id}`);
  await until(() => numbers(heardBy(id)).includes(3));
  const heard = heardBy(id).slice(1);
  expect(events(heard)).toEqual([1, 2, 3].map((number) => ({ number, focus: `Observation/${first.id}` })));
  expect(heard.every(({ resources }) => resources.length === 0)).toBe(true);
  expect(heard.at(-1)?.requests).toEqual(['DELETE']);
  expect((await standing(one, id)).total).toBe(3);
});

test('full resources come with what the topic’s shape names, and every person’s look is in the audit', async () => {
  const id = await subscribe(one, {
    topic: 'urn:hutong:topic:laboratory-result',
    endpoint: receiver.url,
    content: 'full-resource',
  });
  await active(one, id);
  const laboratory = {
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ],
  };
  await send(one, 'POST', '/fhir/Observation', observation(patient, 'lab', { ...laboratory, status: 'preliminary' }));
  const { body } = await send(one, 'POST', '/fhir/Observation', observation(patient, 'lab', laboratory));
  const [told] = await until(
    () =>
      heardBy(id).filter(({ kind }) => kind === 'event-notification').length > 0 &&
      heardBy(id).filter(({ kind }) => kind === 'event-notification'),
  );
  expect(told?.events).toEqual([{ number: 1, focus: `Observation/${body.id}` }]);
  expect(told?.resources.map(({ resourceType, id: of }) => `${resourceType}/${of}`)).toEqual([
    `Observation/${body.id}`,
    `Patient/${patient}`,
  ]);
  expect(told?.resources[0]).toEqual(body);
  expect(told?.requests).toEqual(['POST', 'GET']);
  const { rows } = await platform.pool.query<{ agent: string }>(
    `select agent from audit.entry where what like 'subscription notification full-resource Observation Patient%'`,
  );
  expect(rows).toEqual([{ agent: `client ${one.clientId}` }]);
});

test('empty notifications name nothing, XML is XML, and maxCount cuts a backlog without a gap', async () => {
  const id = await subscribe(one, {
    filters: ['Observation?code=urn:sub|many'],
    endpoint: receiver.url,
    content: 'empty',
    maxCount: 2,
  });
  await active(one, id);
  await send(
    one,
    'POST',
    '/fhir',
    bundleOf(
      'transaction',
      Array.from({ length: 5 }, () => ({
        resource: observation(patient, 'many'),
        request: { method: 'POST', url: 'Observation' },
      })),
    ),
  );
  await until(() => numbers(heardBy(id)).includes(5));
  const told = heardBy(id).slice(1);
  expect(told.map((heard) => numbers([heard]))).toEqual([[1, 2], [3, 4], [5]]);
  expect(events(told).every(({ focus }) => focus === null)).toBe(true);
  const xml = await subscribe(one, {
    filters: ['Observation?code=urn:sub|many'],
    endpoint: receiver.url,
    payload: 'application/fhir+xml',
  });
  await active(one, xml);
  expect(receiver.raw.some((text) => text.startsWith('<') && text.includes(`Subscription/${xml}"`))).toBe(true);
});

test('$events gives what was told by number, under the eyes of whoever asks, and only to the own institution', async () => {
  const id = await subscribe(one, { filters: ['Observation?code=urn:sub|past'], endpoint: receiver.url });
  await active(one, id);
  const made: string[] = [];
  for (let n = 0; n < 4; n++)
    made.push((await send(one, 'POST', '/fhir/Observation', observation(patient, 'past'))).body.id);
  await until(() => numbers(heardBy(id)).includes(4));
  const path = `/fhir/Subscription/${id}/$events`;
  const asked = async (query: string): Promise<Heard> =>
    readNotification((await send(one, 'GET', `${path}${query}`)).text);
  const all = await asked('');
  expect(all.kind).toBe('query-event');
  expect(all.events).toEqual(made.map((of, index) => ({ number: index + 1, focus: `Observation/${of}` })));
  expect(numbers([await asked('?eventsSinceNumber=2&eventsUntilNumber=3')])).toEqual([2, 3]);
  const whole = await asked('?eventsSinceNumber=4&content=full-resource');
  expect(whole.resources.map(({ id: of }) => of)).toEqual([made[3]]);
  const posted = await send(one, 'POST', path, {
    resourceType: 'Parameters',
    parameter: [{ name: 'eventsSinceNumber', valueString: '4' }],
  });
  expect(numbers([readNotification(posted.text)])).toEqual([4]);
  for (const query of ['?eventsSinceNumber=x', '?content=all', '?since=1'])
    expect([query, (await send(one, 'GET', `${path}${query}`)).status]).toEqual([query, 400]);
  for (const [method, address] of [
    ['GET', path],
    ['GET', `/fhir/Subscription/${id}/$status`],
    ['GET', `/fhir/Subscription/${id}`],
    ['POST', `/fhir/Subscription/${id}/$get-ws-binding-token`],
  ] as const)
    expect([address, (await send(two, method, address)).status]).toEqual([address, 404]);
  expect((await send(two, 'GET', '/fhir/Subscription/$status')).body.total).toBe(0);
});

test('what is not done is refused by name: topics, filters, channels, headers, endpoints that nobody allowed', async () => {
  const fine: Wanted = { filters: ['Observation?code=urn:sub|x'], endpoint: receiver.url };
  for (const [wanted, place] of [
    [{ ...fine, topic: 'urn:hutong:topic:nothing' }, 'criteria'],
    [{ ...fine, filters: [] }, 'criteria'],
    [{ ...fine, filters: ['Observation?colour=red'] }, 'criteria'],
    [{ ...fine, filters: ['Observation?_sort=date'] }, 'criteria'],
    [{ ...fine, filters: ['Observation?_contained=true'] }, 'criteria'],
    [{ ...fine, topic: 'urn:hutong:topic:visit-changed' }, 'criteria'],
    [{ ...fine, endpoint: 'http://169.254.169.254/latest' }, 'channel.endpoint'],
    [{ ...fine, endpoint: `${receiver.origin.replace('127.0.0.1', '127.0.0.1.evil.example')}/` }, 'channel.endpoint'],
    [{ ...fine, endpoint: undefined as unknown as string }, 'channel.endpoint'],
    [{ ...fine, header: ['Host: evil.example'] }, 'channel.header'],
    [{ ...fine, header: ['X-One: a\r\nX-Two: b'] }, 'channel.header'],
    [{ ...fine, payload: 'text/plain' }, 'channel.payload'],
    [{ ...fine, content: 'everything' }, 'channel.payload'],
    [{ ...fine, heartbeat: 1 }, 'channel'],
    [{ ...fine, timeout: 600 }, 'channel'],
    [{ ...fine, maxCount: 100_000 }, 'channel'],
    [{ ...fine, more: { channel: { type: 'email', endpoint: 'mailto:a@b.example' } } }, 'channel.type'],
  ] as [Wanted, string][]) {
    const { status, text } = await send(one, 'POST', '/fhir/Subscription', subscriptionOf(wanted));
    expect([JSON.stringify(wanted), status]).toEqual([JSON.stringify(wanted), 422]);
    expect(text).toContain(`"Subscription.${place}"`);
  }
  const { rows } = await platform.pool.query(`select 1 from fhir.subscription where sealed is null`);
  expect(rows).toEqual([]);
});

test('an endpoint that fails is tried again, the subscription says so, and nothing is left out when it is back', async () => {
  const id = await subscribe(one, { filters: ['Observation?code=urn:sub|fail'], endpoint: other.url });
  await active(one, id);
  other.answer(307);
  for (let n = 0; n < 3; n++) await send(one, 'POST', '/fhir/Observation', observation(patient, 'fail'));
  await until(() => other.raw.filter((text) => text.includes(id)).length >= 2);
  // The waits between tries are not waited for here.
  const hurry = setInterval(
    () => void platform.pool.query('update fhir.subscription set next_at = null where id = $1', [id]),
    100,
  );
  await active(one, id, 'error');
  const stored = (await send(one, 'GET', `/fhir/Subscription/${id}`)).body;
  expect([stored.status, stored.error]).toEqual(['error', 'No success from the endpoint: 307']);
  expect(numbers(heardBy(id, other))).toEqual([]);
  other.answer(200);
  await until(() => numbers(heardBy(id, other)).includes(3));
  clearInterval(hurry);
  expect(numbers(heardBy(id, other))).toEqual([1, 2, 3]);
  await active(one, id);
  expect((await send(one, 'GET', `/fhir/Subscription/${id}`)).body.error).toBeUndefined();
});

test('a refused handshake is an error; heartbeats come when nothing else does; the end ends it; off is off', async () => {
  other.answer(500);
  const refused = await subscribe(one, { filters: ['Observation?code=urn:sub|beat'], endpoint: other.url });
  await active(one, refused, 'error');
  other.answer(200);
  const id = await subscribe(one, {
    filters: ['Observation?code=urn:sub|beat'],
    endpoint: other.url,
    heartbeat: 10,
    more: { end: new Date(Date.now() + 3_600_000).toISOString() },
  });
  await active(one, id);
  await platform.pool.query(`update fhir.subscription set last_sent = now() - interval '11 seconds' where id = $1`, [
    id,
  ]);
  await until(() => heardBy(id, other).some(({ kind }) => kind === 'heartbeat'));
  await platform.pool.query(`update fhir.subscription set ends = now() where id = $1`, [id]);
  await active(one, id, 'off');
  const stored = (await send(one, 'GET', `/fhir/Subscription/${refused}`)).body;
  await put(one, { ...stored, status: 'off' });
  expect((await standing(one, refused)).status).toBe('off');
  await send(one, 'POST', '/fhir/Observation', observation(patient, 'beat'));
  await platform.settled();
  for (const off of [id, refused]) expect((await standing(one, off)).total).toBe(0);
  await send(one, 'DELETE', `/fhir/Subscription/${id}`);
  expect((await send(one, 'GET', `/fhir/Subscription/${id}/$status`)).status).toBe(404);
});

test('a websocket hears a handshake and then every event after it; what came before is asked for', async () => {
  const id = await subscribe(one, {
    filters: ['Observation?code=urn:sub|socket'],
    channel: 'websocket',
    content: 'full-resource',
  });
  expect((await standing(one, id)).status).toBe('active');
  await send(one, 'POST', '/fhir/Observation', observation(patient, 'socket'));
  await platform.settled();
  const { body } = await send(one, 'POST', '/fhir/Subscription/$get-ws-binding-token', {
    resourceType: 'Parameters',
    parameter: [{ name: 'id', valueId: id }],
  });
  const value = (name: string): Record<string, string> =>
    body.parameter.find((part: { name: string }) => part.name === name);
  const url = value('websocket-url').valueUrl as string;
  const token = value('token').valueString as string;
  const { body: capability } = await send(one, 'GET', '/fhir/metadata');
  expect(capability.rest[0].extension[0].valueUri).toBe(url);
  const socket = await openSocket(url, token);
  const handshake = await until(() => socket.heard[0]);
  expect([handshake.kind, handshake.total]).toEqual(['handshake', 1]);
  const late = (await send(one, 'POST', '/fhir/Observation', observation(patient, 'socket'))).body;
  const told = await until(() => socket.heard[1]);
  expect(told.events).toEqual([{ number: 2, focus: `Observation/${late.id}` }]);
  expect(told.resources).toEqual([late]);
  const before = await send(one, 'GET', `/fhir/Subscription/${id}/$events?eventsUntilNumber=${handshake.total}`);
  expect(numbers([readNotification(before.text)])).toEqual([1]);
  const wrong = await openSocket(url, 'x'.repeat(43));
  await until(() => wrong.closed() === 1008);
  await send(one, 'DELETE', `/fhir/Subscription/${id}`);
  await until(() => socket.closed() === 1000);
});

test('another institution hears nothing of the first one’s, whatever it asks for', async () => {
  const wide = await subscribe(two, {
    filters: ['Observation?status=final'],
    endpoint: other.url,
    content: 'full-resource',
  });
  const named = await subscribe(two, {
    filters: [`Observation?patient=Patient/${patient}`],
    endpoint: other.url,
    content: 'full-resource',
  });
  const chained = await subscribe(two, { filters: ['Observation?patient.name=订阅甲'], endpoint: other.url });
  for (const id of [wide, named, chained]) await active(two, id);
  await send(one, 'POST', '/fhir/Observation', observation(patient, 'secret'));
  const { body } = await send(two, 'POST', '/fhir/Observation', observation(elsewhere, 'own'));
  await until(() => numbers(heardBy(wide, other)).includes(1));
  await platform.settled();
  expect(events(heardBy(wide, other))).toEqual([{ number: 1, focus: `Observation/${body.id}` }]);
  for (const id of [named, chained]) expect((await standing(two, id)).total).toBe(0);
  expect(other.raw.filter((text) => text.includes(wide)).join('')).not.toContain('secret');
});

test('a treating institution hears what others write, until its ground ends: then not a name more, and no gap', async () => {
  // The same person at both: linked by the resident number.
  const identifier = [
    {
      system: 'urn:oid:2.16.156.10011.1.3',
      value: makeResidentNumber({ areaCode: '500999', birthDate: '1980-01-01', sequence: 1 }),
    },
  ];
  const person = { name: [{ text: '共享甲' }], gender: 'male', birthDate: '1980-01-01' };
  const withNumber = (mrn: string): ReturnType<typeof patientOf> => {
    const made = patientOf(mrn, person);
    return { ...made, identifier: [...(made.identifier as object[]), ...identifier] };
  };
  const there = (await send(one, 'POST', '/fhir/Patient', withNumber('shared-1'))).body.id as string;
  const here = (await send(two, 'POST', '/fhir/Patient', withNumber('shared-2'))).body.id as string;
  await platform.settled();
  expect((await send(two, 'GET', `/fhir/Patient/${there}`)).status).toBe(200);
  const id = await subscribe(two, {
    filters: [`Observation?patient=Patient/${there}`],
    endpoint: other.url,
    content: 'full-resource',
  });
  await active(two, id);
  const first = (await send(one, 'POST', '/fhir/Observation', observation(there, 'shared'))).body;
  await until(() => numbers(heardBy(id, other)).includes(1));
  expect(heardBy(id, other).at(-1)?.resources).toEqual([first]);
  // Matched while the ground was there, sent when it is not: the number comes, and says nothing.
  other.answer(503);
  const second = (await send(one, 'POST', '/fhir/Observation', observation(there, 'shared'))).body;
  await platform.settled();
  expect((await standing(two, id)).total).toBe(2);
  await platform.pool.query(
    `update identity.source set last_at = now() - interval '400 days' where institution = (select id from directory.institution where code = 'SUB2')`,
  );
  expect((await send(two, 'GET', `/fhir/Patient/${there}`)).status).toBe(404);
  other.answer(200);
  await platform.pool.query('update fhir.subscription set next_at = null where id = $1', [id]);
  await until(() => numbers(heardBy(id, other)).includes(2));
  expect(events(heardBy(id, other)).at(-1)).toEqual({ number: 2, focus: null });
  const third = (await send(one, 'POST', '/fhir/Observation', observation(there, 'shared'))).body;
  await platform.settled();
  expect((await standing(two, id)).total).toBe(2);
  for (const { id: of } of [second, third])
    expect(
      heardBy(id, other)
        .map(({ text }) => text)
        .join(''),
    ).not.toContain(of);
  const asked = await send(two, 'GET', `/fhir/Subscription/${id}/$events?content=full-resource`);
  for (const { id: of } of [first, second, third]) expect(asked.text).not.toContain(of);
  expect(here).toBeTruthy();
});

test('a client that is struck off the directory is served no more', async () => {
  const three = await platform.hospital('SUB3');
  const id = await subscribe(three, { filters: ['Patient?active=true'], endpoint: other.url });
  await active(three, id);
  await platform.pool.query(`delete from directory.sender where client_id = $1`, [three.clientId]);
  await platform.pool.query(
    `update fhir.subscription set heartbeat = 10, last_sent = now() - interval '1 hour' where id = $1`,
    [id],
  );
  const beat = (): Promise<unknown> =>
    platform.pool.query(`update fhir.subscription set last_sent = now() - interval '1 hour' where id = $1`, [id]);
  const stands = async (): Promise<string> =>
    (await platform.pool.query<{ status: string }>('select status from fhir.subscription where id = $1', [id])).rows[0]
      ?.status ?? '';
  for (let tries = 0; tries < 400 && (await stands()) !== 'off'; tries++) {
    await beat();
    await new Promise((done) => setTimeout(done, 100));
  }
  expect(await stands()).toBe('off');
});

test('reading the feed again from its start tells nobody anything anew', async () => {
  const before = (await platform.pool.query('select id, last_number from fhir.subscription order by id')).rows;
  const heard = other.raw.length + receiver.raw.length;
  await (await platform.staff('operator'))('/api/operations/consumers/fhir-subscriptions/replay', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hutong': '1' },
    body: JSON.stringify({ from: 'start' }),
  }).then((response) => expect(response.status).toBeLessThan(300));
  await platform.settled();
  expect((await platform.pool.query('select id, last_number from fhir.subscription order by id')).rows).toEqual(before);
  expect(other.raw.length + receiver.raw.length).toBe(heard);
});
