import { MISSING } from '../compare/field.ts';
import type { Dependence, FieldModel } from '../model.ts';
import type { Patterns } from './patterns.ts';

/** Per candidate pattern: share of one entity, and of strangers. Rival classes are neither. */
export type Shares = { same: Float64Array; strangers: Float64Array };

/** Pairs of strangers that must be seen agreeing on both fields before their dependence counts. */
const FEWEST = 20;

/**
 * Fellegi-Sunter takes fields as independent. Kin share surname, address and telephone; a town has its post code: among
 * strangers such fields agree *together* far more often than by chance, and their weights may not simply be added. For
 * pairs of fields the excess is measured among strangers (random pairs, and candidate pairs by 1 - posterior) and among
 * matches, and the fields are joined into a tree by the strongest ties (Chow and Liu 1968), so none is corrected twice.
 */
export function measureDependences(
  fields: readonly FieldModel[],
  random: Patterns,
  candidates: Patterns,
  posterior: Shares,
  pairs: number,
): Dependence[] {
  const ties: { a: number; b: number; bits: number }[] = [];
  const present = presence(fields.length, random);
  for (let a = 0; a < fields.length; a++) {
    for (let b = a + 1; b < fields.length; b++) {
      const tie = measure(fields, random, candidates, posterior, pairs, a, b, present[a]! * present[b]!);
      if (tie !== null) ties.push({ a, b, ...tie });
    }
  }
  ties.sort((x, y) => x.bits - y.bits || x.a - y.a || x.b - y.b);
  const group = fields.map((_, i) => i);
  const out: Dependence[] = [];
  for (const { a, b, bits } of ties) {
    if (group[a] === group[b]) continue;
    const from = group[b]!;
    for (let i = 0; i < group.length; i++) if (group[i] === from) group[i] = group[a]!;
    out.push({ a: fields[a]!.field, b: fields[b]!.field, bits });
  }
  return out;
}

/** What leaks from doubtful true pairs would look like strangers who agree on everything: only patterns plainly of strangers count. */
const SURE = 0.8;

function measure(
  fields: readonly FieldModel[],
  random: Patterns,
  candidates: Patterns,
  posterior: Shares,
  pairs: number,
  a: number,
  b: number,
  present: number,
): { bits: number } | null {
  const agreeA = fields[a]!.levels.map((level) => level.agrees);
  const agreeB = fields[b]!.levels.map((level) => level.agrees);
  const uA = share(fields[a]!, 'u');
  const uB = share(fields[b]!, 'u');
  const mA = share(fields[a]!, 'm');
  const mB = share(fields[b]!, 'm');
  if (present === 0) return null;
  let strangers = 0;
  let matches = 0;
  let rivals = 0;
  let matchesPresent = 0;
  for (let p = 0; p < candidates.counts.length; p++) {
    const levels = candidates.levels[p]!;
    if (levels[a] === MISSING || levels[b] === MISSING) continue;
    const weight = candidates.counts[p]!;
    matchesPresent += weight * posterior.same[p]!;
    if (!agreeA[levels[a]!] || !agreeB[levels[b]!]) continue;
    if (posterior.strangers[p]! > SURE) strangers += weight * posterior.strangers[p]!;
    matches += weight * posterior.same[p]!;
    rivals += weight * Math.max(0, 1 - posterior.same[p]! - posterior.strangers[p]!);
  }
  let seen = 0;
  let total = 0;
  for (let p = 0; p < random.counts.length; p++) {
    const levels = random.levels[p]!;
    total += random.counts[p]!;
    if (levels[a] === MISSING || levels[b] === MISSING) continue;
    if (agreeA[levels[a]!] && agreeB[levels[b]!]) seen += random.counts[p]!;
  }
  // Random pairs hold true pairs and people of one home too: they are taken off.
  const trueAmong = ((matches + rivals) / pairs) * total;
  const randomJoint = seen - trueAmong >= FEWEST ? (seen - trueAmong) / total : 0;
  const candidateJoint = strangers >= FEWEST ? strangers / pairs : 0;
  const joint = Math.max(randomJoint, candidateJoint) / present;
  if (joint === 0 || matchesPresent < FEWEST) return null;
  const liftStrangers = joint / (uA * uB);
  const liftMatches = Math.max(1, matches / matchesPresent / (mA * mB));
  const bits = -Math.log2(liftStrangers / liftMatches);
  if (bits > -1) return null;
  // Agreement on both must say at least as much as agreement on the stronger one alone.
  return { bits: Math.max(bits, -Math.min(Math.log2(mA / uA), Math.log2(mB / uB))) };
}

function share(field: FieldModel, of: 'm' | 'u'): number {
  return field.levels.reduce((sum, level) => sum + (level.agrees ? level[of] : 0), 0);
}

function presence(width: number, random: Patterns): number[] {
  const out = new Array<number>(width).fill(0);
  let total = 0;
  for (let p = 0; p < random.counts.length; p++) {
    total += random.counts[p]!;
    for (let f = 0; f < width; f++) if (random.levels[p]![f] !== MISSING) out[f]! += random.counts[p]!;
  }
  return out.map((count) => count / Math.max(total, 1));
}
