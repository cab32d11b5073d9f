/** What nobody should ask, asked of every function: an answer or a reason in words, at once; never a throw, a hang or a silent nonsense. */
import { describe, expect, it } from 'vitest';
import {
  BAYES_3,
  bayes,
  coriRt,
  cusum,
  type Detection,
  ears,
  FARRINGTON_IMPROVED,
  farrington,
  farringtonFlexible,
  fixedThreshold,
  glr,
  isRefusal,
  movingPercentile,
  outbreakP,
  poissonScan,
  type Refusal,
  relativeExcess,
  rki,
  seasonalRegression,
  wallingaTeunis,
} from './index.ts';

const of = (length: number, value: (index: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, index) => value(index));
const last = (counts: Float64Array, n: number) => ({ from: Math.max(0, counts.length - n), to: counts.length });

/** Every detector as an epidemiologist would call it on weeks. */
const detectors: Record<string, (counts: Float64Array, frequency?: number) => Detection | Refusal> = {
  seasonalRegression: (y, f = 52) => seasonalRegression(y, f, { range: last(y, 3) }),
  relativeExcess: (y, f = 52) => relativeExcess(y, y, f, { range: last(y, 3) }),
  farringtonFlexible: (y, f = 52) => farringtonFlexible(y, f, { ...FARRINGTON_IMPROVED, range: last(y, 3) }),
  farrington: (y, f = 52) => farrington(y, f, { range: last(y, 3) }),
  bayes: (y, f = 52) => bayes(y, f, BAYES_3),
  rki: (y, f = 52) => rki(y, f),
  movingPercentile: (y, f = 52) => movingPercentile(y, { block: 1, frequency: f, years: 3 }),
  earsC1: (y) => ears(y),
  earsC2: (y) => ears(y, { method: 'C2' }),
  earsC3: (y) => ears(y, { method: 'C3' }),
  fixedThreshold: (y) => fixedThreshold(y, { cases: 3 }),
  outbreakP: (y) => outbreakP(y),
  cusum: (y) => cusum(y, { range: last(y, 100) }),
  glr: (y) => glr(y, { range: last(y, 100), mean: of(Math.min(100, y.length), () => 2) }),
};
const withoutSeason = ['earsC1', 'earsC2', 'earsC3', 'fixedThreshold', 'outbreakP', 'cusum', 'glr'];

const alarms = (found: Detection | Refusal): number =>
  isRefusal(found) ? Number.NaN : found.alarm.reduce((sum, one) => sum + one, 0);

describe.each(Object.entries(detectors))('%s', (name, run) => {
  it('says what is wrong with a series that is empty, negative or infinite', () => {
    expect(run(new Float64Array(0))).toMatchObject({ kind: 'not-enough-history', available: 0 });
    expect(run(of(400, (i) => (i === 350 ? -1 : 2)))).toEqual({ kind: 'bad-count', index: 350, value: -1 });
    expect(run(of(400, (i) => (i === 350 ? Number.POSITIVE_INFINITY : 2)))).toMatchObject({ kind: 'bad-count' });
  });

  it('raises nothing on zeros, on gaps alone and on a constant, and answers for counts of a milliard', () => {
    expect(alarms(run(of(400, () => 0)))).toBe(0);
    const gaps = run(of(400, () => Number.NaN));
    if (!isRefusal(gaps)) expect(alarms(gaps)).toBe(0);
    if (name !== 'fixedThreshold' && name !== 'glr') expect(alarms(run(of(400, () => 5)))).toBe(0);
    const huge = run(of(400, (i) => 1e9 + ((i * 7919) % 1000)));
    expect(isRefusal(huge)).toBe(false);
  });

  it('finds twenty cases after years of none', () => {
    const found = run(of(400, (i) => (i === 399 ? 20 : 0)));
    expect(isRefusal(found)).toBe(false);
    // The comparison with a rest that is as empty says nothing, and Farrington's original asks for a model that zeros do not give.
    if (name !== 'relativeExcess' && name !== 'farrington' && name !== 'farringtonFlexible')
      expect((found as Detection).alarm.at(-1)).toBe(1);
  });

  if (!withoutSeason.includes(name))
    it('names a frequency that is no whole number of units per year', () => {
      for (const frequency of [0, -52, 52.18, Number.NaN])
        expect(
          run(
            of(400, () => 2),
            frequency,
          ),
        ).toMatchObject({ kind: 'invalid-setting', setting: 'frequency' });
    });
});

const y = of(400, (i) => i % 5);
const range = last(y, 100);
describe('a setting out of range is named, and a misspelt word does not become another method', () => {
  it.each<[setting: string, found: object]>([
    ['alpha', ears(y, { alpha: 2 })],
    ['method', ears(y, { method: 'c1' as never })],
    ['thresholdMethod', farringtonFlexible(y, 52, { thresholdMethod: 'Noufaily' as never })],
    ['power', farrington(y, 52, { power: '3/2' as never })],
    ['transform', cusum(y, { range, transform: 'Rossi' as never })],
    ['k', cusum(y, { range, k: Number.NaN })],
    ['alpha', cusum(y, { range, transform: 'pearsonNegBin', alpha: -1 })],
    ['mean', cusum(y, { range, mean: Number.NaN })],
    ['mean', cusum(y, { range, mean: of(100, () => -1) })],
    ['mean', cusum(y, { range, mean: of(99, () => 1) })],
    ['mean', glr(y, { range, mean: of(100, () => 0) })],
    ['mean', glr(y, { range, mean: of(100, () => Number.NaN) })],
    ['k', outbreakP(y, { k: 0 })],
    ['block', movingPercentile(y, { block: 1.5, frequency: 52 })],
    ['windows', relativeExcess(y, y, 52, { windows: [] })],
    ['rest', relativeExcess(y, y.slice(1), 52)],
    ['interval', coriRt({ local: y }, { interval: { kind: 'probabilities', w: of(5, () => 0) } })],
    ['priorMean', coriRt({ local: y }, { interval: { kind: 'parametric', mean: 3, sd: 1 }, priorMean: 0 })],
    ['interval', wallingaTeunis(y, { w: of(5, () => Number.NaN) })],
    ['window', wallingaTeunis(y, { w: Float64Array.of(0, 0.5, 0.5), window: 0 })],
    ['places', poissonScan(y, y, { x: of(400, () => Number.NaN), y })],
  ])('%s', (setting, found) => expect(found).toMatchObject({ kind: 'invalid-setting', setting }));
});
