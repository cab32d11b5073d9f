import { type Client, inTransaction, type Pool } from '../../kit/pool.ts';
import type { DomainEvent } from './index.ts';
import {
  advance,
  bury,
  consumerStates,
  type DeadLetterRow,
  deadLetters,
  ensureConsumer,
  eventAt,
  eventsAfter,
  exhume,
  lockConsumer,
  recordFailure,
  rewind,
} from './tables.ts';

/**
 * A reader of the feed. `handle` runs in one transaction with the cursor's move, so its own tables and its cursor agree after
 * any crash: each event is applied exactly once to tables of the same database. `reset` empties its tables for a replay from 0.
 */
export type Consumer = {
  name: string;
  /** How many events it takes at once at most, where much is computed for each; default 500. */
  atOnce?: number;
  handle(events: DomainEvent[], client: Client): Promise<void>;
  reset(client: Client): Promise<void>;
};

export type ConsumerState = {
  name: string;
  position: string;
  handled: number;
  lag: number;
  deadLetters: number;
  lastAt: Date | null;
  lastError: string | null;
  state: 'running' | 'retrying' | 'stopped';
};

export type Feed = {
  /** Wakes the consumers: called after a commit that wrote events. Without it they look once a second. */
  nudge(): void;
  states(): Promise<ConsumerState[]>;
  deadLetters(limit: number): Promise<DeadLetterRow[]>;
  /** From 0 (tables emptied first), or only the dead letters. @returns false for an unknown consumer */
  replay(name: string, from: 'start' | 'dead-letters'): Promise<boolean>;
  /** Resolves when every consumer has read everything committed before the call. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

const batchSize = 500;
/** Under a stream of small commits a consumer looks this often at most, and takes what has gathered at once, instead of a transaction for each of them. */
const gatherMs = 20;
const triesBeforeBurial = 5;
const backoffMs = (tries: number): number => Math.min(30_000, 100 * 2 ** tries);
/** The error's kind, never its text: texts of databases and parsers quote the data. */
const nameOf = (error: unknown): string => {
  const { name, code } = error as { name?: string; code?: string };
  return code ? `${name ?? 'Error'} ${code}` : (name ?? 'Error');
};

export async function openFeed(
  pool: Pool,
  consumers: Consumer[],
  onError: (consumer: string, error: unknown) => void,
): Promise<Feed> {
  let stopped = false;
  const wakers = new Map<string, () => void>();
  const nudged = new Set<string>();
  for (const consumer of consumers) await ensureConsumer(pool, consumer.name);

  /** One batch; a batch that fails is tried event by event, so that only the poisonous one is buried. */
  const step = async (consumer: Consumer): Promise<'more' | 'some' | 'idle' | 'wait'> => {
    let failed: unknown;
    const outcome = await inTransaction(pool, async (client) => {
      const cursor = await lockConsumer(client, consumer.name);
      if (!cursor || (cursor.retryAt && cursor.retryAt > new Date())) return 'wait' as const;
      const alone = cursor.tries > 0;
      const { atOnce = batchSize } = consumer;
      const events = await eventsAfter(client, cursor, alone ? 1 : atOnce);
      const last = events.at(-1);
      if (!last) return 'idle' as const;
      await client.query('savepoint batch');
      try {
        await consumer.handle(events, client);
        await advance(client, consumer.name, last.position, events.length);
      } catch (error) {
        failed = error;
        await client.query('rollback to savepoint batch');
        if (alone && cursor.tries >= triesBeforeBurial) {
          await bury(client, consumer.name, last.position, nameOf(error), cursor.tries);
          await advance(client, consumer.name, last.position, 1);
        } else await recordFailure(client, consumer.name, nameOf(error), alone ? backoffMs(cursor.tries) : 0);
      }
      return events.length < atOnce && !failed ? ('some' as const) : ('more' as const);
    });
    if (failed) onError(consumer.name, failed);
    return outcome;
  };

  const run = async (consumer: Consumer): Promise<void> => {
    const { name } = consumer;
    while (!stopped) {
      const began = performance.now();
      let outcome: Awaited<ReturnType<typeof step>> = 'wait';
      nudged.delete(name);
      try {
        outcome = await step(consumer);
      } catch (error) {
        onError(name, error);
      }
      if (outcome === 'more') continue;
      if (outcome !== 'some' && !nudged.has(name))
        await new Promise<void>((wake) => {
          const timer = setTimeout(wake, outcome === 'wait' ? 200 : 1000);
          wakers.set(name, () => {
            clearTimeout(timer);
            wake();
          });
        });
      const early = gatherMs - (performance.now() - began);
      if (early > 0) await new Promise((gathered) => setTimeout(gathered, early));
    }
  };
  const loops = consumers.map(run);
  const nudge = (): void => {
    for (const { name } of consumers) nudged.add(name);
    for (const wake of wakers.values()) wake();
  };

  return {
    nudge,
    async states() {
      const rows = await consumerStates(pool);
      return rows.map((row) => ({
        name: row.name,
        position: `${row.xid}.${row.seq}`,
        handled: row.handled,
        lag: row.lag,
        deadLetters: row.deadLetters,
        lastAt: row.lastAt,
        lastError: row.lastError,
        state: !consumers.some(({ name }) => name === row.name) ? 'stopped' : row.tries > 0 ? 'retrying' : 'running',
      }));
    },
    deadLetters: (limit) => deadLetters(pool, null, limit),
    async replay(name, from) {
      const consumer = consumers.find((candidate) => candidate.name === name);
      if (!consumer) return false;
      if (from === 'start')
        await inTransaction(pool, async (client) => {
          await client.query('select 1 from events.consumer where name = $1 for update', [name]);
          await consumer.reset(client);
          await client.query('delete from events.dead_letter where consumer = $1', [name]);
          await rewind(client, name);
        });
      else
        for (const letter of await deadLetters(pool, name, 10_000)) {
          await inTransaction(pool, async (client) => {
            const event = await eventAt(client, letter);
            if (event) await consumer.handle([event], client);
            await exhume(client, name, letter);
          }).catch((error: unknown) => onError(name, error));
        }
      nudge();
      return true;
    },
    async settled() {
      for (;;) {
        nudge();
        if (
          (await consumerStates(pool)).every(
            ({ lag, name }) => lag === 0 || !consumers.some((consumer) => consumer.name === name),
          )
        )
          return;
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    async stop() {
      stopped = true;
      nudge();
      await Promise.all(loops);
    },
  };
}
