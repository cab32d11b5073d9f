import type { Edge } from '../model.ts';

export type ActKind = 'link' | 'separate' | 'unsure' | 'merge' | 'split' | 'unlink' | 'undo';

/** A decision about who is who, before it is kept. `left` and `right` are source identities: what the decision joins, or holds apart. */
export type NewAct = {
  kind: ActKind;
  byKind: 'staff' | 'engine' | 'institution';
  byId: string;
  institution?: number | null;
  reason?: string | null;
  note?: string | null;
  model?: string | null;
  weight?: number | null;
  pair?: bigint | null;
  left: readonly bigint[];
  right: readonly bigint[];
  awaitsSecond?: boolean;
  confirms?: bigint | null;
  undoes?: bigint | null;
};
export type ActRow = {
  id: bigint;
  at: Date;
  kind: ActKind;
  byKind: NewAct['byKind'];
  byId: string;
  institution: number | null;
  reason: string | null;
  note: string | null;
  model: string | null;
  weight: number | null;
  pair: bigint | null;
  left: bigint[];
  right: bigint[];
  awaitsSecond: boolean;
  confirms: bigint | null;
  undoes: bigint | null;
  undoneBy: bigint | null;
};

type Said = Pick<ActRow, 'id' | 'kind' | 'left' | 'right' | 'byKind' | 'weight' | 'awaitsSecond'>;

const chain = (ids: readonly bigint[]): [bigint, bigint][] => ids.slice(1).map((id, at) => [ids[at] as bigint, id]);

/**
 * What an act says of pairs of sources. Link and merge: each side is one person with the other. Separate, unlink and split: everybody of the left
 * is somebody else than everybody of the right; a split also keeps the left together. An act that waits for its second person says nothing yet.
 */
export function edgesOfAct({ id, kind, left, right, byKind, weight, awaitsSecond }: Said): Edge[] {
  if (awaitsSecond) return [];
  const edge = (says: Edge['says'], a: bigint, b: bigint): Edge => ({
    a: a < b ? a : b,
    b: a < b ? b : a,
    act: id,
    says,
    weight: byKind === 'engine' ? weight : null,
  });
  const across = (says: Edge['says']): Edge[] => left.flatMap((a) => right.map((b) => edge(says, a, b)));
  if (kind === 'link' || kind === 'merge') {
    const [a, b] = [left[0], right[0]];
    return a === undefined || b === undefined ? [] : [edge('one', a, b)];
  }
  if (kind === 'split') return [...chain(left).map(([a, b]) => edge('one', a, b)), ...across('two')];
  if (kind === 'separate' || kind === 'unlink') return across('two');
  return [];
}

/** Edges of everything that is in force: what has been undone, and what undoes, says nothing. A confirmed act speaks through its confirmation. */
export const edgesInForce = (acts: readonly ActRow[]): Edge[] =>
  acts.flatMap((act) => (act.undoneBy !== null || act.kind === 'undo' ? [] : edgesOfAct(act)));
