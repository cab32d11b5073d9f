import type { Field } from '../compare/field.ts';
import type { LevelModel } from '../model.ts';

/** Weights stay within these bounds (bits): no finite sample can vouch for more. */
const MOST = 24;

/**
 * Level weights log2(m/u), made to fall (or stay) from nearest to farthest by pooling neighbours that break the order
 * (isotonic regression): a farther level that seems stronger is noise or a few odd pairs.
 */
export function levelModels(
  field: Field,
  m: readonly number[],
  u: readonly number[],
  rarityBase: readonly number[],
): LevelModel[] {
  type Run = { m: number; u: number; levels: number[] };
  const runs: Run[] = [];
  for (let level = 0; level < m.length; level++) {
    if (field.levels[level]!.ceiling !== undefined || field.levels[level]!.silent) continue; // outside the order
    runs.push({ m: m[level]!, u: u[level]!, levels: [level] });
    while (runs.length > 1 && ratio(runs[runs.length - 1]!) > ratio(runs[runs.length - 2]!)) {
      const far = runs.pop()!;
      const near = runs.pop()!;
      runs.push({ m: near.m + far.m, u: near.u + far.u, levels: [...near.levels, ...far.levels] });
    }
  }
  const weights = m.map((share, level) =>
    clamp(Math.min(Math.log2(share / u[level]!), field.levels[level]!.ceiling ?? MOST)),
  );
  for (const run of runs) for (const level of run.levels) weights[level] = clamp(Math.log2(ratio(run)));
  for (const [l, level] of field.levels.entries()) if (level.silent) weights[l] = 0;
  return field.levels.map((level, l) => ({
    code: level.code,
    m: m[l]!,
    u: u[l]!,
    weight: weights[l]!,
    rarity: field.usesFrequency ? level.rarity : 0,
    rarityBase: rarityBase[l]!,
    agrees: level.agrees && weights[l]! > 0,
  }));
}

/**
 * Shares among true pairs, those of levels with a ceiling held at their starting point: EM would otherwise read twins as one
 * person whose name was mistyped, and the more it does so the more it may. What is taken off goes to equality.
 */
export function holdSame(field: Field, m: readonly number[]): number[] {
  let over = 0;
  const out = m.map((share, l) => {
    const { ceiling, start } = field.levels[l]!;
    if (ceiling === undefined || share <= start) return share;
    over += share - start;
    return start;
  });
  out[0]! += over;
  return out;
}

function ratio(run: { m: number; u: number }): number {
  return run.m / run.u;
}

function clamp(weight: number): number {
  return Math.max(-MOST, Math.min(MOST, weight));
}

/** Takes the true pairs out of the shares seen among random pairs; floors what was never seen. */
export function strangersShare(seen: readonly number[], m: readonly number[], prior: number, pairs: number): number[] {
  const out = seen.map((share, level) => {
    const floor = level === 0 ? Math.max(0.3 / Math.max(pairs, 1), 1e-8) : 0.5 / Math.max(pairs, 1);
    return Math.max((share - prior * m[level]!) / (1 - prior), floor);
  });
  const total = out.reduce((sum, share) => sum + share, 0);
  return out.map((share) => share / total);
}
