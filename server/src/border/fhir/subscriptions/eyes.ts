import { type Filter, parseSearch, type ResourceType } from '@hutong/fhir';
import type { Caller } from '../../../core/access/index.ts';
import { fromPublicId } from '../../../core/identity/index.ts';
import type { Scope } from '../../../core/store/index.ts';
import { covered, ownScope } from '../door.ts';
import { type Grounds, openNamed } from '../named-people.ts';
import { withinScopes } from '../within-scopes.ts';
import { ownFilterNames } from './asked.ts';
import type { SubscriptionDoor } from './door.ts';
import type { Subscription } from './tables.ts';
import { topicOf } from './topics.ts';

/** One search of a subscription: what a change of this type must satisfy, and what of it the caller may see at this moment. */
export type Search = { type: ResourceType; filters: readonly Filter[]; scope: Scope; subjects: bigint[] | undefined };
/** Everything that may be shown at this moment, whichever search found it. */
export type Eyes = { searches: Search[]; scope: Scope; grounds: Grounds };

/**
 * What a caller sees of a subscription now: the same scope as a search by that caller with the same parameters. A filter on one resident whose
 * record does not open (any more) finds nothing.
 * @param types only these, if given
 */
export async function eyesOf(
  door: Pick<SubscriptionDoor, 'owner' | 'identity' | 'records'>,
  { topic, filters, base }: Pick<Subscription, 'topic' | 'filters' | 'base'>,
  caller: Caller,
  now: number,
  types?: ReadonlySet<ResourceType>,
): Promise<Eyes> {
  const own = ownScope(caller);
  const eyes: Eyes = { searches: [], scope: own, grounds: new Map() };
  for (const { resource: type, current } of topicOf(topic)?.triggers ?? []) {
    const mine = filters.filter((filter) => filter.type === type);
    if ((filters.length > 0 && mine.length === 0) || (types && !types.has(type)) || !covered(caller, type, 's'))
      continue;
    const query = [...mine.map((filter) => filter.query), ...(current === undefined ? [] : [current])].join('&');
    const parsed = parseSearch(type, query, ownFilterNames);
    const narrowed = parsed.ok ? withinScopes(caller, parsed.query, type) : type;
    if (typeof narrowed === 'string') continue;
    const search = await opened(door, caller, base, { type, filters: narrowed.filters }, narrowed.own.resident, now);
    if (!search) continue;
    for (const [subject, ground] of search.grounds) eyes.grounds.set(subject, ground);
    eyes.searches.push(search);
  }
  return { ...eyes, scope: { ...own, subjects: [...new Set(eyes.searches.flatMap(({ scope }) => scope.subjects))] } };
}

async function opened(
  door: Pick<SubscriptionDoor, 'owner' | 'identity' | 'records'>,
  caller: Caller,
  base: string,
  { type, filters }: Pick<Search, 'type' | 'filters'>,
  asked: string | undefined,
  now: number,
): Promise<(Search & { grounds: Grounds }) | null> {
  if (asked !== undefined) {
    const resident = fromPublicId(asked);
    const record = resident === null ? null : await door.records.open(caller, resident, now);
    if (!record?.access.allowed) return null;
    const ground = { ground: record.access.ground, resident: record.resident };
    return {
      type,
      filters,
      scope: record.scope,
      subjects: record.subjects,
      grounds: new Map(record.subjects.map((subject) => [subject, ground])),
    };
  }
  const { grounds } = await openNamed(door, caller, base, filters, now);
  return { type, filters, scope: { ...ownScope(caller), subjects: [...grounds.keys()] }, subjects: undefined, grounds };
}
