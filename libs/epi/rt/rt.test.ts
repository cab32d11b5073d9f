import { describe, expect, it } from 'vitest';
import { groupBy, num, readFixture, relativeError } from '../fixture-table.ts';
import { coriRt, RT_QUANTILES, type RtEstimates } from './cori.ts';
import { discreteSerialInterval, meanInterval } from './serial-interval.ts';
import { type CaseReproduction, wallingaTeunis } from './wallinga-teunis.ts';

const incidence = groupBy(readFixture('rt_incidence.csv'), 'dataset');
const intervals = groupBy(readFixture('rt_si.csv'), 'dataset', 'method');
const column = (dataset: string, name: string) => Float64Array.from(incidence.get(dataset)!, (r) => num(r[name]));
const probabilities = (key: string) => Float64Array.from(intervals.get(key)!, (r) => num(r.w));
const NAMES = {
  0.025: 'q0.025',
  0.05: 'q0.05',
  0.25: 'q0.25',
  0.5: 'median',
  0.75: 'q0.75',
  0.95: 'q0.95',
  0.975: 'q0.975',
};

describe('Cori R', () => {
  for (const [key, rows] of groupBy(readFixture('rt_results.csv'), 'dataset', 'method', 'window')) {
    const [dataset, method, window] = key.split('|') as [string, string, string];
    it(`${dataset}, ${method}, windows of ${window} days: mean, sd and seven quantiles agree with EpiEstim to 1e-9`, () => {
      const estimates = coriRt(
        { local: column(dataset, 'local'), imported: column(dataset, 'imported') },
        {
          window: num(window),
          interval:
            method === 'parametric_si'
              ? { kind: 'parametric', mean: num(rows[0]!.mean_si), sd: num(rows[0]!.std_si) }
              : { kind: 'probabilities', w: probabilities(`${dataset}|${method}`) },
        },
      ) as RtEstimates;
      expect(estimates.mean.length).toBe(rows.length);
      rows.forEach((row, i) => {
        expect([estimates.start[i]! + 1, estimates.end[i]! + 1]).toEqual([num(row.t_start), num(row.t_end)]);
        expect(relativeError(estimates.mean[i]!, num(row.mean))).toBeLessThan(1e-9);
        expect(relativeError(estimates.sd[i]!, num(row.std))).toBeLessThan(1e-9);
        for (const q of RT_QUANTILES)
          expect(relativeError(estimates.quantiles[q][i]!, num(row[NAMES[q]]))).toBeLessThan(1e-9);
      });
    });
  }

  it('the discrete serial interval is that of EpiEstim to 1e-12, sums to 1 and keeps its mean', () => {
    for (const [key, rows] of intervals) {
      if (!key.endsWith('parametric_si') || key.includes('non_')) continue;
      const result = readFixture('rt_results.csv').find((r) => `${r.dataset}|${r.method}` === key)!;
      const w = discreteSerialInterval(num(result.mean_si), num(result.std_si), rows.length - 1);
      rows.slice(0, -1).forEach((row, k) => {
        expect(Math.abs(w[k]! - num(row.w))).toBeLessThan(1e-12);
      });
      expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      expect(meanInterval(w)).toBeCloseTo(num(result.mean_si), 4);
    }
  });

  it('an uncertain serial interval without uncertainty gives the parametric answer, up to sampling', () => {
    const local = column('Flu2009', 'local');
    const fixed = (value: number) => ({ value, sd: 1e-9, min: value - 1, max: value + 1 });
    const sampled = coriRt(
      { local, imported: column('Flu2009', 'imported') },
      {
        interval: { kind: 'uncertain', mean: fixed(2.6), sd: fixed(1.5), intervals: 40, draws: 500, seed: 4 },
      },
    ) as RtEstimates;
    const exact = coriRt(
      { local, imported: column('Flu2009', 'imported') },
      { interval: { kind: 'parametric', mean: 2.6, sd: 1.5 } },
    ) as RtEstimates;
    for (let i = 0; i < exact.mean.length; i++) {
      expect(sampled.mean[i]! / exact.mean[i]!).toBeCloseTo(1, 1);
      expect(sampled.quantiles[0.5][i]! / exact.quantiles[0.5][i]!).toBeCloseTo(1, 1);
    }
    const wide = coriRt(
      { local },
      {
        interval: {
          kind: 'uncertain',
          mean: { value: 2.6, sd: 1, min: 1.2, max: 4.2 },
          sd: { value: 1.5, sd: 0.5, min: 0.5, max: 2.5 },
          seed: 4,
        },
      },
    ) as RtEstimates;
    expect(wide.sd[10]!).toBeGreaterThan(exact.sd[10]! * 1.02);
  });

  it('finds the R that cases were made with', () => {
    const w = discreteSerialInterval(4, 2, 40);
    const local = new Float64Array(60);
    local[0] = 1000;
    for (let t = 1; t < 60; t++) for (let s = 1; s <= t && s < 40; s++) local[t]! += 1.3 * w[s]! * local[t - s]!;
    const { mean } = coriRt({ local }, { interval: { kind: 'probabilities', w } }) as RtEstimates;
    expect(mean.at(-1)!).toBeCloseTo(1.3, 3);
  });

  it('withholds its answer while a gap lies in the window or in the past that matters', () => {
    const local = new Float64Array(40).fill(10);
    local[15] = Number.NaN;
    const { mean, start, end } = coriRt({ local }, { interval: { kind: 'parametric', mean: 3, sd: 1 } }) as RtEstimates;
    const known = Array.from(mean, (m, i) => [start[i]!, end[i]!, Number.isNaN(m)] as const);
    expect(known.filter(([s, e]) => s <= 15 && e >= 15).every(([, , nan]) => nan)).toBe(true);
    expect(known.find(([s]) => s === 17)![2]).toBe(true);
    expect(known.find(([s]) => s === 30)![2]).toBe(false);
  });

  it('refuses short series and impossible intervals', () => {
    const local = new Float64Array(5);
    expect(coriRt({ local }, { interval: { kind: 'parametric', mean: 3, sd: 1 } })).toEqual({
      kind: 'not-enough-history',
      needed: 8,
      available: 5,
    });
    expect(coriRt({ local: new Float64Array(20) }, { interval: { kind: 'parametric', mean: 1, sd: 1 } })).toMatchObject(
      { kind: 'invalid-setting' },
    );
  });
});

describe('Wallinga-Teunis', () => {
  for (const [dataset, rows] of groupBy(readFixture('rt_wt.csv'), 'dataset')) {
    it(`${dataset}: means agree with EpiEstim to 1e-9`, () => {
      const total = Float64Array.from(incidence.get(dataset)!, (r) => num(r.local) + num(r.imported));
      const r = wallingaTeunis(total, {
        w: probabilities(`${dataset}|non_parametric_si`),
        simulations: 100,
      }) as CaseReproduction;
      rows.forEach((row, i) => {
        expect(r.start[i]! + 1).toBe(num(row.t_start));
        expect(relativeError(r.mean[i]!, num(row.mean))).toBeLessThan(1e-9);
      });
      // the simulated trees scatter round the mean
      const inside = rows.filter((_, i) => r.lower[i]! <= r.mean[i]! + 1e-9 && r.upper[i]! >= r.mean[i]! - 0.05).length;
      expect(inside).toBe(rows.length);
    });
  }

  it('every case but those of the first generation has exactly one infector', () => {
    const total = Float64Array.from({ length: 30 }, (_, i) => 5 + ((i * 7) % 11));
    const w = discreteSerialInterval(3, 1, 30);
    const r = wallingaTeunis(total, { w, window: 29 }) as CaseReproduction;
    const cases = total.slice(1).reduce((a, b) => a + b, 0);
    // infectors among days 2..30 of all cases, plus those that day 1 infected
    expect(r.mean[0]! * cases).toBeLessThan(cases);
    expect(r.mean[0]! * cases).toBeGreaterThan(cases * 0.9);
  });
});
