import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupBy, num, readFixture, readSeries } from './fixture-table.ts';
import { fitNegativeBinomial } from './glm/negative-binomial.ts';
import { fitPoisson, harmonicDesign } from './glm/poisson.ts';
import { type GlrDetection, glr } from './glr.ts';
import { type OutbreakPDetection, outbreakP } from './outbreak-p.ts';

const series = readSeries();
const reference = groupBy(readFixture('other.csv'), 'method', 'series');
const close = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
const rowsOf = (method: string) =>
  [...reference].filter(([k]) => k.startsWith(`${method}|`)).map(([k, rows]) => [k.split('|')[1]!, rows] as const);

describe('GLR and OutbreakP', () => {
  for (const [method, tolerance] of [
    ['glrpois', 1e-9],
    ['glrnb', 1e-6],
  ] as const) {
    it(`${method} with a harmonic regression as in-control mean agrees with R to ${tolerance}, alarms identical`, () => {
      for (const [name, rows] of rowsOf(method)) {
        const s = series.get(name)!;
        const from = num(rows[0]!.t) - 1;
        const to = num(rows.at(-1)!.t);
        const y = s.counts.slice(0, to).fill(Number.NaN, from);
        const design = harmonicDesign(
          Array.from({ length: to }, (_, i) => i + 1),
          s.frequency,
          1,
          false,
        );
        const nb = method === 'glrnb' ? fitNegativeBinomial(design, y)! : null;
        const mean = (nb ?? fitPoisson(design, y)!).mu.slice(from, to);
        const d = glr(s.counts, { range: { from, to }, mean, alpha: nb ? 1 / nb.theta : 0 }) as GlrDetection;
        rows.forEach((row, i) => {
          expect(close(d.statistic[i]!, num(row.upperbound_or_value), tolerance), `${name} ${row.t}`).toBe(true);
          expect(d.alarm[i]).toBe(num(row.alarm));
        });
      }
    });
  }

  it('OutbreakP agrees with R to 1e-8, alarms identical', () => {
    for (const [name, rows] of rowsOf('outbreakP')) {
      const from = num(rows[0]!.t) - 1;
      const range = { from, to: num(rows.at(-1)!.t) };
      const d = outbreakP(series.get(name)!.counts, { range, rCompatible: true }) as OutbreakPDetection;
      rows.forEach((row, i) => {
        const expected = num(row.upperbound_or_value);
        if (Number.isNaN(expected)) {
          expect(d.statistic[i]).toBeNaN();
          return;
        }
        if (expected !== d.statistic[i])
          expect(Math.abs(d.statistic[i]! / expected - 1), `${name} ${row.t}`).toBeLessThan(1e-8);
        expect(d.alarm[i]).toBe(num(row.alarm));
      });
    }
  });

  it('by logarithms OutbreakP keeps its statistic where the plain product underflows', () => {
    const y = Float64Array.from({ length: 60 }, (_, i) => (i < 50 ? 300 : 300 + 40 * (i - 49)));
    expect((outbreakP(y) as OutbreakPDetection).alarm.at(-1)).toBe(1);
    expect((outbreakP(y) as OutbreakPDetection).statistic.at(-1)!).toBeGreaterThan(1e6);
  });

  it('the bound is the highest count without alarm', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(15), { minLength: 8, maxLength: 20 }), fc.constantFrom(0, 0.2), (list, alpha) => {
        const y = Float64Array.from(list);
        const n = y.length;
        const last = { from: 0, to: n };
        const settings = { range: last, mean: new Float64Array(n).fill(6), alpha, threshold: 3, bounds: true };
        const bound = (glr(y, settings) as GlrDetection).bound.at(-1)!;
        for (const [value, alarm] of [
          [bound, 0],
          [bound + 1, 1],
        ] as const) {
          if (value < 0) continue;
          const changed = y.slice();
          changed[n - 1] = value;
          expect((glr(changed, settings) as GlrDetection).alarm.at(-1)).toBe(alarm);
        }
      }),
    );
  });

  it('a known change is a likelihood-ratio CUSUM, and a gap does not move the chart', () => {
    const y = Float64Array.from([5, 12, Number.NaN, 14]);
    const d = glr(y, {
      range: { from: 0, to: 4 },
      mean: new Float64Array(4).fill(5),
      kappa: Math.log(2),
      threshold: 6,
    }) as GlrDetection;
    const step = (x: number) => Math.log(2) * x - 5;
    expect(d.statistic[1]).toBeCloseTo(step(12), 12);
    expect(d.statistic[2]).toBe(d.statistic[1]);
    expect(d.statistic[3]).toBeCloseTo(step(12) + step(14), 12);
    expect([...d.alarm]).toEqual([0, 0, 0, 1]);
  });
});
