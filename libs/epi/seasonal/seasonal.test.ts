import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECOMMENDED, SCORED_METHODS } from '../methods.ts';
import { seeded } from '../random.ts';
import { scoreMethod } from '../scoring.ts';
import { NOUFAILY_SCENARIOS, simulateReplicate } from '../simulate.ts';
import { midP, type SeasonalDetection, seasonalRegression } from './detect.ts';

const full = process.env.HUTONG_FULL === '1';

describe('seasonal regression', () => {
  it(`holds its false-alarm rate and finds more outbreaks than Farrington Flexible (${full ? 30 : 4} replicates of 42 scenarios)`, () => {
    const replicates = full ? 30 : 4;
    const score = (name: string) => scoreMethod(SCORED_METHODS.find((m) => m.name === name)!, replicates, 41);
    const mine = score(RECOMMENDED);
    const theirs = score('Farrington Flexible, nbPlugin');
    // 0.01 ± 20 %, and for the short run four standard errors more
    const slack = full ? 0 : 4 * Math.sqrt(0.0099 / mine.testWeeks);
    expect(mine.falsePositiveRate).toBeLessThan(0.012 + slack);
    expect(mine.falsePositiveRate).toBeGreaterThan(0.008 - slack);
    expect(mine.probabilityOfDetection).toBeGreaterThan(theirs.probabilityOfDetection + 0.03);
  }, 300_000);

  const counts = simulateReplicate(NOUFAILY_SCENARIOS[28]!, 3, 1).quiet;

  it('a unit evaluated alone gives what it gives within a longer range', () => {
    const all = seasonalRegression(counts, 52, { range: { from: 590, to: 610 } }) as SeasonalDetection;
    const one = seasonalRegression(counts, 52, { range: { from: 605, to: 606 } }) as SeasonalDetection;
    expect(one.expected[0]! / all.expected[15]!).toBeCloseTo(1, 4);
    expect(one.p[0]! / all.p[15]!).toBeCloseTo(1, 3);
  });

  it('the bound is the highest count without alarm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 620 }), (t) => {
        const range = { from: t, to: t + 1 };
        const bound = (seasonalRegression(counts, 52, { range }) as SeasonalDetection).bound[0]!;
        for (const [y, alarm] of [
          [bound, 0],
          [bound + 1, 1],
        ] as const) {
          const changed = counts.slice();
          changed[t] = y;
          expect((seasonalRegression(changed, 52, { range }) as SeasonalDetection).alarm[0]).toBe(alarm);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('a past outbreak hardly moves what is expected now', () => {
    const t = 615;
    const range = { from: t, to: t + 1 };
    const struck = counts.slice();
    struck[500] = 20 * (struck[500]! + 5);
    const before = seasonalRegression(counts, 52, { range }) as SeasonalDetection;
    const after = seasonalRegression(struck, 52, { range }) as SeasonalDetection;
    expect(after.expected[0]! / before.expected[0]!).toBeLessThan(1.05);
    expect(after.bound[0]!).toBeLessThan(1.25 * before.bound[0]!);
  });

  it('gaps are left out: a gap now has no p-value, a gap last week leaves the one-week test', () => {
    const random = seeded(6);
    const y = Float64Array.from({ length: 320 }, () => random.poisson(10));
    for (const i of [40, 90, 91, 318]) y[i] = Number.NaN;
    y[319] = 40;
    const d = seasonalRegression(y, 52, { range: { from: 318, to: 320 } }) as SeasonalDetection;
    expect(d.p[0]).toBeNaN();
    expect([...d.alarm]).toEqual([0, 1]);
  });

  it('on a series of zeros the first case in six years is news, and zeros are not', () => {
    const y = new Float64Array(320);
    y[319] = 1;
    const d = seasonalRegression(y, 52, { range: { from: 310, to: 320 } }) as SeasonalDetection;
    expect(d.alarm.slice(0, 9).every((a) => a === 0)).toBe(true);
    expect(d.alarm[9]).toBe(1);
    expect(d.p[9]!).toBeGreaterThan(1e-5);
  });

  it('refuses less than two years and the guard', () => {
    expect(seasonalRegression(new Float64Array(100), 52)).toEqual({
      kind: 'not-enough-history',
      needed: 112,
      available: 100,
    });
    expect(seasonalRegression(Float64Array.from([-1]), 52)).toEqual({ kind: 'bad-count', index: 0, value: -1 });
  });

  it('mid-p values of a count average one half', () => {
    for (const [mean, phi] of [
      [0.3, 1],
      [3, 2.5],
      [40, 4],
    ] as const) {
      const random = seeded(12);
      let sum = 0;
      for (let i = 0; i < 4000; i++) sum += midP(random.overdispersed(mean, phi), mean, phi * mean);
      expect(sum / 4000).toBeCloseTo(0.5, 1);
    }
  });
});
