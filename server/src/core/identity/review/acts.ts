import type { ErrorCode } from '@hutong/contract/errors.ts';
import type { UndoResult } from '@hutong/contract/identity.ts';
import type { Caller } from '../../access/index.ts';
import { applyActs, type Moved } from '../acts/apply-acts.ts';
import type { NewAct } from '../acts/model.ts';
import { actById } from '../tables/acts.ts';
import { livesOnAs, sourcesByIds, sourcesOfResident, sourcesOfResidents } from '../tables/find.ts';
import { pairById, setPairState } from '../tables/pairs.ts';
import { actView, moveView } from './cards.ts';
import { actorOf } from './decide-pair.ts';
import type { ReviewDoor } from './door.ts';
import { inActTransaction } from './in-act-transaction.ts';
import { openEncountersOf } from './open-encounters.ts';
import { reasonWords } from './words.ts';

type Why = { reason: string; note?: string };
type Done = { refusal: ErrorCode } | { result: UndoResult; residents: bigint[] };

async function perform(door: ReviewDoor, act: NewAct, pair: bigint | null = null): Promise<Done> {
  if (act.reason == null || reasonWords(act.reason) === null) return { refusal: 'HT-IDENTITY-008' };
  const done = await inActTransaction(door.pool, async (client) => {
    if (act.undoes != null && (await actById(client, act.undoes))?.undoneBy !== null) return false;
    const { acts, moved } = await applyActs(client, [act]);
    const row = pair === null ? null : await pairById(client, String(pair));
    if (row) await setPairState(client, { id: row.id, version: row.version, state: 'open', act: null });
    return { id: acts[0] as bigint, moved };
  });
  if (done === 'busy') return { refusal: 'HT-PLATFORM-001' };
  if (!done) return { refusal: 'HT-IDENTITY-004' };
  const kept = await actById(door.pool, done.id);
  if (!kept) return { refusal: 'HT-INPUT-004' };
  const view = (move: Moved) => moveView({ ...move, at: kept.at });
  return {
    result: { act: actView(door, kept, [kept]), moved: done.moved.map(view) },
    residents: [...new Set(done.moved.flatMap(({ from, to }) => (from === null ? [to] : [from, to])))],
  };
}

/** Takes back what an act did, at any later time; the pair it decided is open again. */
export async function undoAct(door: ReviewDoor, caller: Caller, id: bigint, { reason, note }: Why): Promise<Done> {
  const act = await actById(door.pool, id);
  if (!act || act.kind === 'undo') return { refusal: 'HT-INPUT-004' };
  if (act.undoneBy !== null) return { refusal: 'HT-IDENTITY-004' };
  return perform(
    door,
    {
      ...actorOf(caller),
      kind: 'undo',
      reason,
      note: note ?? null,
      left: act.left,
      right: act.right,
      undoes: id,
      pair: act.pair,
    },
    act.pair,
  );
}

/** Joins two residents. The first keeps the golden record's preference only where its registrations say more; ids are kept by rule, not by order. */
export async function mergeResidents(
  door: ReviewDoor,
  caller: Caller,
  asked: readonly [bigint, bigint],
  { reason, note }: Why,
  now: number,
): Promise<Done> {
  const [keep, other] = await Promise.all(asked.map((resident) => livesOnAs(door.pool, resident)));
  if (keep == null || other == null) return { refusal: 'HT-INPUT-004' };
  if (keep === other) return { refusal: 'HT-IDENTITY-001' };
  const all = await sourcesOfResidents(door.pool, [keep, other]);
  if ((await openEncountersOf(door.pool, all, now)).length > 0) return { refusal: 'HT-IDENTITY-002' };
  const side = (resident: bigint): bigint[] => all.filter((source) => source.resident === resident).map(({ id }) => id);
  return perform(door, {
    ...actorOf(caller),
    kind: 'merge',
    reason,
    note: note ?? null,
    left: side(keep),
    right: side(other),
  });
}

/** Takes some registrations out of a resident: they become another person, together. */
export async function splitResident(
  door: ReviewDoor,
  caller: Caller,
  resident: bigint,
  chosen: readonly bigint[],
  { reason, note }: Why,
): Promise<Done> {
  const all = (await sourcesOfResident(door.pool, resident)).map(({ id }) => id);
  const left = all.filter((id) => chosen.includes(id));
  const right = all.filter((id) => !chosen.includes(id));
  if (left.length === 0 || right.length === 0 || left.length !== new Set(chosen).size)
    return { refusal: 'HT-IDENTITY-005' };
  return perform(door, { ...actorOf(caller), kind: 'split', reason, note: note ?? null, left, right });
}

export async function unlinkSource(door: ReviewDoor, caller: Caller, source: bigint, why: Why): Promise<Done> {
  const row = (await sourcesByIds(door.pool, [source])).get(source);
  if (!row) return { refusal: 'HT-INPUT-004' };
  const others = (await sourcesOfResident(door.pool, row.resident)).map(({ id }) => id).filter((id) => id !== source);
  if (others.length === 0) return { refusal: 'HT-IDENTITY-005' };
  return perform(door, {
    ...actorOf(caller),
    kind: 'unlink',
    reason: why.reason,
    note: why.note ?? null,
    left: [source],
    right: others,
  });
}
