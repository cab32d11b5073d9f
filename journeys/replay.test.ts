import type { InboxItem, InboxMessage } from '@hutong/contract/console.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MllpClient } from '../server/src/border/hl7v2/index.ts';
import { type Hospital, type TestPlatform, testPlatform } from '../server/test/platform.ts';
import { storedBodies, storedMessages } from '../server/test/stored.ts';
import { admission } from './faults/admission.ts';
import { sendMllp } from './faults/mllp.ts';
import { randomOf, shuffled } from './faults/random.ts';
import { compareRecords, type RecordContent, recordContent } from './faults/record.ts';
import { storyOf } from './faults/stories.ts';

type Staff = (path: string, init?: RequestInit) => Promise<Response>;
let platform: TestPlatform;
let hospital: Hospital;
let integrator: Staff;

beforeAll(async () => {
  platform = await testPlatform();
  hospital = await platform.hospital('replay1');
  // The demo integrator works at the hospital that is there.
  await platform.refreshDemo();
  await platform.hospital('replay2', { kind: 'community' });
  integrator = await platform.staff('integrator');
});
afterAll(() => platform?.close());

const send = (text: string) => sendMllp(platform.mllpPort, text);
const post = (path: string, body: object): Promise<Response> =>
  integrator(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
async function inboxItem(controlId: string): Promise<InboxItem> {
  const { items } = (await (await integrator(`/api/inbox?q=${controlId}`)).json()) as { items: InboxItem[] };
  expect(items).toHaveLength(1);
  return items[0] as InboxItem;
}
const opened = async (id: string): Promise<InboxMessage> =>
  (await (await integrator(`/api/inbox/${id}`)).json()) as InboxMessage;
const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await platform.pool.query<T>(sql, values)).rows;

test('a message that was not understood is kept, corrected and replayed in the console; what came in stays what it was', async () => {
  const text = admission({ facility: hospital.facility, controlId: 'R1', person: 'R1', birth: '20990101' });
  const first = await send(text);
  expect(first).toMatchObject({
    code: 'AE',
    errors: [{ place: 'PID^1^7^1', severity: 'E', rule: 'hl7v2.birth-date-future' }],
  });
  const item = await inboxItem('R1');
  expect(item).toMatchObject({
    state: 'held',
    rule: 'hl7v2.birth-date-future',
    zh: '出生日期晚于收到日期',
    en: 'The birth date lies in the future',
    tries: 1,
  });
  const before = await opened(item.id);
  expect(before.issues).toContainEqual({
    severity: 'error',
    rule: 'hl7v2.birth-date-future',
    path: 'PID-7',
    zh: '出生日期晚于收到日期',
    en: 'The birth date lies in the future',
  });
  expect(before.written).toEqual([]);

  expect((await post(`/api/inbox/${item.id}/replay`, { raw: before.raw })).status).toBe(400);
  const response = await post(`/api/inbox/${item.id}/replay`, {
    raw: before.raw.replace('20990101', '19990101'),
    reason: '出生日期录入错误，已与科室核对',
  });
  expect(response.status).toBe(200);
  const after = (await response.json()) as InboxMessage;
  expect(after).toMatchObject({ state: 'replayed', rule: null, tries: 2 });
  expect(after.written.map(({ resourceType }) => resourceType).sort()).toEqual(
    expect.arrayContaining(['Encounter', 'Patient']),
  );
  expect(after.history.map(({ what }) => what)).toEqual(['received', 'corrected']);
  expect(after.history.at(-1)).toMatchObject({ who: 'integrator', zh: '更正后重放：出生日期录入错误，已与科室核对' });

  const [stored] = await storedMessages(platform.pool, 'm.acknowledgement', 'm.id = $1', [item.id]);
  expect(stored?.raw.toString()).toBe(text);
  expect(await rows('select by from intake.correction where message = $1', [item.id])).toEqual([{ by: 'integrator' }]);
  expect(stored?.correction?.toString()).toBe(text.replace('20990101', '19990101'));
  const born = async (day: string): Promise<number> =>
    (await storedBodies(platform.pool)).filter((body) => body.includes(`"birthDate":"${day}"`)).length;
  expect(await born('1999-01-01')).toBe(1);
  expect((await post(`/api/inbox/${item.id}/replay`, { reason: 'once more' })).status).toBe(400);

  // The hospital, which knows nothing of the repair, sends it again: the same answer, and nothing is taken twice.
  expect((await send(text)).text).toBe(first.text);
  expect(await born('2099-01-01')).toBe(0);
  expect((await opened(item.id)).history).toContainEqual(
    expect.objectContaining({ what: 'again', en: 'Received 1 more times; not taken twice' }),
  );
});

test('everything held by one rule is replayed at once, and each says whether it got through', async () => {
  const discharge = (controlId: string, person: string, at: string): string =>
    admission({ facility: hospital.facility, controlId, person, at })
      .replaceAll('A01', 'A03')
      .replace('ADT_A01', 'ADT_A03')
      .replace(/(\|V\w+)\r/, `$1${'|'.repeat(26)}20251101070000\r`);
  const arrival = (controlId: string, person: string, at: string, admitted: string): string =>
    admission({ facility: hospital.facility, controlId, person, at }).replace(
      /(\|V\w+)\r/,
      `$1${'|'.repeat(25)}${admitted}\r`,
    );
  for (const person of ['Q1', 'Q2']) {
    // The ward typed the wrong hour: the patient leaves before having come.
    expect((await send(arrival(`${person}a`, person, '20251101060000+0800', '20251101080000'))).code).toBe('AA');
    await platform.settled();
    expect((await send(discharge(`${person}b`, person, '20251101070500+0800'))).code).toBe('AA');
  }
  await platform.settled();
  const held = await inboxItem('Q1b');
  expect(held.state).toBe('held');
  expect(held.rule).toMatch(/^fhir\./);
  expect(held.zh).toMatch(/\p{Script=Han}/u);
  // Only one of the two visits is put right by the hospital.
  expect(
    (
      await send(
        arrival('Q1c', 'Q1', '20251101061000+0800', '20251101060000')
          .replaceAll('A01', 'A08')
          .replace('ADT_A08', 'ADT_A01'),
      )
    ).code,
  ).toBe('AA');
  await platform.settled();
  expect(await (await post('/api/inbox/replay', { rule: held.rule })).json()).toEqual({
    replayed: 2,
    done: 1,
    held: 1,
  });
  expect((await inboxItem('Q1b')).state).toBe('replayed');
  expect(await inboxItem('Q2b')).toMatchObject({ state: 'held', tries: 2 });
});

test('a message may be set aside for good with a reason; it stays, and can still be replayed', async () => {
  await send(admission({ facility: hospital.facility, controlId: 'S1', person: 'S1', birth: '20990101' }));
  const { id } = await inboxItem('S1');
  expect((await post(`/api/inbox/${id}/dismiss`, {})).status).toBe(400);
  const set = (await (await post(`/api/inbox/${id}/dismiss`, { reason: '测试数据' })).json()) as InboxMessage;
  expect(set).toMatchObject({ state: 'dismissed' });
  expect(set.history.at(-1)).toMatchObject({ what: 'dismissed', who: 'integrator', en: 'Dismissed: 测试数据' });
  expect((await post(`/api/inbox/${id}/dismiss`, { reason: 'again' })).status).toBe(400);
  const back = (await (
    await post(`/api/inbox/${id}/replay`, { raw: set.raw.replace('20990101', '19800101'), reason: '确为真实患者' })
  ).json()) as InboxMessage;
  expect(back.state).toBe('replayed');
  expect(back.history.map(({ what }) => what)).toEqual(['received', 'dismissed', 'corrected']);
});

test('an integrator neither sees nor repairs what another institution sent', async () => {
  await send(admission({ facility: 'FAC-replay2', controlId: 'T1', person: 'T1', birth: '20990101' }));
  const [{ id } = { id: '0' }] = await rows<{ id: string }>(
    `select id::text from intake.message where control_id = 'T1'`,
  );
  expect(((await (await integrator('/api/inbox?q=T1')).json()) as { items: unknown[] }).items).toEqual([]);
  expect((await integrator(`/api/inbox/${id}`)).status).toBe(404);
  expect((await post(`/api/inbox/${id}/replay`, { reason: 'curious' })).status).toBe(404);
  expect((await post(`/api/inbox/${id}/dismiss`, { reason: 'curious' })).status).toBe(404);
  expect(
    await rows(`select 1 from intake.outcome where message = $1 and state = 'held' and tries = 1`, [id]),
  ).toHaveLength(1);
});

test('the same message again gets the same answer and makes one record', async () => {
  const text = admission({ facility: hospital.facility, controlId: 'U1', person: 'U1' });
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(text)));
  await platform.settled();
  answers.push(await send(text));
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  expect(answers[0]?.code).toBe('AA');
  const [{ id } = { id: '0' }] = await rows<{ id: string }>(
    `select id::text from intake.message where control_id = 'U1'`,
  );
  expect(await rows('select 1 from store.resource where message = $1', [id])).toHaveLength(
    (await opened(id)).written.length,
  );
  expect(await rows('select 1 from store.history where message = $1', [id])).toHaveLength(0);
});

test('the same thirty messages in three orders, through three servers, end in the same record', async () => {
  const messages = [0, 5, 15, 20, 30]
    .flatMap((person) => storyOf(person, ['order1', 'order2']).hl7)
    .filter(({ held }) => !held)
    .slice(0, 30);
  expect(messages).toHaveLength(30);
  const endOf = async (order: typeof messages): Promise<RecordContent> => {
    const server = await testPlatform();
    try {
      for (const code of ['order1', 'order2'])
        await server.hospital(code, { senders: [{ protocol: 'hl7v2-mllp', application: '', facility: code }] });
      const client = new MllpClient({ host: '127.0.0.1', port: server.mllpPort, pipeline: 4 });
      const answers = await Promise.all(order.map(({ bytes }) => client.send(bytes)));
      client.close();
      expect(answers.filter((answer) => !answer.includes('MSA|AA|')).map(String)).toEqual([]);
      await server.settled();
      const { rows: states } = await server.pool.query(
        `select m.control_id, o.rule from intake.message m join intake.outcome o on o.message = m.id where o.state <> 'done'`,
      );
      expect(states).toEqual([]);
      return await recordContent(server.pool);
    } finally {
      await server.close();
    }
  };
  const inOrder = await endOf(messages);
  expect(inOrder.resources.size).toBeGreaterThan(40);
  for (const seed of [1, 2])
    expect(compareRecords(inOrder, await endOf(shuffled(messages, randomOf(seed))))).toEqual({
      missing: [],
      additional: [],
      different: [],
      residents: [],
    });
});
