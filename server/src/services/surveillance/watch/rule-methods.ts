import type { RuleMethod, RuleSettings } from '@hutong/contract/watch.ts';
import {
  BAYES_3,
  bayes,
  type Detection,
  ears,
  FARRINGTON_IMPROVED,
  farringtonFlexible,
  fixedThreshold,
  isRefusal,
  movingPercentile,
  type Range,
  type Refusal,
  RKI_3,
  rki,
  seasonalRegression,
} from '@hutong/epi';

const weeks = 52;

/** The knobs of each method, with their defaults and limits; what a method does not have is not accepted. */
export const ruleKnobs: Record<RuleMethod, { alpha?: number; percentile?: number; years?: number; cases?: number }> = {
  'seasonal-regression': { alpha: 0.01, years: 10 },
  'farrington-flexible': { alpha: 0.01, years: 5 },
  'ears-c1': { alpha: 0.01 },
  'ears-c2': { alpha: 0.01 },
  'ears-c3': {},
  bayes: { alpha: 0.01 },
  rki: {},
  'moving-percentile': { percentile: 0.8, years: 3 },
  'fixed-threshold': { cases: 1 },
};
export const ruleMethods = Object.keys(ruleKnobs) as RuleMethod[];

/** What is wrong with settings, or null. */
export function settingsProblem(settings: RuleSettings): { zh: string; en: string } | null {
  const knobs = ruleKnobs[settings.method];
  const { alpha, percentile, years, cases } = settings;
  const foreign = (['alpha', 'percentile', 'years', 'cases'] as const).find(
    (name) => settings[name] !== undefined && knobs[name] === undefined,
  );
  if (foreign) return { zh: `该方法没有参数 ${foreign}`, en: `this method has no setting ${foreign}` };
  if (alpha !== undefined && !(alpha >= 0.0001 && alpha <= 0.2))
    return { zh: 'alpha 须在 0.0001 与 0.2 之间', en: 'alpha lies between 0.0001 and 0.2' };
  if (percentile !== undefined && !(percentile >= 0.5 && percentile <= 0.99))
    return { zh: '百分位须在 0.5 与 0.99 之间', en: 'the percentile lies between 0.5 and 0.99' };
  if (years !== undefined && !(Number.isInteger(years) && years >= 1 && years <= 10))
    return { zh: '年数须为 1 至 10', en: 'years are 1 to 10' };
  if (cases !== undefined && !(Number.isInteger(cases) && cases >= 1 && cases <= 10_000))
    return { zh: '病例数须为 1 至 10000', en: 'cases are 1 to 10,000' };
  if (!(Number.isInteger(settings.fewest) && settings.fewest >= 1 && settings.fewest <= 1000))
    return { zh: '最少病例数须为 1 至 1000', en: 'the smallest count is 1 to 1,000' };
  return null;
}

export type Ruled = {
  from: number;
  bound: Float64Array;
  expected: Float64Array | null;
  p: Float64Array | null;
  alarm: Uint8Array;
};

/**
 * Runs a rule over windows of a series; an alarm needs at least `fewest` cases. A refusal says why the method cannot judge (history too short).
 * @param bounds false where only alarms are wanted: the recommended method is then several times as fast, its bounds stay NaN
 */
export function runRule(counts: Float64Array, settings: RuleSettings, range?: Range, bounds = true): Ruled | Refusal {
  const within = range ? { range } : {};
  const alpha = settings.alpha === undefined ? {} : { alpha: settings.alpha };
  const found = ((): Detection | Refusal => {
    switch (settings.method) {
      case 'seasonal-regression':
        return seasonalRegression(counts, weeks, {
          ...within,
          ...alpha,
          bounds,
          ...(settings.years !== undefined && { years: settings.years }),
        });
      case 'farrington-flexible':
        return farringtonFlexible(counts, weeks, {
          ...FARRINGTON_IMPROVED,
          ...within,
          ...alpha,
          ...(settings.years !== undefined && { years: settings.years }),
        });
      case 'ears-c1':
        return ears(counts, { method: 'C1', minSigma: 0.5, ...within, ...alpha });
      case 'ears-c2':
        return ears(counts, { method: 'C2', minSigma: 0.5, ...within, ...alpha });
      case 'ears-c3':
        return ears(counts, { method: 'C3', minSigma: 0.5, ...within });
      case 'bayes':
        return bayes(counts, weeks, { ...BAYES_3, ...within, ...alpha });
      case 'rki':
        return rki(counts, weeks, { ...RKI_3, ...within });
      case 'moving-percentile':
        return movingPercentile(counts, {
          block: 1,
          frequency: weeks,
          ...within,
          ...(settings.percentile !== undefined && { percentile: settings.percentile }),
          ...(settings.years !== undefined && { years: settings.years }),
        });
      case 'fixed-threshold':
        return fixedThreshold(counts, { cases: settings.cases ?? 1, ...within });
    }
  })();
  if (isRefusal(found)) return found;
  const { expected = null, p = null } = found as { expected?: Float64Array; p?: Float64Array };
  const alarm = found.alarm.map((flag, index) =>
    flag === 1 && (counts[found.from + index] as number) >= settings.fewest ? 1 : 0,
  );
  return { from: found.from, bound: found.bound, expected, p, alarm };
}
