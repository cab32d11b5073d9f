/**
 * The input contract of every detector. Counts per unit of time (week, day, month) lie in a Float64Array, oldest first;
 * NaN is a gap (the channel was silent), never a zero. Indices count from 0; ranges are half-open.
 */

/**
 * Why a request could not be answered; a value, not a throw. `needed` and `available` are units before the first one that is asked about (an empty series
 * has none), `index` is the place of a negative or infinite count.
 */
export type Refusal =
  | { kind: 'bad-count'; index: number; value: number }
  | { kind: 'not-enough-history'; needed: number; available: number }
  | { kind: 'invalid-setting'; setting: string; why: string };

/** Units to evaluate: from ≤ index < to. */
export type Range = { from: number; to: number };

/**
 * What a detector says for each unit from `from` on. All arrays have one entry per evaluated unit.
 * `bound`: a count above it raises the alarm; NaN where none can be given (gap, too few cases, no fit).
 * `alarm`: 1 or 0; a gap never alarms.
 */
export type Detection = { kind: 'detection'; from: number; bound: Float64Array; alarm: Uint8Array };

/** Refuses negative and infinite counts; NaN is welcome as a gap. */
export function checkCounts(counts: Float64Array): Refusal | null {
  for (let i = 0; i < counts.length; i++) {
    const value = counts[i]!;
    if (value < 0 || value === Number.POSITIVE_INFINITY) return { kind: 'bad-count', index: i, value };
  }
  return null;
}

/** Refuses what cannot be a number of units per year. 53-week years are no reason for a fraction: give dates (`days`) or whole weeks. */
export function checkFrequency(frequency: number): Refusal | null {
  return Number.isInteger(frequency) && frequency >= 1
    ? null
    : invalid('frequency', 'must be a whole number of units per year: 52, 12 or 365');
}

/** Refuses a misspelt word where a JavaScript caller has no types to warn: it must not silently become another method. */
export function checkWord(setting: string, word: string, known: readonly string[]): Refusal | null {
  return known.includes(word) ? null : invalid(setting, `must be one of ${known.join(', ')}`);
}

/**
 * The units to evaluate, given that each needs `needed` units before it. Without a wish: all that have them.
 * @returns a refusal when the series, or the wish, starts before the history suffices
 */
export function checkRange(length: number, needed: number, wish?: Range): Range | Refusal {
  const from = wish?.from ?? needed;
  const to = wish?.to ?? length;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > length || (wish && from > to)) {
    return { kind: 'invalid-setting', setting: 'range', why: `must lie within 0..${length}` };
  }
  if (from < needed || length <= needed)
    return { kind: 'not-enough-history', needed, available: Math.min(from, length) };
  return { from, to };
}

/** Tells a refusal from an answer. */
export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  const kind = (value as { kind?: string }).kind;
  return kind === 'bad-count' || kind === 'not-enough-history' || kind === 'invalid-setting';
}

/** Shorthand for a refused setting. */
export function invalid(setting: string, why: string): Refusal {
  return { kind: 'invalid-setting', setting, why };
}
