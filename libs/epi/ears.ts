/**
 * EARS C1, C2, C3 of the US CDC: short-baseline control charts for series without years of history.
 * L. Hutwagner et al. (2003) J Urban Health 80:i89; R. Fricker, B. Hegler, D. Dunfee (2008) Stat Med 27:3407.
 *
 *   C1 baseline: y[t−7..t−1]      C2 baseline: y[t−9..t−3] (two units of guard)
 *   U = mean + z(1−α)·max(sd, minSigma), sd with n−1; alarm if y > U
 *   C2(t) = (y − mean)/max(sd, minSigma);  C3(t) = Σ_{i=0..2} max(0, C2(t−i) − 1), alarm if C3 > 2
 */
import { normalQuantile } from './distributions/normal.ts';
import {
  checkCounts,
  checkRange,
  checkWord,
  type Detection,
  invalid,
  isRefusal,
  type Range,
  type Refusal,
} from './series.ts';

/** Settings of `ears`; lengths in units of the series. */
export type EarsSettings = {
  method?: 'C1' | 'C2' | 'C3';
  /** Baseline length, at least 3. Default 7. */
  baseline?: number;
  /** One-sided α of the bound of C1 and C2 (default 0.001, about 3 sd); of C3 only with `rCompatible` (default 0.025). */
  alpha?: number;
  /** Floor of the baseline's standard deviation, cases. Default 0. */
  minSigma?: number;
  /** C3 raises an alarm above this sum of excesses, sd. Default 2. */
  c3Threshold?: number;
  range?: Range;
  /**
   * Follows R surveillance 1.20.3 to the letter: C3's bound stands on the current observation instead of the baseline mean
   * (so a jump from 2 to 1000 is silent), a gap in the baseline removes the bound, a baseline without variation gives NaN.
   */
  rCompatible?: boolean;
};

// Mean and sd of the known values of y[start..start+length); NaN mean if fewer than three are known.
function momentsOf(y: Float64Array, start: number, length: number, strict: boolean, out: Float64Array): void {
  let n = 0;
  let sum = 0;
  for (let i = start; i < start + length; i++) {
    if (Number.isNaN(y[i]!)) continue;
    sum += y[i]!;
    n++;
  }
  out[0] = Number.NaN;
  out[1] = Number.NaN;
  if (n < 3 || (strict && n < length)) return;
  const mean = sum / n;
  let ss = 0;
  for (let i = start; i < start + length; i++) if (!Number.isNaN(y[i]!)) ss += (y[i]! - mean) ** 2;
  out[0] = mean;
  out[1] = Math.sqrt(ss / (n - 1));
}

/**
 * Runs C1, C2 or C3 over a series.
 * @param counts cases per unit of time; NaN = gap. A gap leaves the baseline; fewer than three known values give no bound.
 * @returns the bound and alarm of each unit, or a refusal (needs baseline, +2 for C2, +4 for C3 units of history).
 *   C3's bound is the count at which the sum of excesses reaches the threshold, never below 0.
 */
export function ears(counts: Float64Array, settings: EarsSettings = {}): Detection | Refusal {
  const { method = 'C1', baseline = 7, minSigma = 0, rCompatible = false, c3Threshold = 2 } = settings;
  if (!(baseline >= 3) || !Number.isInteger(baseline)) return invalid('baseline', 'needs at least 3 whole units');
  if (!(minSigma >= 0)) return invalid('minSigma', 'must not be negative');
  const alpha = settings.alpha ?? (method === 'C3' ? 0.025 : 0.001);
  if (!(alpha > 0 && alpha < 1)) return invalid('alpha', 'must lie between 0 and 1');
  const bad = checkWord('method', method, ['C1', 'C2', 'C3']) ?? checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, baseline + (method === 'C1' ? 0 : method === 'C2' ? 2 : 4), settings.range);
  if (isRefusal(range)) return range;
  const z = normalQuantile(1 - alpha);
  const n = range.to - range.from;
  const bound = new Float64Array(n);
  const alarm = new Uint8Array(n);
  const m = new Float64Array(2);
  const lagExcess = (t: number): number => {
    momentsOf(counts, t - baseline - 2, baseline, rCompatible, m);
    const sd = Math.max(m[1]!, minSigma);
    const excess = (counts[t]! - m[0]!) / sd;
    if (rCompatible) return Number.isNaN(excess) ? Number.NaN : Math.max(0, excess - 1);
    // A gap adds nothing; neither can a past day alone, over a baseline without variation (division by zero), keep up the alarm.
    if (Number.isNaN(excess)) return 0;
    return Math.min(Math.max(0, excess - 1), sd === 0 ? c3Threshold : Number.POSITIVE_INFINITY);
  };
  for (let i = 0; i < n; i++) {
    const t = range.from + i;
    const lags = method === 'C3' ? lagExcess(t - 2) + lagExcess(t - 1) : 0;
    momentsOf(counts, t - baseline - (method === 'C1' ? 0 : 2), baseline, rCompatible, m);
    const sd = Math.max(m[1]!, minSigma);
    if (method !== 'C3') bound[i] = m[0]! + z * sd;
    else if (rCompatible) bound[i] = Math.max(0, counts[t]! + sd * (z - lags));
    else if (lags > c3Threshold) bound[i] = 0;
    else bound[i] = Math.max(0, m[0]! + sd * (1 + c3Threshold - lags));
    // With two strong days behind, C3 alarms whatever today's count; a gap stays silent.
    const sustained =
      method === 'C3' && !rCompatible && lags > c3Threshold && !Number.isNaN(counts[t]!) && !Number.isNaN(m[0]!);
    alarm[i] = counts[t]! > bound[i]! || sustained ? 1 : 0;
  }
  return { kind: 'detection', from: range.from, bound, alarm };
}
