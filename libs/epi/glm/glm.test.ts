import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { arrowWorkspace, fitArrow, leverage, pearsonDispersion, predictorVariance } from './arrow.ts';
import { estimateTheta, fitNegativeBinomial } from './negative-binomial.ts';
import { fitPoisson, harmonicDesign, solveCholesky } from './poisson.ts';

// A random data set for the arrow fit and the same as dense columns.
function problem(seed: number, levels: number, trend: boolean) {
  const random = seeded(seed);
  const n = 12 * levels;
  const w = arrowWorkspace(n, levels);
  w.n = n;
  for (let i = 0; i < n; i++) {
    w.time[i] = i - n / 2;
    w.level[i] = Math.floor(i / 4) % levels;
    w.exposure[i] = 0.5 + random.uniform();
    w.y[i] = random.poisson(w.exposure[i]! * Math.exp(1 + 0.4 * w.level[i]! + 0.01 * w.time[i]!));
  }
  const columns = Array.from({ length: levels }, (_, g) => Float64Array.from(w.level, (l) => (l === g ? 1 : 0)));
  if (trend) columns.push(w.time.slice());
  return { w, columns };
}

describe('generalised linear models', () => {
  it('the arrow fit equals a dense fit: means, leverages, variances', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), fc.boolean(), (seed, levels, trend) => {
        const { w, columns } = problem(seed, levels, trend);
        w.exposure.fill(1);
        fitArrow(w, trend);
        const dense = fitPoisson(columns, w.y);
        fc.pre(w.converged && dense !== null);
        for (let i = 0; i < w.n; i++) expect(w.mu[i]! / dense!.mu[i]!).toBeCloseTo(1, 7);
        // the leverages of a fit sum to its number of parameters
        let trace = 0;
        for (let i = 0; i < w.n; i++) trace += leverage(w, i);
        expect(trace).toBeCloseTo(columns.length, 6);
        const p = columns.length;
        const gram = new Float64Array(p * p);
        for (let i = 0; i < w.n; i++)
          for (let j = 0; j < p; j++)
            for (let k = 0; k < p; k++) gram[j * p + k]! += w.working[i]! * columns[j]![i]! * columns[k]![i]!;
        const x = new Float64Array(p);
        x[levels - 1] = 1;
        if (trend) x[p - 1] = 77;
        const solved = x.slice();
        expect(solveCholesky(gram, solved, p)).toBe(true);
        const variance = x.reduce((s, v, j) => s + v * solved[j]!, 0);
        expect(predictorVariance(w, levels - 1, 77) / variance).toBeCloseTo(1, 8);
      }),
      { numRuns: 60 },
    );
  });

  it('with weights and exposure the score equations hold', () => {
    const { w } = problem(5, 4, true);
    const random = seeded(2);
    for (let i = 0; i < w.n; i++) w.weight[i] = 0.3 + random.uniform();
    fitArrow(w, true);
    const residual = new Float64Array(4);
    let slope = 0;
    let scale = 0;
    for (let i = 0; i < w.n; i++) {
      residual[w.level[i]!]! += w.weight[i]! * (w.y[i]! - w.mu[i]!);
      slope += w.time[i]! * w.weight[i]! * (w.y[i]! - w.mu[i]!);
      scale += Math.abs(w.time[i]! * w.y[i]!);
    }
    for (const r of residual) expect(Math.abs(r)).toBeLessThan(1e-3);
    expect(Math.abs(slope) / scale).toBeLessThan(1e-5);
    expect(pearsonDispersion(w)).toBeGreaterThan(0.3);
  });

  it('all zeros do not converge within 25 steps, as in R', () => {
    const w = arrowWorkspace(300, 2);
    w.n = 300;
    w.level.fill(1, 150);
    for (let i = 0; i < 300; i++) w.time[i] = i - 150;
    fitArrow(w, false);
    expect(w.converged).toBe(false);
  });

  it('negative binomial regression recovers mean and size', () => {
    const random = seeded(31);
    const n = 4000;
    const design = harmonicDesign(
      Array.from({ length: n }, (_, i) => i + 1),
      52,
      1,
      false,
    );
    const y = Float64Array.from({ length: n }, (_, i) => {
      const mu = Math.exp(2 + 0.5 * design[1]![i]!);
      return random.poisson((random.gamma(3) / 3) * mu);
    });
    const fit = fitNegativeBinomial(design, y)!;
    expect(fit.coefficients[0]!).toBeCloseTo(2, 1);
    expect(fit.coefficients[1]!).toBeCloseTo(0.5, 1);
    expect(fit.theta / 3).toBeCloseTo(1, 0);
    expect(estimateTheta(y, fit.mu)).toBeCloseTo(fit.theta, 4);
  });

  it('says so when columns repeat each other, and leaves missing responses out', () => {
    const ones = new Float64Array(5).fill(1);
    expect(fitPoisson([ones, ones], Float64Array.from([1, 2, 3, 4, 5]))).toBeNull();
    const fit = fitPoisson([ones], Float64Array.from([2, Number.NaN, 4, Number.NaN, 6]))!;
    expect(fit.mu[1]!).toBeCloseTo(4, 9);
  });
});
