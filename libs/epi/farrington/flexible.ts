/**
 * Farrington Flexible: the improved algorithm of A. Noufaily et al. (2013) Stat Med 32:1206 with every control of
 * R surveillance's farringtonFlexible (M. Salmon et al. 2016, JSS 70(10)).
 */
import { normalQuantile } from '../distributions/normal.ts';
import { type ArrowWorkspace, arrowWorkspace } from '../glm/arrow.ts';
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
import { type Baseline, type BaselineShape, baselineOf, type Calendar, loadBaseline } from './baseline.ts';
import { type FitRule, fitBaseline } from './fit.ts';
import { countThreshold, deltaThreshold, type PowerTransform } from './threshold.ts';

/** Controls of `farringtonFlexible`; names in brackets are R's. */
export type FarringtonFlexibleSettings = {
  range?: Range;
  /** Years back (b). Default 5. */
  years?: number;
  /** Half-window in units (w). Default 3. */
  halfWindow?: number;
  /** Down-weight past outbreaks. Default true. */
  reweight?: boolean;
  /** Standardised residuals above it are down-weighted. Default 2.58. */
  weightsThreshold?: number;
  /** One-sided level of the bound. Default 0.05. */
  alpha?: number;
  /** Try a linear trend. Default true. */
  trend?: boolean;
  /** The trend stays below this p-value. Default 0.05; 1 keeps it always (with 3 years and no extrapolation). */
  pThresholdTrend?: number;
  /** No alarm below `cases` in the last `units` units, the present one included (limit54). Default 5 in 4. */
  limit54?: { cases: number; units: number };
  /** Transformation of the delta method (powertrans). Default '2/3'. */
  power?: PowerTransform;
  /** Population per unit; enters as log offset (populationOffset). */
  population?: Float64Array;
  /** Seasonal levels (noPeriods). 1 = windows only (default); 10 in the improved algorithm. */
  periods?: number;
  /** Last units kept out of the baseline (pastWeeksNotIncluded). Default: the half-window; 26 in the improved algorithm. */
  pastNotIncluded?: number;
  /** How the bound is formed (thresholdMethod). Default 'delta'. */
  thresholdMethod?: 'delta' | 'nbPlugin' | 'muan';
  /** Day number of each unit (days since 1970-01-01): reference units are then found by date, right across 53-week years. */
  days?: Int32Array;
  /** Unit of the series when `days` is given. Default 'week'. */
  unit?: 'week' | 'month' | 'day';
  /** R's handling of gaps: one gap among the last `limit54.units` removes the bound. Default false: the known counts decide. */
  rCompatible?: boolean;
};

/** Settings of the improved algorithm (Noufaily 2013): ten levels, 26 weeks left out, 2.58, trend always tried, NB bound. */
export const FARRINGTON_IMPROVED: FarringtonFlexibleSettings = {
  years: 5,
  halfWindow: 3,
  periods: 10,
  pastNotIncluded: 26,
  weightsThreshold: 2.58,
  pThresholdTrend: 1,
  thresholdMethod: 'nbPlugin',
};

/** Per unit: bound, alarm and the model behind them. NaN where no model or no bound exists. */
export type FarringtonDetection = Detection & {
  /** Expected count, cases; NaN also where too few cases forbid an alarm. */
  expected: Float64Array;
  /** (y − prediction)/(bound − prediction); as in R, nbPlugin and muan mix in the prediction on the log scale. */
  score: Float64Array;
  /** Probability of a count at least as high as seen. */
  p: Float64Array;
  /** Mean behind the bound: plug-in mean (nbPlugin), else its upper (1−α) limit. */
  mu0: Float64Array;
  /** Dispersion φ ≥ 1. */
  phi: Float64Array;
  /** 1 where the trend was kept; its coefficient per unit of time. */
  trend: Uint8Array;
  trendCoefficient: Float64Array;
};

/** Buffers that successive calls with the same layout may share. */
export type FarringtonWorkspace = { arrow: ArrowWorkspace; template: Baseline | null; key: string };

/** Makes a reusable workspace; pass it to many calls with the same settings to avoid allocation. */
export function farringtonWorkspace(): FarringtonWorkspace {
  return { arrow: arrowWorkspace(0, 1), template: null, key: '' };
}

function refuseSettings(s: FarringtonFlexibleSettings, length: number, frequency: number): Refusal | null {
  const { years = 5, halfWindow = 3, periods = 1, alpha = 0.05, limit54 = { cases: 5, units: 4 } } = s;
  const bad =
    checkFrequency(frequency) ??
    checkWord('thresholdMethod', s.thresholdMethod ?? 'delta', ['delta', 'nbPlugin', 'muan']) ??
    checkWord('power', s.power ?? '2/3', ['2/3', '1/2', 'none']);
  if (bad) return bad;
  if (!Number.isInteger(years) || years < 1) return invalid('years', 'must be a whole number, 1 or more');
  if (!Number.isInteger(halfWindow) || halfWindow < 0)
    return invalid('halfWindow', 'must be a whole number, 0 or more');
  if (!Number.isInteger(periods) || periods < 1 || periods > 250)
    return invalid('periods', 'must be a whole number, 1 to 250');
  if (!(alpha > 0 && alpha < 1)) return invalid('alpha', 'must lie between 0 and 1');
  if (!(limit54.cases >= 0 && limit54.units > 0)) return invalid('limit54', 'needs cases ≥ 0 and units > 0');
  if (periods > 1 && frequency - 2 * halfWindow - 1 < periods - 1)
    return invalid('periods', 'more levels than units between windows');
  if (s.population && s.population.length !== length) return invalid('population', 'must have one value per unit');
  if (s.days && s.days.length !== length) return invalid('days', 'must have one value per unit');
  return null;
}

// By index the layout of the baseline is the same for every unit: compute it once, relative to the present unit.
function relativeBaseline(ws: FarringtonWorkspace, shape: BaselineShape, frequency: number): Baseline {
  const key = `${shape.years}/${shape.halfWindow}/${shape.periods}/${shape.pastNotIncluded}/${frequency}`;
  if (!ws.template || ws.key !== key) {
    const span = shape.years * frequency + shape.halfWindow;
    const { indices, levels } = baselineOf(span, shape, { kind: 'index', frequency })!;
    ws.template = { indices: indices.map((index) => index - span), levels };
    ws.key = key;
  }
  return ws.template;
}

/**
 * Runs Farrington Flexible.
 * @param counts cases per unit; NaN = gap (left out of baselines; never alarms)
 * @param frequency units per year: 52, 12 or 365
 * @returns a detection, or a refusal: `not-enough-history` unless years·frequency + halfWindow units precede
 */
export function farringtonFlexible(
  counts: Float64Array,
  frequency: number,
  settings: FarringtonFlexibleSettings = {},
  workspace?: FarringtonWorkspace,
): FarringtonDetection | Refusal {
  const { years = 5, halfWindow = 3, periods = 1, alpha = 0.05, limit54 = { cases: 5, units: 4 } } = settings;
  const method = settings.thresholdMethod ?? 'delta';
  const bad = checkCounts(counts) ?? refuseSettings(settings, counts.length, frequency);
  if (bad) return bad;
  const range = checkRange(counts.length, years * frequency + halfWindow, settings.range);
  if (isRefusal(range)) return range;
  const n = range.to - range.from;
  const nan = () => new Float64Array(n).fill(Number.NaN);
  const out: FarringtonDetection = {
    kind: 'detection',
    from: range.from,
    bound: nan(),
    alarm: new Uint8Array(n),
    expected: nan(),
    score: nan(),
    p: nan(),
    mu0: nan(),
    phi: nan(),
    trend: new Uint8Array(n),
    trendCoefficient: nan(),
  };
  const rule: FitRule = {
    trend: settings.trend ?? true,
    years,
    reweight: settings.reweight ?? true,
    weightsThreshold: settings.weightsThreshold ?? 2.58,
    pThresholdTrend: settings.pThresholdTrend ?? 0.05,
    dispersionOfErrors: 'overwritten-weights',
    needsConvergence: true,
  };
  const shape: BaselineShape = { years, halfWindow, periods, pastNotIncluded: settings.pastNotIncluded ?? halfWindow };
  const calendar: Calendar = settings.days
    ? { kind: 'dates', days: settings.days, unit: settings.unit ?? 'week' }
    : { kind: 'index', frequency };
  const ws = workspace ?? farringtonWorkspace();
  const z = normalQuantile(1 - alpha);
  const step = settings.days && settings.days.length > 1 ? settings.days[1]! - settings.days[0]! : 1;
  const times = settings.days ? (i: number) => settings.days![i]! / step : (i: number) => i;
  for (let k = 0; k < n; k++) {
    const t = range.from + k;
    const base = calendar.kind === 'index' ? relativeBaseline(ws, shape, frequency) : baselineOf(t, shape, calendar);
    if (!base) continue;
    if (ws.arrow.y.length < base.indices.length || ws.arrow.levels !== periods)
      ws.arrow = arrowWorkspace(base.indices.length, periods);
    const now = loadBaseline(ws.arrow, base, calendar.kind === 'index' ? t : 0, t, counts, settings.population, times);
    const fit = fitBaseline(
      ws.arrow,
      periods - 1,
      now,
      settings.population ? Math.log(settings.population[t]!) : 0,
      rule,
    );
    if (!fit) continue;
    const y = counts[t]!;
    const mean = Math.exp(fit.eta0);
    const upperMean =
      method === 'nbPlugin'
        ? mean
        : Math.exp(method === 'muan' ? fit.eta0 + z * fit.seEta0 : mean + z * fit.seEta0 * mean);
    const bound =
      method === 'delta'
        ? deltaThreshold(mean, fit.seEta0 * mean, fit.phi, settings.power ?? '2/3', z, y)
        : countThreshold(upperMean, fit.phi, alpha, y);
    const prediction = method === 'delta' ? mean : fit.eta0;
    const score = (y - prediction) / (bound.upper - prediction);
    let recent = 0;
    for (let i = t - limit54.units + 1; i <= t; i++)
      if (settings.rCompatible || !Number.isNaN(counts[i]!)) recent += counts[i]!;
    const enough = recent >= limit54.cases;
    out.phi[k] = fit.phi;
    out.mu0[k] = upperMean;
    out.score[k] = score;
    out.p[k] = bound.p;
    out.trend[k] = fit.trend ? 1 : 0;
    out.trendCoefficient[k] = fit.trendCoefficient;
    if (!enough) continue;
    out.bound[k] = bound.upper;
    if (!Number.isNaN(bound.upper)) out.expected[k] = mean;
    out.alarm[k] = score > 1 && y !== 0 ? 1 : 0;
  }
  return out;
}
