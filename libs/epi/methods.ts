/** The methods that are scored on simulated outbreaks, each with the settings of its literature at a nominal level of 0.01. */
import { BAYES_1, BAYES_2, BAYES_3, bayes } from './bayes.ts';
import { fixedThreshold, movingPercentile } from './cidars.ts';
import { cusum } from './cusum.ts';
import { ears } from './ears.ts';
import { FARRINGTON_IMPROVED, farringtonFlexible } from './farrington/flexible.ts';
import { farrington } from './farrington/original.ts';
import { fitPoisson, harmonicDesign } from './glm/poisson.ts';
import { glr } from './glr.ts';
import { outbreakP } from './outbreak-p.ts';
import { RKI_1, RKI_2, RKI_3, rki } from './rki.ts';
import { seasonalRegression } from './seasonal/detect.ts';
import type { Detection, Range, Refusal } from './series.ts';

/** A detector of weekly series, ready to run over a range. `remembers`: what it says of a week depends on where the range began. */
export type ScoredMethod = {
  name: string;
  remembers?: true;
  run: (counts: Float64Array, range: Range) => Detection | Refusal;
};

const WEEKS = 52;

function harmonicMeans(counts: Float64Array, range: Range): Float64Array {
  const times = Array.from({ length: range.to }, (_, i) => i + 1);
  const y = counts.slice(0, range.to).fill(Number.NaN, range.from);
  const fit = fitPoisson(harmonicDesign(times, WEEKS, 1, true), y);
  return fit ? fit.mu.slice(range.from) : new Float64Array(range.to - range.from).fill(Number.NaN);
}

/** The method this library recommends for weekly series with history. */
export const RECOMMENDED = 'seasonal regression (recommended)';

/** All scored methods. */
export const SCORED_METHODS: ScoredMethod[] = [
  { name: RECOMMENDED, run: (y, range) => seasonalRegression(y, WEEKS, { range, alpha: 0.01, bounds: false }) },
  {
    name: 'Farrington Flexible, delta',
    run: (y, range) =>
      farringtonFlexible(y, WEEKS, {
        ...FARRINGTON_IMPROVED,
        thresholdMethod: 'delta',
        pThresholdTrend: 0.05,
        alpha: 0.01,
        range,
      }),
  },
  {
    name: 'Farrington Flexible, nbPlugin',
    run: (y, range) => farringtonFlexible(y, WEEKS, { ...FARRINGTON_IMPROVED, alpha: 0.01, range }),
  },
  // At the rate of false alarms of the recommended method.
  {
    name: 'Farrington Flexible, delta, α 0.0087',
    run: (y, range) =>
      farringtonFlexible(y, WEEKS, {
        ...FARRINGTON_IMPROVED,
        thresholdMethod: 'delta',
        pThresholdTrend: 0.05,
        alpha: 0.0087,
        range,
      }),
  },
  {
    name: 'Farrington Flexible, nbPlugin, α 0.0115',
    run: (y, range) => farringtonFlexible(y, WEEKS, { ...FARRINGTON_IMPROVED, alpha: 0.0115, range }),
  },
  {
    name: 'Farrington Flexible, muan',
    run: (y, range) =>
      farringtonFlexible(y, WEEKS, { ...FARRINGTON_IMPROVED, thresholdMethod: 'muan', alpha: 0.01, range }),
  },
  { name: 'Farrington (original), α 0.02 two-sided', run: (y, range) => farrington(y, WEEKS, { alpha: 0.02, range }) },
  { name: 'EARS C1, α 0.01', run: (y, range) => ears(y, { method: 'C1', alpha: 0.01, range }) },
  { name: 'EARS C2, α 0.01', run: (y, range) => ears(y, { method: 'C2', alpha: 0.01, range }) },
  { name: 'EARS C3 (sum of excesses > 2)', run: (y, range) => ears(y, { method: 'C3', range }) },
  { name: 'Bayes 1, α 0.01', run: (y, range) => bayes(y, WEEKS, { ...BAYES_1, alpha: 0.01, range }) },
  { name: 'Bayes 2, α 0.01', run: (y, range) => bayes(y, WEEKS, { ...BAYES_2, alpha: 0.01, range }) },
  { name: 'Bayes 3, α 0.01', run: (y, range) => bayes(y, WEEKS, { ...BAYES_3, alpha: 0.01, range }) },
  { name: 'RKI 1', run: (y, range) => rki(y, WEEKS, { ...RKI_1, range }) },
  { name: 'RKI 2', run: (y, range) => rki(y, WEEKS, { ...RKI_2, range }) },
  { name: 'RKI 3', run: (y, range) => rki(y, WEEKS, { ...RKI_3, range }) },
  {
    name: 'CUSUM Rossi, harmonic mean',
    remembers: true,
    run: (y, range) => cusum(y, { range, transform: 'rossi', mean: harmonicMeans(y, range) }),
  },
  {
    name: 'CUSUM Pearson NB (α 0.1), harmonic mean',
    remembers: true,
    run: (y, range) => cusum(y, { range, transform: 'pearsonNegBin', mean: harmonicMeans(y, range) }),
  },
  { name: 'GLR Poisson, c = 5', remembers: true, run: (y, range) => glr(y, { range, mean: harmonicMeans(y, range) }) },
  {
    name: 'GLR NB (α 0.1), c = 5, window 12',
    remembers: true,
    run: (y, range) => glr(y, { range, mean: harmonicMeans(y, range), alpha: 0.1, window: 12 }),
  },
  {
    name: 'OutbreakP from week 576, k = 100',
    remembers: true,
    run: (y, range) => outbreakP(y, { range, start: range.from }),
  },
  {
    name: 'CIDARS moving percentile, P80',
    run: (y, range) => movingPercentile(y, { block: 1, frequency: WEEKS, percentile: 0.8, range }),
  },
  {
    name: 'CIDARS moving percentile, P50',
    run: (y, range) => movingPercentile(y, { block: 1, frequency: WEEKS, percentile: 0.5, range }),
  },
  { name: 'CIDARS fixed threshold, 5 cases', run: (y, range) => fixedThreshold(y, { cases: 5, range }) },
];
