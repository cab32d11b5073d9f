/**
 * Case (cohort) reproduction number. J. Wallinga & P. Teunis (2004) Am J Epidemiol 160:509.
 *   A case of day i was infected by one case of day j with probability p_ij = w_{i−j} / Σ_k w_{i−k}·I_k;
 *   R_j = Σ_i p_ij·I_i. Cases whose secondary cases lie in the future are missed: the last days are biased downward.
 */
import { seeded } from '../random.ts';
import { checkCounts, invalid, type Refusal } from '../series.ts';
import { checkInterval } from './serial-interval.ts';

/** Settings of `wallingaTeunis`. */
export type WallingaTeunisSettings = {
  /** Serial interval probabilities w_0, w_1, … (w_0 = 0). */
  w: Float64Array;
  /** Window length, days. Default 7. */
  window?: number;
  /** Simulated infection trees for sd and 95 % interval; 0 = none. Default 0. */
  simulations?: number;
  seed?: number;
};

/** One entry per window (day indices, both inside); NaN where no case fell ill. `sd`, `lower`, `upper` are NaN without simulations. */
export type CaseReproduction = {
  kind: 'case-reproduction';
  start: Int32Array;
  end: Int32Array;
  mean: Float64Array;
  sd: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
};

/** Estimates the mean number of secondary cases of those who fell ill in each sliding window, from the second day on. */
export function wallingaTeunis(incidence: Float64Array, settings: WallingaTeunisSettings): CaseReproduction | Refusal {
  const { w, window = 7, simulations = 0 } = settings;
  const n = incidence.length;
  const bad = checkCounts(incidence) ?? checkInterval(w);
  if (bad) return bad;
  if (incidence.some((v) => !Number.isInteger(v)))
    return invalid('incidence', 'needs whole counts without gaps: every case needs an infector');
  if (!(window >= 1) || !Number.isInteger(window)) return invalid('window', 'must be a whole number of days');
  if (n < window + 1) return { kind: 'not-enough-history', needed: window + 1, available: n };
  const pressure = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (w[i - j] ?? 0) * incidence[j]!;
    return sum;
  });
  const offspring = Float64Array.from({ length: n }, (_, j) => {
    let sum = 0;
    for (let i = j; i < n; i++) if (pressure[i]! > 0) sum += ((w[i - j] ?? 0) / pressure[i]!) * incidence[i]!;
    return sum;
  });
  const windows = n - window;
  const nan = () => new Float64Array(windows).fill(Number.NaN);
  const out: CaseReproduction = {
    kind: 'case-reproduction',
    start: Int32Array.from({ length: windows }, (_, i) => i + 1),
    end: Int32Array.from({ length: windows }, (_, i) => i + window),
    mean: nan(),
    sd: nan(),
    lower: nan(),
    upper: nan(),
  };
  for (let k = 0; k < windows; k++) {
    let cases = 0;
    let sum = 0;
    for (let j = k + 1; j <= k + window; j++) {
      cases += incidence[j]!;
      sum += offspring[j]! * incidence[j]!;
    }
    if (cases > 0) out.mean[k] = sum / cases;
  }
  if (simulations > 1) simulateTrees(out, incidence, pressure, settings);
  return out;
}

function simulateTrees(
  out: CaseReproduction,
  incidence: Float64Array,
  pressure: Float64Array,
  s: WallingaTeunisSettings,
): void {
  const n = incidence.length;
  const { w, simulations = 0, window = 7 } = s;
  const random = seeded(s.seed ?? 1);
  const windows = out.start.length;
  const draws = Array.from({ length: windows }, () => new Float64Array(simulations));
  const children = new Float64Array(n);
  for (let r = 0; r < simulations; r++) {
    children.fill(0);
    for (let i = 1; i < n; i++) {
      if (!(pressure[i]! > 0)) continue;
      for (let c = 0; c < incidence[i]!; c++) {
        let u = random.uniform() * pressure[i]!;
        let j = i;
        do {
          j--;
          u -= (w[i - j] ?? 0) * incidence[j]!;
        } while (u > 0 && j > 0);
        children[j]!++;
      }
    }
    for (let k = 0; k < windows; k++) {
      let cases = 0;
      let sum = 0;
      for (let j = k + 1; j <= k + window; j++) {
        cases += incidence[j]!;
        sum += children[j]!;
      }
      draws[k]![r] = cases > 0 ? sum / cases : Number.NaN;
    }
  }
  for (let k = 0; k < windows; k++) {
    const sorted = draws[k]!.sort();
    if (Number.isNaN(sorted[0]!)) continue;
    const mean = sorted.reduce((a, b) => a + b, 0) / simulations;
    out.sd[k] = Math.sqrt(sorted.reduce((a, b) => a + (b - mean) ** 2, 0) / (simulations - 1));
    const at = (p: number) => {
      const h = (simulations - 1) * p;
      const low = Math.floor(h);
      return sorted[low]! + (h - low) * (sorted[Math.min(low + 1, simulations - 1)]! - sorted[low]!);
    };
    out.lower[k] = at(0.025);
    out.upper[k] = at(0.975);
  }
}
