import { maskName } from '@hutong/china';
import type { PairDetail, PairPage, PairReason, PairSide, PairState, PairSummary } from '@hutong/contract/identity.ts';
import { probabilityOf } from '@hutong/linkage';
import type { ActRow } from '../acts/model.ts';
import { publicId } from '../public-id.ts';
import { actsAbout, actsOfPair } from '../tables/acts.ts';
import { type SourceRow, sourcesByIds, sourcesOfResidents } from '../tables/find.ts';
import { movesOf } from '../tables/moves.ts';
import { oldestOpen, type PairRow, pairCounts, pairPage, type QueuePosition } from '../tables/pairs.ts';
import { actView, cardOf, maskOf, moveView } from './cards.ts';
import { agentName, institutionOf, type ReviewDoor, withWords } from './door.ts';
import { evidenceOf } from './evidence.ts';
import { openEncountersOf } from './open-encounters.ts';
import { decisionReasons, pairReasons } from './words.ts';

const undecided = new Set<PairState>(['open', 'awaiting-second', 'unsure']);

function sideOf(door: ReviewDoor, source: SourceRow | undefined, id: bigint): PairSide {
  return {
    source: publicId(id),
    resident: source ? publicId(source.resident) : '',
    name: source?.name ? maskName(source.name) : null,
    sex: source?.sex ?? null,
    birthDate: source?.birthDate ?? null,
    institution: institutionOf(door.directory, source?.institution ?? null),
  };
}

export const reasonOf = (code: string): PairSummary['reason'] =>
  withWords(code as PairReason, pairReasons[code as PairReason] ?? null);

const summaryOf = (door: ReviewDoor, pair: PairRow, sources: Map<bigint, SourceRow>): PairSummary => ({
  id: pair.id,
  state: pair.state,
  reason: reasonOf(pair.reason),
  weight: pair.weight,
  probability: probabilityOf(pair.weight),
  foundAt: pair.foundAt.toISOString(),
  left: sideOf(door, sources.get(pair.a), pair.a),
  right: sideOf(door, sources.get(pair.b), pair.b),
});

const cursorOf = ({ weight, id }: PairRow): string => `${weight}_${id}`;
/** @returns undefined for a text that is no cursor of ours */
export function readCursor(text: string | undefined): QueuePosition | null | undefined {
  if (!text) return null;
  const [, weight, id] = /^(-?[\d.]+(?:e-?\d+)?)_(\d{1,18})$/.exec(text) ?? [];
  return weight && id && Number.isFinite(Number(weight)) ? { weight: Number(weight), id } : undefined;
}

export async function pageOfPairs(
  door: ReviewDoor,
  ask: { state: PairState; reason: string | null; after: QueuePosition | null; limit: number },
): Promise<PairPage> {
  const [rows, counts, oldest] = await Promise.all([
    pairPage(door.pool, { ...ask, limit: ask.limit + 1 }),
    pairCounts(door.pool),
    oldestOpen(door.pool),
  ]);
  const shown = rows.slice(0, ask.limit);
  const sources = await sourcesByIds(door.pool, [...new Set(shown.flatMap(({ a, b }) => [a, b]))]);
  const last = shown.at(-1);
  return {
    items: shown.map((pair) => summaryOf(door, pair, sources)),
    next: rows.length > ask.limit && last ? cursorOf(last) : null,
    counts,
    oldestAt: oldest?.toISOString() ?? null,
  };
}

/** Everybody whose card belongs to a pair: the two first, then whoever is already with either. */
export async function peopleOfPair(
  door: ReviewDoor,
  pair: PairRow,
): Promise<{ left: SourceRow; right: SourceRow; all: SourceRow[] } | null> {
  const two = await sourcesByIds(door.pool, [pair.a, pair.b]);
  const [left, right] = [two.get(pair.a), two.get(pair.b)];
  if (!left || !right) return null;
  const rest = await sourcesOfResidents(door.pool, [...new Set([left.resident, right.resident])]);
  return { left, right, all: [left, right, ...rest.filter(({ id }) => id !== left.id && id !== right.id)] };
}

const inForce = (act: ActRow): boolean => act.undoneBy === null && act.kind !== 'undo';

export async function detailOfPair(
  door: ReviewDoor,
  pair: PairRow,
  caller: string,
  now: number,
  unmasked: boolean,
): Promise<PairDetail | null> {
  const people = await peopleOfPair(door, pair);
  if (!people) return null;
  const { left, right, all } = people;
  const mask = maskOf(unmasked);
  const ids = all.map(({ id }) => id);
  const [model, acts, own, moves, encounters] = await Promise.all([
    door.model.get(door.pool),
    actsAbout(door.pool, ids, 50),
    actsOfPair(door.pool, BigInt(pair.id)),
    movesOf(door.pool, ids, 50),
    openEncountersOf(door.pool, all, now),
  ]);
  const evidence = evidenceOf(model, left, right, mask);
  const first = own.find((act) => act.kind === 'link' && act.awaitsSecond && inForce(act));
  const open = undecided.has(pair.state);
  const decided = own.find((act) => act.id === pair.act && inForce(act));
  return {
    ...summaryOf(door, pair, new Map([left, right].map((source) => [source.id, source]))),
    weight: evidence.weight,
    probability: evidence.probability,
    left: { ...sideOf(door, left, left.id), name: left.name },
    right: { ...sideOf(door, right, right.id), name: right.name },
    cards: all.slice(0, 12).map((source) => cardOf(door, source, mask)),
    fields: evidence.fields,
    waterfall: evidence.waterfall,
    model: model.version,
    thresholds: model.thresholds,
    acts: acts.map((act) => actView(door, act, acts)),
    moves: moves.map(moveView),
    openEncounters: encounters.map((one) => ({
      source: publicId(one.subject),
      institution: institutionOf(door.directory, one.institution),
      since: one.since,
      class: one.class,
    })),
    approval: {
      needed: door.twoPeople ? 2 : 1,
      given: first ? [{ by: agentName(door.directory, first.byKind, first.byId), at: first.at.toISOString() }] : [],
    },
    may: {
      link: open && encounters.length === 0 && !(pair.state === 'awaiting-second' && first?.byId === caller),
      separate: open,
      unsure: open && pair.state !== 'unsure',
      undo: decided ? String(decided.id) : null,
    },
    reasons: [...decisionReasons],
    version: pair.version,
  };
}
