/**
 * The two rules of China's automated alert system CIDARS: moving percentile for common diseases, fixed threshold for the
 * dangerous ones. W. Yang et al. (2011) Western Pac Surveill Response J 2(1):10 describe the first as the count of the last seven
 * days against a percentile of the same seven days, the two blocks before and the two after, in each of the past three to
 * five years. The percentile's definition is not published; type 7 of R. Hyndman & Y. Fan (1996) Am Stat 50:361 is used here.
 */
import {
  checkCounts,
  checkFrequency,
  checkRange,
  type Detection,
  invalid,
  isRefusal,
  type Range,
  type Refusal,
} from './series.ts';

/** Settings of `movingPercentile`; the defaults fit daily series. */
export type MovingPercentileSettings = {
  range?: Range;
  /** Units summed to one block: 7 for daily series (default), 1 for weekly ones. */
  block?: number;
  /** Units per year: 365 for daily series (default), 52 for weekly ones. */
  frequency?: number;
  /** Years of history. Default 5. */
  years?: number;
  /** Blocks before and after the same block of each year. Default 2. */
  neighbours?: number;
  /** Percentile as a share. CIDARS began with 0.5 and moved to 0.8 (default) for most diseases. */
  percentile?: number;
};

/** Adds the block sums that are compared (NaN where a day of the block is a gap). */
export type MovingPercentileDetection = Detection & { current: Float64Array };

/** Type-7 quantile of unsorted values; NaN without any. */
export function quantileType7(values: number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  return sorted[low]! + (h - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
}

/**
 * Runs the moving percentile method. Alarm if the current block sum is above the percentile.
 * @param counts cases per unit; NaN = gap: blocks that hold one are unknown; without half of the history blocks no bound is given
 */
export function movingPercentile(
  counts: Float64Array,
  settings: MovingPercentileSettings = {},
): MovingPercentileDetection | Refusal {
  const { block = 7, frequency = 365, years = 5, neighbours = 2, percentile = 0.8 } = settings;
  const bad = checkFrequency(frequency) ?? checkCounts(counts);
  if (bad) return bad;
  if (!(percentile > 0 && percentile < 1)) return invalid('percentile', 'must lie between 0 and 1');
  if (![block, years, neighbours].every(Number.isInteger) || block < 1 || years < 1 || neighbours < 0)
    return invalid('block', 'block and years are whole numbers of 1 or more, neighbours of 0 or more');
  if ((neighbours + 1) * block > frequency) return invalid('neighbours', 'history blocks would reach into the present');
  const range = checkRange(counts.length, years * frequency + (neighbours + 1) * block - 1, settings.range);
  if (isRefusal(range)) return range;
  const sumEnding = (end: number): number => {
    let sum = 0;
    for (let i = end - block + 1; i <= end; i++) sum += counts[i]!;
    return sum;
  };
  const n = range.to - range.from;
  const out: MovingPercentileDetection = {
    kind: 'detection',
    from: range.from,
    bound: new Float64Array(n).fill(Number.NaN),
    alarm: new Uint8Array(n),
    current: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    const history: number[] = [];
    for (let y = 1; y <= years; y++) {
      for (let k = -neighbours; k <= neighbours; k++) {
        const sum = sumEnding(t - y * frequency + k * block);
        if (!Number.isNaN(sum)) history.push(sum);
      }
    }
    out.current[i] = sumEnding(t);
    if (history.length * 2 >= years * (2 * neighbours + 1)) out.bound[i] = quantileType7(history, percentile);
    out.alarm[i] = out.current[i]! > out.bound[i]! ? 1 : 0;
  }
  return out;
}

/** Settings of `fixedThreshold`. */
export type FixedThresholdSettings = {
  range?: Range;
  /** Alarm from this many cases on. Default 1: the single case of plague, cholera and their like. */
  cases?: number;
  /** Within this many units. Default 1. */
  window?: number;
};

/** Alarm when the cases of the last `window` units reach `cases`; gaps add nothing. `bound` is `cases` − 1 less what earlier units hold. */
export function fixedThreshold(counts: Float64Array, settings: FixedThresholdSettings = {}): Detection | Refusal {
  const { cases = 1, window = 1 } = settings;
  if (!(cases >= 1)) return invalid('cases', 'must be 1 or more');
  if (!(window >= 1) || !Number.isInteger(window)) return invalid('window', 'must be a whole number, 1 or more');
  const bad = checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, 0, settings.range);
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  const out: Detection = { kind: 'detection', from: range.from, bound: new Float64Array(n), alarm: new Uint8Array(n) };
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    let before = 0;
    for (let k = Math.max(0, t - window + 1); k < t; k++) if (!Number.isNaN(counts[k]!)) before += counts[k]!;
    out.bound[i] = Math.max(0, cases - 1 - before);
    out.alarm[i] = counts[t]! > 0 && counts[t]! + before >= cases ? 1 : 0;
  }
  return out;
}
