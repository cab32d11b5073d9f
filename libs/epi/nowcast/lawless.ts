/**
 * Nowcast by reverse hazards. J. Lawless (1994) Can J Stat 22:15, eqs. 2.9–2.16.
 *   g_x = n_x/N_x estimates P(delay = x | delay ≤ x); F(x) = Π_{y>x} (1 − g_y); N̂_t = known_t / F(T−t),
 *   Var = N(N+1)/F⁴·Var(F) + N(1−F)/F²; prediction interval from a normal cut off below at the known count.
 */
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { isRefusal, type Refusal } from '../series.ts';
import { massQuantile, type Nowcast } from './predictive.ts';
import { type ReportedCases, reportingTriangle, type TriangleSettings } from './triangle.ts';

/** Settings of `nowcastLawless`. */
export type LawlessSettings = TriangleSettings & {
  /** 1 − α prediction interval. Default 0.05. */
  alpha?: number;
  /**
   * R surveillance 1.20.3: a line break drops the first term of the variance, the cut normal is not renormalised below, and
   * mass beyond `support` is lost (a median of 0 then means "beyond the support"). Default false.
   */
  rCompatible?: boolean;
  /** Highest final count considered with `rCompatible` (N.tInf.max). Default 300. */
  support?: number;
};

/** Estimates the final counts of all days from the first event until now. */
export function nowcastLawless(cases: ReportedCases, settings: LawlessSettings): Nowcast | Refusal {
  const triangle = reportingTriangle(cases, settings);
  if (isRefusal(triangle)) return triangle;
  const { T, D, known, withDelay, upToDelay } = triangle;
  const alpha = settings.alpha ?? 0.05;
  const g = Float64Array.from({ length: D + 1 }, (_, x) =>
    x === 0 ? 1 : upToDelay[x]! > 0 ? withDelay[x]! / upToDelay[x]! : 0,
  );
  const n = T + 1;
  const out: Nowcast = {
    kind: 'nowcast',
    from: triangle.from,
    known,
    completeness: new Float64Array(n).fill(1),
    median: known.slice(),
    lower: known.slice(),
    upper: known.slice(),
  };
  for (let t = Math.max(0, T - D); t <= T; t++) {
    let F = 1;
    let hazard = 0;
    for (let x = T - t + 1; x <= D; x++) {
      F *= 1 - g[x]!;
      if (upToDelay[x]! > 0 && g[x]! < 1) hazard += g[x]! / (upToDelay[x]! * (1 - g[x]!));
    }
    out.completeness[t] = F;
    const N = known[t]!;
    const rest = (N * (1 - F)) / (F * F);
    // Var(F) = F²·Σ hazard, so the first term is N(N+1)/F²·Σ hazard
    const variance = settings.rCompatible ? rest : ((N * (N + 1)) / (F * F)) * hazard + rest;
    if (settings.rCompatible) tabulate(out, t, N / F, variance, alpha, settings.support ?? 300);
    else if (F <= 0) out.median[t] = out.upper[t] = Number.POSITIVE_INFINITY;
    else if (variance > 0) {
      const sd = Math.sqrt(variance);
      const below = normalCdf((N - N / F) / sd);
      const quantile = (p: number) =>
        Math.max(N, Math.ceil(N / F + sd * normalQuantile(below + p * (1 - below)) - 1e-9));
      out.median[t] = quantile(0.5);
      out.lower[t] = quantile(alpha / 2);
      out.upper[t] = quantile(1 - alpha / 2);
    }
  }
  return out;
}

function tabulate(out: Nowcast, t: number, mean: number, variance: number, alpha: number, support: number): void {
  const N = out.known[t]!;
  const mass = new Float64Array(support + 1);
  if (variance > 0) {
    const sd = Math.sqrt(variance);
    const above = 1 - normalCdf((N - mean) / sd);
    let before = 0;
    for (let k = 0; k <= support; k++) {
      const cdf = k < N ? 0 : normalCdf((k - mean) / sd) / above;
      mass[k] = cdf - before;
      before = cdf;
    }
  } else for (let k = 0; k <= support; k++) mass[k] = k === mean ? 1 : 0;
  out.median[t] = massQuantile(mass, 0.5);
  out.lower[t] = massQuantile(mass, alpha / 2);
  out.upper[t] = massQuantile(mass, 1 - alpha / 2);
}
