import { describe, expect, it } from 'vitest';
import { ears } from './ears.ts';
import { farringtonFlexible } from './farrington/flexible.ts';
import { groupBy, num, readFixture, relativeError } from './fixture-table.ts';
import { seeded } from './random.ts';
import type { Detection, Range, Refusal } from './series.ts';
import { NOUFAILY_SCENARIOS, scenarioMean, simulateReplicate, TEST_START } from './simulate.ts';

describe('Noufaily simulation', () => {
  it('has the parameters of the 42 published scenarios', () => {
    const rows = readFixture('sim42_scenarios.csv');
    expect(NOUFAILY_SCENARIOS.length).toBe(rows.length);
    rows.forEach((row, i) => {
      const s = NOUFAILY_SCENARIOS[i]!;
      expect([s.theta, s.phi, s.beta, s.harmonics]).toEqual([num(row.theta), num(row.phi), num(row.beta), num(row.m)]);
      if (s.harmonics > 0) expect([s.gamma1, s.gamma2]).toEqual([num(row.g1), num(row.g2)]);
    });
  });

  it('draws counts of the wanted mean and dispersion', () => {
    const random = seeded(1);
    for (const [mean, phi] of [
      [0.15, 2],
      [4, 1],
      [12, 3],
      [148, 1.2],
    ] as const) {
      const n = 40_000;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const y = random.overdispersed(mean, phi);
        sum += y;
        squares += y * y;
      }
      const m = sum / n;
      const sd = Math.sqrt((phi * mean) / n);
      expect(Math.abs(m - mean)).toBeLessThan(4 * sd);
      expect((squares / n - m * m) / m / phi).toBeCloseTo(1, 1);
    }
  });

  it('the same seed gives the same replicate, another stream another one', () => {
    const s = NOUFAILY_SCENARIOS[5]!;
    expect(simulateReplicate(s, 9, 3)).toEqual(simulateReplicate(s, 9, 3));
    expect(simulateReplicate(s, 9, 3).quiet).not.toEqual(simulateReplicate(s, 9, 4).quiet);
  });

  it('the current outbreak lies in the test weeks and is the only difference', () => {
    for (let r = 0; r < 30; r++) {
      const { quiet, outbreak, current } = simulateReplicate(NOUFAILY_SCENARIOS[28]!, 4, r);
      expect(current.first).toBeGreaterThanOrEqual(TEST_START);
      const added = outbreak.map((v, i) => v - quiet[i]!);
      expect(added.reduce((a, b) => a + b, 0)).toBe(current.size);
      expect(added.every((v, i) => v >= 0 && (v === 0 || (i >= current.first && i <= current.last)))).toBe(true);
    }
    expect(scenarioMean(NOUFAILY_SCENARIOS[0]!, 1)).toBeCloseTo(Math.exp(0.1), 12);
  });
});

describe("R's alarms on simulated series", () => {
  const series = groupBy(readFixture('sim42_series.csv'), 'scenario', 'rep');
  const flexible = (extra: object) => (y: Float64Array, range: Range) =>
    farringtonFlexible(y, 52, { alpha: 0.01, range, ...extra });
  const methods: Record<string, (y: Float64Array, range: Range) => Detection | Refusal> = {
    farrington: flexible({ weightsThreshold: 1 }),
    noufaily_delta: flexible({ periods: 10, pastNotIncluded: 26 }),
    noufaily_nbPlugin: flexible({ periods: 10, pastNotIncluded: 26, thresholdMethod: 'nbPlugin' }),
    EARS_C1: (y, range) => ears(y, { method: 'C1', alpha: 0.01, range }),
    EARS_C2: (y, range) => ears(y, { method: 'C2', alpha: 0.01, range }),
    EARS_C3: (y, range) => ears(y, { method: 'C3', alpha: 0.01, range, rCompatible: true }),
  };
  for (const [method, rows] of groupBy(readFixture('sim42_alarms.csv'), 'method')) {
    it(`${method}: same number of alarms, and the sum of bounds to 1e-6, in ${rows.length} runs`, () => {
      for (const row of rows) {
        // the reference counts false alarms on the baseline without past outbreaks
        const column = row.kind === 'fpr' ? 'baseline' : 'with_current_outbreak';
        const y = Float64Array.from(series.get(`${row.scenario}|${row.rep}`)!, (r) => num(r[column]));
        const d = methods[method]!(y, { from: 575, to: 624 }) as Detection;
        const sum = d.bound.reduce((a, b) => (Number.isNaN(b) ? a : a + b), 0);
        // R's sums are NA where a C3 bound is NaN
        if (!Number.isNaN(num(row.ub_sum)))
          expect(relativeError(sum, num(row.ub_sum)), `${row.scenario} ${row.rep} ${row.kind}`).toBeLessThan(1e-6);
        if (row.n_alarm !== 'NA') expect(d.alarm.reduce((a, b) => a + b, 0)).toBe(num(row.n_alarm));
      }
    });
  }
});
