import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../../../test/platform.ts';
import { MllpClient } from '../../border/hl7v2/index.ts';
import { openDirectory } from '../../core/directory/index.ts';
import type { DomainEvent } from '../../core/events/index.ts';
import { openIdentity } from '../../core/identity/index.ts';
import { openTerminology } from '../../core/terminology/index.ts';
import { openEgress } from '../../kit/egress.ts';
import { inTransaction } from '../../kit/pool.ts';
import { openSurveillance } from './index.ts';
import { result, type Seen, visit } from './test-messages.ts';

let platform: TestPlatform;
let mllp: MllpClient;
const hour = 3_600_000;
const now = Date.now();
const number = '500998198805121235';

const cards = async (): Promise<object[]> =>
  (
    await platform.pool.query(
      'select anchor::text, disease, resident::text, institution, institutions, area, case_class, at, day::text, received, due, keys::text[], state from surveillance.card order by anchor, disease',
    )
  ).rows;
const readings = async (): Promise<object> => ({
  cards: await cards(),
  cells: (await platform.pool.query('select * from surveillance.cell order by 1, 2, 3, 4')).rows,
  findings: (
    await platform.pool.query(
      'select key::text, channel, topic, resident::text, area, certainty, at from surveillance.finding order by 1, 2, 3',
    )
  ).rows,
  heard: (await platform.pool.query('select * from surveillance.heard order by 1, 2, 3')).rows,
});
const send = async (...messages: Buffer[]): Promise<void> => {
  for (const message of messages) expect((await mllp.send(message)).toString()).toContain('MSA|AA');
  await platform.settled();
};
const of = async (disease: string): Promise<Record<string, unknown>[]> =>
  (await cards()).filter((card) => (card as { disease: string }).disease === disease) as Record<string, unknown>[];

beforeAll(async () => {
  platform = await testPlatform();
  for (const code of ['500112H01', '500106H02']) await platform.hospital(code, { area: code.slice(0, 6) });
  mllp = new MllpClient({ host: '127.0.0.1', port: platform.mllpPort });
});
afterAll(async () => {
  mllp?.close();
  await platform?.close();
});

const here = (id: string, at: number, more: Partial<Seen> = {}): Seen => ({
  facility: 'FAC-500112H01',
  id,
  at,
  ...more,
});
const there = (id: string, at: number, more: Partial<Seen> = {}): Seen => ({
  facility: 'FAC-500106H02',
  id,
  at,
  ...more,
});

test('a suspicion at one hospital and a positive test at another are one confirmed card of the resident', async () => {
  const { checkDigit } = await import('@hutong/china');
  const valid = number.slice(0, 17) + checkDigit(number.slice(0, 17));
  await send(visit(here('A1', now - 30 * hour, { number: valid }), 'B05.9^麻疹', { type: 'W' }));
  expect(await of('measles')).toMatchObject([{ case_class: 'suspected', state: 'pending' }]);
  await send(result(there('A2', now - 20 * hour, { number: valid }), '7962-4^麻疹病毒IgM抗体', '阳性'));
  const [card, ...more] = await of('measles');
  expect(more).toEqual([]);
  expect(card).toMatchObject({
    case_class: 'confirmed',
    area: '500112',
    institutions: [expect.any(Number), expect.any(Number)],
  });
  expect(Number(card?.due) - Number(card?.at)).toBe(24 * hour);
});

test('a negative test opens no card, and a second visit in the episode no second one', async () => {
  await send(
    result(here('B1', now - 9 * hour), '80382-5^甲型流感病毒抗原', '阴性'),
    visit(here('C1', now - 50 * hour), 'A08.1^诺如病毒急性胃肠病'),
    visit({ ...here('C1', now - 40 * hour) }, 'A09.9^感染性腹泻'),
  );
  expect(await of('influenza')).toEqual([]);
  expect(await of('infectious-diarrhoea')).toHaveLength(1);
});

test('two records that turn out to be one resident join their cards', async () => {
  const { checkDigit } = await import('@hutong/china');
  const other = `50099819750101123${checkDigit('50099819750101123')}`;
  await send(
    visit(here('D1', now - 60 * hour, { birth: '19750101' }), 'B26.9^流行性腮腺炎'),
    visit(
      there('D2', now - 58 * hour, { birth: '19750101', number: other, area: '500106', elsewhere: true }),
      'B26.9^流行性腮腺炎',
    ),
  );
  expect(await of('mumps')).toHaveLength(2);
  await send(
    visit(here('D1', now - 60 * hour, { birth: '19750101', number: other }), null, { sentAt: now - 5 * hour }),
  );
  expect(await of('mumps')).toMatchObject([{ keys: [expect.any(String), expect.any(String)] }]);
});

test('the index links two patients by itself: their cards become one, and no event is buried', async () => {
  const same = { name: '诸葛听雨', birth: '19790707' };
  await send(
    visit(here('L1', now - 50 * hour, same), 'A37.9^百日咳'),
    visit(there('L2', now - 49 * hour, same), 'A37.9^百日咳'),
    visit(here('L1', now - 48 * hour, same), 'A37.9^百日咳'),
  );
  expect(await of('pertussis')).toHaveLength(1);
  const { rows } = await platform.pool.query('select count(*) as n from events.dead_letter');
  expect(rows[0].n).toBe(0);
});

test('a diagnosis that was taken back takes its card back', async () => {
  await send(visit(here('E1', now - 30 * hour), 'A38^猩红热'));
  expect(await of('scarlet-fever')).toHaveLength(1);
  await send(visit(here('E1', now - 30 * hour), 'A38^猩红热', { deleted: true, sentAt: now - hour }));
  expect(await of('scarlet-fever')).toEqual([]);
});

test('any order and repetition of events, and a replay from 0, end in the same cards, counts and findings', async () => {
  const before = await readings();
  expect((before as { cards: object[] }).cards.length).toBeGreaterThanOrEqual(3);
  const { rows } = await platform.pool.query(
    'select at, kind, shard, subject::text, institution, payload, xid::text, seq::text from events.feed order by xid, seq',
  );
  const events = rows.map((row) => ({
    ...row,
    at: row.at.getTime(),
    subject: row.subject === null ? null : BigInt(row.subject),
    position: { xid: row.xid, seq: row.seq },
  })) as DomainEvent[];
  const { consumer } = openSurveillance({
    pool: platform.pool,
    identity: openIdentity(platform.pool),
    directory: await openDirectory(platform.pool),
    terminology: await openTerminology(platform.pool),
    writeReport: () => '',
    egress: openEgress([]),
    publicUrl: 'http://localhost',
  });
  const signals = (await platform.pool.query('select count(*) as n from surveillance.signal')).rows[0].n;
  for (const seed of [1, 2, 3]) {
    const shuffled = [...events, ...events.slice(0, 5)]
      .map((event, index) => ({ event, at: Math.sin(index * 12.9898 + seed * 78.233) }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event);
    await inTransaction(platform.pool, async (client) => {
      await consumer.reset(client);
      for (let at = 0; at < shuffled.length; at += seed) await consumer.handle(shuffled.slice(at, at + seed), client);
    });
    expect(await readings()).toEqual(before);
  }
  expect((await platform.pool.query('select count(*) as n from surveillance.signal')).rows[0].n).toBe(signals);
});
