import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import { writeInto } from '../../kit/group-commit.ts';
import { type Client, inTransaction, type Pool } from '../../kit/pool.ts';
import { type Consumer, type DomainEvent, eventWriter, type Feed, openFeed } from './index.ts';

let pool: Pool;
let drop: () => Promise<void>;
let feed: Feed | undefined;
beforeEach(async () => {
  ({ pool, drop } = await freshDatabase());
  await pool.query('create table public.seen (n int, times int default 1)');
});
afterEach(async () => {
  await feed?.stop();
  await drop();
});

const event = (n: number) => ({
  at: 1_790_000_000_000,
  kind: 'record-written' as const,
  shard: 1,
  subject: BigInt(n),
  institution: 1,
  payload: { n },
});
const publish = (...numbers: number[]): Promise<unknown> =>
  inTransaction(pool, (client) => writeInto(client, eventWriter, numbers.map(event)));
const numberOf = ({ payload }: DomainEvent): number => (payload as { n: number }).n;
const seen = async (): Promise<number[]> =>
  (await pool.query<{ n: number }>('select n from seen order by ctid')).rows.map(({ n }) => n);

const consumer = (name: string, poison: (n: number) => boolean = () => false): Consumer => ({
  name,
  async handle(events: DomainEvent[], client: Client) {
    for (const one of events) {
      if (poison(numberOf(one))) throw new Error('cannot read this');
      await client.query('insert into seen (n) values ($1)', [numberOf(one)]);
    }
  },
  async reset(client: Client) {
    await client.query('truncate seen');
  },
});

test('every event is read once and in order, also one whose transaction commits late', async () => {
  feed = await openFeed(pool, [consumer('reader')], () => {});
  const late = await pool.connect();
  await late.query('begin');
  await writeInto(late, eventWriter, [event(1)]);
  await publish(2, 3);
  await new Promise((done) => setTimeout(done, 150));
  expect(await seen()).toEqual([]);
  await late.query('commit');
  late.release();
  await feed.settled();
  expect(await seen()).toEqual([1, 2, 3]);
});

test('a cursor survives the process: a second reader of the same name goes on where the first stopped', async () => {
  feed = await openFeed(pool, [consumer('reader')], () => {});
  await publish(1, 2);
  await feed.settled();
  await feed.stop();
  await publish(3);
  feed = await openFeed(pool, [consumer('reader')], () => {});
  await feed.settled();
  expect(await seen()).toEqual([1, 2, 3]);
});

test('an event that cannot be read is buried after its tries, the others go on, and it can be dug out again', async () => {
  let poisonous = true;
  feed = await openFeed(pool, [consumer('reader', (n) => poisonous && n === 2)], () => {});
  await publish(1, 2, 3);
  for (let wait = 0; wait < 200 && (await seen()).length < 2; wait++)
    await new Promise((done) => setTimeout(done, 100));
  expect(await seen()).toEqual([1, 3]);
  const [letter] = await feed.deadLetters(10);
  expect(letter).toMatchObject({ consumer: 'reader', error: 'Error' });
  poisonous = false;
  expect(await feed.replay('reader', 'dead-letters')).toBe(true);
  expect((await seen()).toSorted()).toEqual([1, 2, 3]);
  expect(await feed.deadLetters(10)).toEqual([]);
});

test('replay from the start empties the tables and reads everything again', async () => {
  feed = await openFeed(pool, [consumer('reader')], () => {});
  await publish(1, 2, 3);
  await feed.settled();
  await feed.replay('reader', 'start');
  await feed.settled();
  expect(await seen()).toEqual([1, 2, 3]);
  expect(await feed.replay('nobody', 'start')).toBe(false);
});
