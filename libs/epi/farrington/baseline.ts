/**
 * Which past units enter the Farrington Flexible model, and at which seasonal level (Noufaily 2013, section 2.2):
 * windows of ±w round the same unit of past years (and the last w units) form one level; with `noPeriods` p > 1 each gap
 * between windows is cut into p − 1 further levels, the remainder spread over the first ones.
 */
import type { ArrowWorkspace } from '../glm/arrow.ts';
import { sameWeekdayYearsBefore, yearsBefore } from '../iso-week.ts';

/** Where the reference units lie: by counting `frequency` back, or by date (right across 53-week years). */
export type Calendar =
  | { kind: 'index'; frequency: number }
  | { kind: 'dates'; days: Int32Array; unit: 'week' | 'month' | 'day' };

/** The fixed part of the layout. */
export type BaselineShape = { years: number; halfWindow: number; periods: number; pastNotIncluded: number };

/** A baseline: indices of past units in order of time, each with its level (0-based; the present unit's level is periods − 1). */
export type Baseline = { indices: Int32Array; levels: Uint8Array };

/** Indices of the present unit and of the same unit 1..years before; null if one is missing. */
export function referenceIndices(t: number, years: number, calendar: Calendar): number[] | null {
  const out = [t];
  for (let y = 1; y <= years; y++) {
    let index: number;
    if (calendar.kind === 'index') index = t - y * calendar.frequency;
    else {
      const day = calendar.days[t]!;
      index = indexOfDay(
        calendar.days,
        calendar.unit === 'week' ? sameWeekdayYearsBefore(day, y) : yearsBefore(day, y),
      );
    }
    if (index < 0) return null;
    out.push(index);
  }
  return out;
}

function indexOfDay(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length - 1;
  while (low <= high) {
    const mid = (low + high) >> 1;
    if (days[mid] === day) return mid;
    if (days[mid]! < day) low = mid + 1;
    else high = mid - 1;
  }
  return -1;
}

/** The baseline of unit t, or null if the history does not reach back. */
export function baselineOf(t: number, shape: BaselineShape, calendar: Calendar): Baseline | null {
  const { years, halfWindow: w, periods: p, pastNotIncluded } = shape;
  const refs = referenceIndices(t, years, calendar);
  if (!refs || refs[years]! - w < 0) return null;
  const first = refs[years]! - w;
  const levels = new Int16Array(t - first + 1).fill(-1);
  const set = (from: number, to: number, level: number) => {
    for (let i = Math.max(from, first); i <= Math.min(to, t); i++) levels[i - first] = level;
  };
  set(t - w, t, p - 1);
  for (let y = 1; y <= years; y++) {
    const ref = refs[y]!;
    set(ref - w, ref + w, p - 1);
    if (p === 1) continue;
    const gap = refs[y - 1]! - 2 * w - 1 - ref;
    const block = Math.floor(gap / (p - 1));
    const rest = gap % (p - 1);
    let start = ref + w + 1;
    for (let j = 0; j < p - 1; j++) {
      const length = block + (j < rest ? 1 : 0);
      set(start, start + length - 1, j);
      start += length;
    }
  }
  set(t - pastNotIncluded, t, -1);
  let n = 0;
  for (const level of levels) if (level >= 0) n++;
  const out: Baseline = { indices: new Int32Array(n), levels: new Uint8Array(n) };
  for (let i = 0, k = 0; i < levels.length; i++) {
    if (levels[i]! < 0) continue;
    out.indices[k] = first + i;
    out.levels[k++] = levels[i]!;
  }
  return out;
}

/**
 * Puts the known counts of a baseline into the workspace, with time centred on the middle of the baseline (that keeps the
 * normal equations well conditioned).
 * @param shift added to the baseline's indices
 * @param times time of each unit
 * @returns the time of the present unit t on the centred scale
 */
export function loadBaseline(
  arrow: ArrowWorkspace,
  base: Baseline,
  shift: number,
  t: number,
  counts: Float64Array,
  population: Float64Array | undefined,
  times: (index: number) => number,
): number {
  let n = 0;
  const middle =
    base.indices.length > 0
      ? Math.round((times(base.indices[0]! + shift) + times(base.indices.at(-1)! + shift)) / 2)
      : 0;
  for (let i = 0; i < base.indices.length; i++) {
    const at = base.indices[i]! + shift;
    const y = counts[at]!;
    if (Number.isNaN(y)) continue;
    arrow.y[n] = y;
    arrow.time[n] = times(at) - middle;
    arrow.level[n] = base.levels[i]!;
    arrow.exposure[n] = population ? population[at]! : 1;
    n++;
  }
  arrow.n = n;
  return times(t) - middle;
}
