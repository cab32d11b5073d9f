/**
 * Bayesian nowcasts. M. Höhle & M. an der Heiden (2014) Biometrics 70:993.
 *   Delay: generalised Dirichlet posterior of the reverse hazards, q_x ~ Beta(κ + n_x, β_x + N_x − n_x), which allows for
 *   truncation; final count given completeness F: prior N ~ NB(mean μ, variance v) thinned by F, so that
 *   N − known | known, F ~ NB(size = r + known, prob = 1 − (1−F)·μ/(μ+r)), r = μ²/(v − μ).
 */
import { logGamma } from '../distributions/saddle-point.ts';
import { seeded } from '../random.ts';
import { invalid, isRefusal, type Refusal } from '../series.ts';
import { massQuantile, type Nowcast } from './predictive.ts';
import { type ReportedCases, reportingTriangle, type Triangle, type TriangleSettings } from './triangle.ts';

/** Settings of `nowcastBayes`. */
export type BayesNowcastSettings = TriangleSettings & {
  /**
   * 'truncated' (default) allows for delays not yet observable (R: bayes.trunc). 'untruncated' ignores that: right only where
   * reporting is stable and the window long (bayes.notrunc). 'untruncated-exact' is the same without the prior on N and free
   * of sampling, a beta-negative-binomial (bayes.notrunc.bnb).
   */
  model?: 'truncated' | 'untruncated' | 'untruncated-exact';
  /** Prior mean and variance of a day's final count. Defaults 50 and 3000. */
  priorMean?: number;
  priorVariance?: number;
  /** Dirichlet concentration of the delay prior. Default 0.1. */
  kappa?: number;
  /** Highest final count considered. Default 500. */
  support?: number;
  /** Draws of the delay distribution. Default 1000. */
  samples?: number;
  seed?: number;
  alpha?: number;
};

/** Estimates the final counts of all days from the first event until now. */
export function nowcastBayes(cases: ReportedCases, settings: BayesNowcastSettings): Nowcast | Refusal {
  const { priorMean = 50, priorVariance = 3000, kappa = 0.1, support = 500, alpha = 0.05 } = settings;
  if (!(priorVariance > priorMean && priorMean > 0)) return invalid('priorVariance', 'must exceed the prior mean');
  if (!(kappa > 0)) return invalid('kappa', 'must be positive');
  const triangle = reportingTriangle(cases, settings);
  if (isRefusal(triangle)) return triangle;
  const { T, D, known } = triangle;
  const highest = Math.max(...known);
  if (highest >= support) return invalid('support', `must exceed the highest known count, ${highest}`);
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
  const mass =
    settings.model === 'untruncated-exact'
      ? exactMass(triangle, kappa, support, out)
      : sampledMass(triangle, settings, out);
  for (let lag = 0; lag < D; lag++) {
    const t = T - lag;
    out.median[t] = massQuantile(mass[lag]!, 0.5);
    out.lower[t] = massQuantile(mass[lag]!, alpha / 2);
    out.upper[t] = massQuantile(mass[lag]!, 1 - alpha / 2);
  }
  return out;
}

function normalised(mass: Float64Array): Float64Array {
  const sum = mass.reduce((a, b) => a + b, 0);
  return sum > 0 ? mass.map((m) => m / sum) : mass;
}

function sampledMass(tr: Triangle, s: BayesNowcastSettings, out: Nowcast): Float64Array[] {
  const { priorMean = 50, priorVariance = 3000, kappa = 0.1, support = 500, samples = 1000, seed = 1 } = s;
  const { D, T, known, withDelay, upToDelay } = tr;
  const r = (priorMean * priorMean) / (priorVariance - priorMean);
  const random = seeded(seed);
  const sums = Array.from({ length: D }, () => new Float64Array(support + 1));
  const meanF = new Float64Array(D);
  const term = new Float64Array(support + 1);
  // cases that could have come sooner than x: all of N_x − n_x, or only the n_y, y < x, if truncation is ignored
  const sooner = upToDelay.map((N, x) =>
    s.model === 'untruncated' ? withDelay.slice(0, x).reduce((p, v) => p + v, 0) : N - withDelay[x]!,
  );
  for (let i = 0; i < samples; i++) {
    // F(D) = 1; F(x−1) = F(x)·(1 − q_x), q_x the reverse hazard, whose prior is that of a symmetric Dirichlet: Beta(κ, xκ)
    let F = 1;
    for (let x = D; x >= 1; x--) {
      const a = random.gamma(kappa + withDelay[x]!);
      const b = random.gamma(x * kappa + sooner[x]!);
      F *= a + b > 0 ? b / (a + b) : 1;
      const lag = x - 1;
      const N = known[T - lag]!;
      meanF[lag]! += F / samples;
      const q = (1 - F) * (priorMean / (priorMean + r));
      term.fill(0);
      let m = 1;
      for (let k = 0; N + k <= support; k++) {
        term[N + k] = m;
        m *= ((r + N + k) / (k + 1)) * q;
        // a run-away ratio would overflow before it is normalised
        if (m > 1e250) {
          for (let j = N; j <= N + k; j++) term[j]! /= 1e250;
          m /= 1e250;
        }
      }
      const scale = term.reduce((p, v) => p + v, 0);
      for (let j = N; j <= support; j++) sums[lag]![j]! += term[j]! / scale;
    }
  }
  for (let lag = 0; lag < D; lag++) out.completeness[T - lag] = meanF[lag]!;
  return sums.map(normalised);
}

function exactMass(tr: Triangle, kappa: number, support: number, out: Nowcast): Float64Array[] {
  const { D, T, known, withDelay } = tr;
  const all = withDelay.reduce((a, b) => a + b, 0) + (D + 1) * kappa;
  let a = 0;
  return Array.from({ length: D }, (_, lag) => {
    a += withDelay[lag]! + kappa;
    const b = all - a;
    const N = known[T - lag]!;
    out.completeness[T - lag] = a / all;
    const mass = new Float64Array(support + 1);
    for (let k = 0; N + k <= support; k++) {
      // beta-negative-binomial mass of k further cases, completeness ~ Beta(a, b), N + 1 known
      mass[N + k] = Math.exp(
        logGamma(N + 1 + a) +
          logGamma(k + b) +
          logGamma(N + 1 + k) +
          logGamma(a + b) -
          logGamma(N + 1 + k + a + b) -
          logGamma(N + 1) -
          logGamma(k + 1) -
          logGamma(a) -
          logGamma(b),
      );
    }
    return mass;
  });
}
