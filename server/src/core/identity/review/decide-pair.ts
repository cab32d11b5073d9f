import type { ErrorCode } from '@hutong/contract/errors.ts';
import type { PairDecision } from '@hutong/contract/identity.ts';
import type { Caller } from '../../access/index.ts';
import { applyActs } from '../acts/apply-acts.ts';
import type { NewAct } from '../acts/model.ts';
import { actsOfPair } from '../tables/acts.ts';
import type { SourceRow } from '../tables/find.ts';
import { openPairsOf, type PairRow, setPairState, settlePairs } from '../tables/pairs.ts';
import type { ReviewDoor } from './door.ts';
import { inActTransaction } from './in-act-transaction.ts';
import { openEncountersOf } from './open-encounters.ts';
import { peopleOfPair } from './pairs.ts';
import { decisionReasons } from './words.ts';

export const actorOf = (caller: Caller): Pick<NewAct, 'byKind' | 'byId' | 'institution'> => ({
  byKind: caller.kind === 'staff' ? 'staff' : 'institution',
  byId: caller.id,
  institution: caller.institution,
});

const idsOf = (sources: readonly SourceRow[], resident: bigint): bigint[] =>
  sources.filter((source) => source.resident === resident).map(({ id }) => id);

/** Two people are two people with all their registrations, not only the two on the screen. */
function sidesOf(
  decision: PairDecision['decision'],
  left: SourceRow,
  right: SourceRow,
  all: SourceRow[],
): [bigint[], bigint[]] {
  if (decision !== 'separate' || left.resident === right.resident) return [[left.id], [right.id]];
  return [idsOf(all, left.resident), idsOf(all, right.resident)];
}

/** One decision on one pair. @returns the code of the refusal, or null when it is done */
export async function decidePair(
  door: ReviewDoor,
  caller: Caller,
  pair: PairRow,
  { decision, reason, note, version }: PairDecision,
  now: number,
): Promise<ErrorCode | null> {
  if (!decisionReasons.some(({ code, for: whose }) => code === reason && whose === decision)) return 'HT-IDENTITY-008';
  if (pair.version !== version || !['open', 'awaiting-second', 'unsure'].includes(pair.state)) return 'HT-INPUT-006';
  const people = await peopleOfPair(door, pair);
  if (!people) return 'HT-INPUT-004';
  const { left, right, all } = people;
  const first = (await actsOfPair(door.pool, BigInt(pair.id))).find(
    (act) => act.kind === 'link' && act.awaitsSecond && act.undoneBy === null,
  );
  if (decision === 'link') {
    const busy = await openEncountersOf(door.pool, all, now);
    if (busy.length > 0) return 'HT-IDENTITY-002';
    if (door.twoPeople && first && first.byId === caller.id) return 'HT-IDENTITY-003';
  }
  const awaitsSecond = decision === 'link' && door.twoPeople && !first;
  const [leftIds, rightIds] = sidesOf(decision, left, right, all);
  const act: NewAct = {
    ...actorOf(caller),
    kind: decision,
    reason,
    note: note ?? null,
    pair: BigInt(pair.id),
    weight: pair.weight,
    model: pair.model,
    left: leftIds,
    right: rightIds,
    awaitsSecond,
    ...(decision === 'link' && first && door.twoPeople && { confirms: first.id }),
  };
  const state = awaitsSecond
    ? 'awaiting-second'
    : ({ link: 'linked', separate: 'separate', unsure: 'unsure' } as const)[decision];
  const done = await inActTransaction(door.pool, async (client) => {
    const { acts } = await applyActs(client, [act]);
    if (!(await setPairState(client, { id: pair.id, version, state, act: acts[0] ?? null }))) return false;
    // What this has answered for other registrations of the same two people needs no further look.
    if (!awaitsSecond && decision !== 'unsure') {
      const [lefts, rights] = [new Set(idsOf(all, left.resident)), new Set(idsOf(all, right.resident))];
      const others = await openPairsOf(client, [...lefts]);
      await settlePairs(
        client,
        others.filter(({ a, b }) => (lefts.has(a) && rights.has(b)) || (lefts.has(b) && rights.has(a))),
      );
    }
    return true;
  });
  return done === 'busy' ? 'HT-PLATFORM-001' : done ? null : 'HT-INPUT-006';
}
