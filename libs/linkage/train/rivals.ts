import { type Field, MISSING } from '../compare/field.ts';
import type { FieldModel, Rival } from '../model.ts';
import { levelShares, type Patterns } from './patterns.ts';

/** Expected pairs (in the training sample) below which a rival class is not worth its place. */
const FEWEST = 30;
/**
 * How often people of one home agree on what should tell them apart, at most. Knowledge, for no unlabelled pair can tell a
 * namesake at home from the same person: no family gives a name twice, and an equal number is a parent's, given for a child.
 */
const HELD = {
  household: { name: { equal: 0.0001, near: 0.002 }, number: { equal: 0.02, near: 0.002 } },
  twins: { name: { equal: 0.0001, near: 0.002 }, number: { equal: 0.005, near: 0.002 } },
};

/** Fields by what they mean for people who live together. Null where the schema does not describe people at homes. */
type Meaning = { homes: number[]; names: number[]; births: number[] };

function readMeaning(fields: readonly Field[]): Meaning | null {
  const of = (...kinds: string[]): number[] =>
    fields.map((_, f) => f).filter((f) => kinds.includes(fields[f]!.spec.kind));
  const meaning = { homes: of('phone', 'address'), names: of('chinese-name', 'full-name', 'name'), births: of('date') };
  return meaning.homes.length > 0 && meaning.names.length > 0 ? meaning : null;
}

/**
 * First guess of the classes of pairs that are neither one person nor strangers: *household* (home agrees, name and birth do
 * not) and *twins* (home and birth date agree, name does not). EM refines them together with the true pairs.
 */
export function startRivals(
  fields: readonly Field[],
  models: readonly FieldModel[],
  candidates: Patterns,
  posterior: Float64Array,
  pairs: number,
): Rival[] {
  const meaning = readMeaning(fields);
  if (meaning === null) return [];
  const agrees = (f: number, level: number): boolean => level !== MISSING && models[f]!.levels[level]!.agrees;
  const differs = (f: number, level: number): boolean => level !== MISSING && !models[f]!.levels[level]!.agrees;
  const born = (levels: Uint8Array): boolean => meaning.births.some((f) => agrees(f, levels[f]!));
  const atHome = (levels: Uint8Array): boolean =>
    meaning.homes.some((f) => agrees(f, levels[f]!)) && meaning.names.some((f) => differs(f, levels[f]!));
  const twins = (levels: Uint8Array): boolean => atHome(levels) && meaning.births.some((f) => levels[f] === 0);
  const household = (levels: Uint8Array): boolean => atHome(levels) && !born(levels);
  const guesses: [Rival['code'], (levels: Uint8Array) => boolean][] = [
    ['household', household],
    ...(meaning.births.length > 0 ? [['twins', twins] as [Rival['code'], typeof twins]] : []),
  ];
  return guesses.map(([code, test]) =>
    estimateRival(
      code,
      fields,
      models,
      candidates,
      // What is plainly one person stays out; a twin without numbers may look like one, so doubt counts by half at least.
      (p) => (test(candidates.levels[p]!) ? Math.max(0.5, 1 - posterior[p]!) : 0),
      pairs,
    ),
  );
}

/** One class from how much of each pattern it is given. */
export function estimateRival(
  code: Rival['code'],
  fields: readonly Field[],
  models: readonly FieldModel[],
  candidates: Patterns,
  belongs: (pattern: number) => number,
  pairs: number,
): Rival {
  let expected = 0;
  for (let p = 0; p < candidates.counts.length; p++) expected += belongs(p) * candidates.counts[p]!;
  const sizes = fields.map((field) => field.levels.length);
  const strangers = models.map((field) => field.levels.map((level) => level.u));
  const shares = levelShares(candidates, sizes, (p) => belongs(p) * candidates.counts[p]!, strangers, 4);
  const sharing = (readMeaning(fields)?.homes ?? []).map((f) => fields[f]!.spec.name);
  return { code, sharing, share: expected < FEWEST ? 0 : expected / pairs, levels: hold(code, fields, models, shares) };
}

function hold(
  code: Rival['code'],
  fields: readonly Field[],
  models: readonly FieldModel[],
  shares: readonly (readonly number[])[],
): number[][] {
  const kinds = fields.map((field) => field.spec.kind);
  // Where given name and surname stand apart, the surname is what a family shares: only the other one tells people apart.
  const apart = fields.map((_, f) => f).filter((f) => kinds[f] === 'name');
  const surname = apart.length > 1 ? apart.reduce((most, f) => (shares[f]![0]! > shares[most]![0]! ? f : most)) : -1;
  return shares.map((row, f) => {
    const isName = kinds[f] === 'chinese-name' || kinds[f] === 'full-name' || (kinds[f] === 'name' && f !== surname);
    const held = isName ? HELD[code].name : kinds[f] === 'identifier' ? HELD[code].number : null;
    if (held === null) return [...row];
    let over = 0;
    const out = row.map((share, level) => {
      const { agrees, rarity, silent, atHome } = fields[f]!.levels[level]!;
      if (silent) return models[f]!.levels[level]!.u * (code === 'twins' ? 2 ** silent.twins : 1);
      const most = level === 0 || rarity === 1 ? held.equal : agrees ? (atHome ?? held.near) : 1;
      over += Math.max(0, share - most);
      return Math.min(share, most);
    });
    out[out.length - 1]! += over;
    return out;
  });
}
