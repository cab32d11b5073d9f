import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { num, readFixture, relativeError } from '../fixture-table.ts';
import * as beta from './beta.ts';
import * as counts from './counts.ts';
import * as gamma from './gamma.ts';
import * as normal from './normal.ts';

const all: Record<string, (...args: number[]) => number> = {};
for (const [name, f] of Object.entries({ ...beta, ...counts, ...gamma, ...normal })) {
  if (typeof f === 'function') all[name] = f as (...args: number[]) => number;
}

describe('distribution functions', () => {
  const rows = readFixture('distributions.csv');
  for (const name of new Set(rows.map((r) => r.function!))) {
    it(`${name} agrees with 40-digit arithmetic to 1e-12`, () => {
      for (const row of rows.filter((r) => r.function === name)) {
        const args = [row.a, row.b, row.c].filter((c) => c !== '').map(num);
        const got = all[name]!(...args);
        // 1e-15 absolute: a quantile near zero has no relative digits to compare
        if (Math.abs(got - num(row.value)) < 1e-15) continue;
        expect(relativeError(got, num(row.value)), `${name}(${args}) = ${got}, expected ${row.value}`).toBeLessThan(
          1e-12,
        );
      }
    });
  }

  it('a gamma quantile is undone by the distribution function', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 5000, noNaN: true }),
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        (shape, p) => {
          expect(gamma.gammaCdf(gamma.gammaQuantile(p, shape), shape)).toBeCloseTo(p, 11);
        },
      ),
    );
  });

  it('a negative binomial quantile is the first count that reaches the probability', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 3000, noNaN: true }),
        fc.double({ min: 1.001, max: 20, noNaN: true }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (mean, phi, p) => {
          const size = mean / (phi - 1);
          const x = counts.negativeBinomialQuantile(p, size, 1 / phi);
          expect(counts.negativeBinomialCdf(x, size, 1 / phi)).toBeGreaterThan(p - 1e-10);
          if (x > 0) expect(counts.negativeBinomialCdf(x - 1, size, 1 / phi)).toBeLessThan(p + 1e-10);
        },
      ),
    );
  });
});
