import type { Prepared } from '@hutong/linkage';
import { breather } from '../../../kit/breather.ts';
import type { Queryable } from '../../../kit/pool.ts';
import type { SourceRow } from '../tables/find.ts';
import { sourcesByIds } from '../tables/find.ts';
import { blockKey, membersOf } from '../tables/match-keys.ts';
import { type BlockKind, blocksOf } from './blocking.ts';
import { type OpenModel, preparePerson } from './judge.ts';
import { type Comparable, comparableOf } from './records.ts';

export type Candidate = { source: SourceRow; person: Comparable; prepared: Prepared };
/** A blocking key of somebody, and of which kind. */
export type PersonKey = { key: bigint; kind: BlockKind };
export type Found = { candidates: Map<bigint, Candidate>; of: bigint[][]; skipped: PersonKey[] };

export const keysOf = (db: Queryable, person: Comparable): PersonKey[] =>
  blocksOf(person).map((block) => ({ key: blockKey(db, block), kind: block.kind }));

/** How blocks and registrations are looked up: inside a transaction, or together with whoever asks at the same moment. */
export type Looks = {
  members(keys: readonly bigint[]): ReturnType<typeof membersOf>;
  sources(ids: readonly bigint[]): ReturnType<typeof sourcesByIds>;
};
const looksIn = (db: Queryable): Looks => ({
  members: (keys) => membersOf(db, keys),
  sources: (ids) => sourcesByIds(db, ids),
});

/**
 * Who shares a block with each of the people that have these keys, and whoever is named in `also`: two queries, however many people are asked about.
 * Whoever else is served by this process gets a turn in between.
 */
export async function findCandidates(
  db: Queryable,
  model: OpenModel,
  keys: readonly (readonly PersonKey[])[],
  also: readonly (readonly bigint[])[] = [],
  looks: Looks = looksIn(db),
): Promise<Found> {
  const { members, oversize } = await looks.members(keys.flatMap((list) => list.map(({ key }) => key)));
  const of = keys.map((list, at) => [
    ...new Set([...list.flatMap(({ key }) => members.get(key) ?? []), ...(also[at] ?? [])]),
  ]);
  const rows = await looks.sources([...new Set(of.flat())]);
  const candidates = new Map<bigint, Candidate>();
  const breathe = breather();
  for (const [id, source] of rows) {
    await breathe();
    const person = comparableOf(source);
    candidates.set(id, { source, person, prepared: preparePerson(model, person) });
  }
  return { candidates, of, skipped: keys.flat().filter(({ key }) => oversize.has(key)) };
}
