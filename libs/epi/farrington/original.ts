/**
 * The original algorithm of C. P. Farrington, N. Andrews, A. Beale, M. Catchpole (1996) JRSS A 159:547, as in R
 * surveillance's algo.farrington: windows of ±w units round the same unit of the past b years, log-linear quasi-Poisson
 * with trend, Anscombe reweighting above 1, two-sided (1 − α/2) delta bound.
 */
import { normalQuantile } from '../distributions/normal.ts';
import { arrowWorkspace } from '../glm/arrow.ts';
import {
  checkCounts,
  checkFrequency,
  checkRange,
  checkWord,
  type Detection,
  invalid,
  isRefusal,
  type Range,
  type Refusal,
} from '../series.ts';
import { type Baseline, loadBaseline } from './baseline.ts';
import { type FitRule, fitBaseline } from './fit.ts';
import { deltaThreshold, type PowerTransform } from './threshold.ts';

/** Controls of `farrington`; names in brackets are R's. */
export type FarringtonSettings = {
  range?: Range;
  /** Years back (b). Default 5. */
  years?: number;
  /** Half-window (w). Default 3. */
  halfWindow?: number;
  reweight?: boolean;
  /** Two-sided level: the bound is the 1 − α/2 limit. Default 0.05. */
  alpha?: number;
  trend?: boolean;
  /** No alarm below `cases` in the last `units` units (limit54). Default 5 in 4. */
  limit54?: { cases: number; units: number };
  /** Transformation (powertrans). Default '2/3'. */
  power?: PowerTransform;
  /** Population per unit; enters as log offset. */
  population?: Float64Array;
  /** Accept units whose oldest windows lie before the series, as R does with a warning. Default false. */
  allowPartialHistory?: boolean;
  /** R's handling of gaps in limit54: one gap removes the bound. Default false. */
  rCompatible?: boolean;
};

/** Per unit; `bound` is 0 where too few cases forbid an alarm (as in R), NaN where no model converges. */
export type OriginalFarringtonDetection = Detection & { expected: Float64Array; trend: Uint8Array };

/**
 * Runs the original Farrington algorithm.
 * @param counts cases per unit; NaN = gap
 * @param frequency units per year: 52 or 12
 */
export function farrington(
  counts: Float64Array,
  frequency: number,
  settings: FarringtonSettings = {},
): OriginalFarringtonDetection | Refusal {
  const {
    years = 5,
    halfWindow = 3,
    alpha = 0.05,
    limit54 = { cases: 5, units: 4 },
    allowPartialHistory = false,
  } = settings;
  if (!Number.isInteger(years) || years < 1) return invalid('years', 'must be a whole number, 1 or more');
  if (!Number.isInteger(halfWindow) || halfWindow < 0)
    return invalid('halfWindow', 'must be a whole number, 0 or more');
  if (!(alpha > 0 && alpha < 1)) return invalid('alpha', 'must lie between 0 and 1');
  if (!(limit54.cases >= 0 && limit54.units > 0)) return invalid('limit54', 'needs cases ≥ 0 and units > 0');
  if (settings.population && settings.population.length !== counts.length)
    return invalid('population', 'must have one value per unit');
  const bad =
    checkFrequency(frequency) ??
    checkWord('power', settings.power ?? '2/3', ['2/3', '1/2', 'none']) ??
    checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(
    counts.length,
    years * frequency + (allowPartialHistory ? -halfWindow - 1 : halfWindow),
    settings.range,
  );
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  const out: OriginalFarringtonDetection = {
    kind: 'detection',
    from: range.from,
    bound: new Float64Array(n).fill(Number.NaN),
    alarm: new Uint8Array(n),
    expected: new Float64Array(n).fill(Number.NaN),
    trend: new Uint8Array(n),
  };
  const rule: FitRule = {
    trend: settings.trend ?? true,
    years,
    reweight: settings.reweight ?? true,
    weightsThreshold: 1,
    pThresholdTrend: 0.05,
    dispersionOfErrors: 'phi',
    needsConvergence: false,
  };
  const z = normalQuantile(1 - alpha / 2);
  const arrow = arrowWorkspace(years * (2 * halfWindow + 1), 1);
  for (let k = 0; k < n; k++) {
    const t = range.from + k;
    const now = loadBaseline(
      arrow,
      windows(t, years, halfWindow, frequency),
      0,
      t,
      counts,
      settings.population,
      (i) => i,
    );
    const fit = fitBaseline(arrow, 0, now, settings.population ? Math.log(settings.population[t]!) : 0, rule);
    if (!fit) continue;
    const y = counts[t]!;
    const mean = Math.exp(fit.eta0);
    const { upper } = deltaThreshold(mean, fit.seEta0 * mean, fit.phi, settings.power ?? '2/3', z, y);
    let recent = 0;
    for (let i = t - limit54.units + 1; i <= t; i++)
      if (settings.rCompatible || !Number.isNaN(counts[i]!)) recent += counts[i]!;
    const enough = recent >= limit54.cases;
    out.expected[k] = mean;
    out.trend[k] = fit.trend ? 1 : 0;
    out.bound[k] = enough ? upper : Number.isNaN(recent) ? Number.NaN : 0;
    out.alarm[k] = enough && (y - mean) / (upper - mean) > 1 ? 1 : 0;
  }
  return out;
}

// Windows of neighbouring years may overlap only if w > frequency/2; R counts such units twice, and so do we.
function windows(t: number, years: number, halfWindow: number, frequency: number): Baseline {
  const indices: number[] = [];
  for (let y = years; y >= 1; y--) {
    const centre = t - y * frequency;
    for (let i = centre - halfWindow; i <= centre + halfWindow; i++) if (i >= 0) indices.push(i);
  }
  return { indices: Int32Array.from(indices), levels: new Uint8Array(indices.length) };
}
