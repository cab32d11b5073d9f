import type { ResourceType } from '@hutong/fhir';
import type { Consumer, DomainEvent } from '../../../core/events/index.ts';
import {
  buriedByKeys,
  isOpenType,
  type Match,
  matchesAmong,
  NotSearchable,
  ownersByKeys,
  typeName,
  typeNumber,
} from '../../../core/store/index.ts';
import type { Client } from '../../../kit/pool.ts';
import { ownScope } from '../door.ts';
import { termsFor } from '../search-terms.ts';
import { sourcesIn } from '../terminology/sources.ts';
import { callerOfSubscription, type SubscriptionDoor } from './door.ts';
import { addEvents, beginAfterMatched, lastTold, type NewEvent, noteMatched } from './event-tables.ts';
import { eyesOf, type Search } from './eyes.ts';
import { listening, type Subscription } from './tables.ts';
import { type Interaction, topicOf } from './topics.ts';

/** A row that the feed says was written, by its last word about it in this batch. */
type Written = {
  key: bigint;
  type: ResourceType;
  xid: bigint;
  at: number;
  subject: bigint | null;
  institution: number | null;
};

function writtenIn(events: readonly DomainEvent[]): Map<bigint, Written> {
  const written = new Map<bigint, Written>();
  for (const { kind, payload, position, at, subject, institution } of events) {
    if (kind !== 'record-written') continue;
    for (const [text, number] of (payload as { keys?: [string, number][] }).keys ?? []) {
      const key = BigInt(text);
      const type = typeName(number);
      // In the order of the last word, so that numbers follow the feed.
      written.delete(key);
      if (type) written.set(key, { key, type, xid: BigInt(position.xid), at, subject, institution });
    }
  }
  return written;
}

/** A deletion ends what was told; everything else is asked of the record as it stands. */
type Gone = Map<bigint, number>;

/**
 * The reader of the feed that gives each subscription its events: names and numbers, in the transaction in which the cursor moves. So a server that is
 * killed neither leaves out a number nor gives one twice.
 * @param onMatched called when there may be something to send; the transaction is not over yet
 */
export function subscriptionConsumer(door: SubscriptionDoor, onMatched: () => void): Consumer {
  return {
    name: 'fhir-subscriptions',
    async handle(events, client) {
      const written = writtenIn(events);
      const last = events.at(-1);
      if (last) await noteMatched(client, last.position.xid);
      if (written.size === 0) return;
      const subscriptions = await listening(client);
      if (subscriptions.length === 0) return;
      const gone = await goneAmong(door, [...written.values()]);
      let told = 0;
      for (const subscription of subscriptions)
        told += await addEvents(client, subscription.id, await newsFor(door, client, subscription, written, gone));
      if (told > 0) onMatched();
    },
    reset: beginAfterMatched,
  };
}

async function goneAmong({ pool }: SubscriptionDoor, written: readonly Written[]): Promise<Gone> {
  const keys = written.map(({ key }) => key);
  const there = await ownersByKeys(pool, keys);
  const buried = await buriedByKeys(
    pool,
    keys.filter((key) => !there.has(key)),
  );
  return new Map([...buried].map(([key, { version }]) => [key, version]));
}

async function newsFor(
  door: SubscriptionDoor,
  client: Client,
  subscription: Subscription,
  written: ReadonlyMap<bigint, Written>,
  gone: Gone,
): Promise<NewEvent[]> {
  const since = BigInt(subscription.since);
  const types = typesOf(subscription);
  const rows = [...written.values()].filter(({ xid, type }) => xid >= since && types.has(type));
  if (rows.length === 0) return [];
  const news: NewEvent[] = [];
  const living = rows.filter(({ key }) => !gone.has(key));
  if (living.length > 0) {
    const caller = callerOfSubscription(subscription);
    const now = Date.now();
    const eyes = await eyesOf(door, subscription, caller, now, new Set(living.map(({ type }) => type)));
    for (const search of eyes.searches) {
      const seen = living.filter((row) => row.type === search.type && maySee(row, search, subscription.institution));
      for (const match of await found(door, subscription, search, seen, now))
        if (types.get(match.type)?.includes(match.version === 1 ? 'create' : 'update'))
          news.push(eventOf(match, written.get(match.key) as Written));
    }
  }
  const deleted = rows.filter(({ key, type }) => gone.has(key) && types.get(type)?.includes('delete'));
  if (deleted.length > 0)
    for (const before of await lastTold(
      client,
      subscription.id,
      deleted.map(({ key }) => key),
    )) {
      const { at } = written.get(before.key) as Written;
      news.push({ ...before, at: new Date(at), version: gone.get(before.key) as number, deleted: true });
    }
  const place = new Map([...written.keys()].map((key, index) => [key, index]));
  return news.sort((one, other) => (place.get(one.key) as number) - (place.get(other.key) as number));
}

const typesOf = ({ topic, filters }: Subscription): Map<ResourceType, readonly Interaction[]> =>
  new Map(
    (topicOf(topic)?.triggers ?? []).flatMap(({ resource, interactions }) =>
      filters.length === 0 || filters.some(({ type }) => type === resource) ? [[resource, interactions] as const] : [],
    ),
  );

/** A cheap look ahead, so that most rows are not asked for; the database decides. */
const maySee = ({ institution, subject, type }: Written, { scope }: Search, own: number): boolean =>
  institution === own || isOpenType(type) || (subject !== null && scope.subjects.includes(subject));

async function found(
  door: SubscriptionDoor,
  { base, institution, client }: Subscription,
  search: Search,
  rows: readonly Written[],
  now: number,
): Promise<Match[]> {
  if (rows.length === 0) return [];
  const eyes = ownScope({ institution, id: client } as Parameters<typeof ownScope>[0]);
  try {
    return await matchesAmong(
      door.pool,
      rows.map(({ key }) => key),
      { ...search, now, base, ...(await termsFor(sourcesIn(door, eyes, now), search.filters)) },
    );
  } catch (error) {
    // Refused when it was written; a value set that it names may have gone since.
    if (error instanceof NotSearchable) return [];
    throw error;
  }
}

const eventOf = ({ key, type, id, version }: Match, { at, subject }: Written): NewEvent => ({
  at: new Date(at),
  key,
  type: typeNumber(type),
  id,
  version,
  subject,
  deleted: false,
});
