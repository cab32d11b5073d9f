import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupBy, num, readFixture, relativeError } from '../fixture-table.ts';
import { permutationScanParallel, poissonScanParallel } from '../parallel.ts';
import { seeded } from '../random.ts';
import { type PermutationScanResult, permutationScan } from './permutation.ts';
import { bestZones, poissonScan, preparePoissonScan, type ScanResult, scanLlr } from './poisson.ts';
import { circularZones, type Zones } from './zones.ts';

// SaTScan-like limit used for each reference set: half of the population, and 15 % of it
const SHARE: Record<string, number> = { 'nc.sids.1974_78': 0.5, 'NY8.leukemia.rounded': 0.15 };

function reference(dataset: string) {
  const rows = readFixture('scan_poisson_input.csv').filter((r) => r.dataset === dataset);
  const column = (name: string) => Float64Array.from(rows, (r) => num(r[name]));
  return { cases: column('cases'), population: column('population'), places: { x: column('x'), y: column('y') } };
}

// Kolmogorov-Smirnov distance of two samples
function distance(a: Float64Array, b: Float64Array): number {
  const x = a.slice().sort();
  const y = b.slice().sort();
  let worst = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    if (x[i]! <= y[j]!) i++;
    else j++;
    worst = Math.max(worst, Math.abs(i / x.length - j / y.length));
  }
  return worst;
}

describe('Poisson scan', () => {
  for (const dataset of Object.keys(SHARE)) {
    const { cases, population, places } = reference(dataset);
    const limit = { share: SHARE[dataset]!, weights: population };

    it(`${dataset}: the best zone of every centre is the reference's, its LLR to 1e-9`, () => {
      const { zones } = preparePoissonScan(cases, population, places, { limit }) as { zones: Zones };
      const best = bestZones(cases, population, zones);
      for (const row of readFixture('scan_poisson_best_per_center.csv').filter((r) => r.dataset === dataset)) {
        const mine = best[num(row.center) - 1]!;
        expect(relativeError(mine.llr, num(row.llr)), row.center).toBeLessThan(1e-9);
        expect([mine.size, mine.cases]).toEqual([num(row.n_areas), num(row.cases)]);
        expect(relativeError(mine.expected, num(row.expected))).toBeLessThan(1e-9);
      }
    });

    it(`${dataset}: clusters, relative risks and p-values agree; Monte-Carlo maxima follow the reference's distribution`, () => {
      const result = poissonScan(cases, population, places, { limit, seed: 20 }) as ScanResult;
      readFixture('scan_poisson_clusters.csv')
        .filter((r) => r.dataset === dataset)
        .forEach((row, i) => {
          const mine = result.clusters[i]!;
          // centres of the same zone tie: compare the zones
          expect(
            mine.areas
              .map((a) => a + 1)
              .sort((a, b) => a - b)
              .join(' '),
          ).toBe(row.areas);
          expect(relativeError(mine.llr, num(row.llr))).toBeLessThan(1e-9);
          expect(relativeError(mine.relativeRisk, num(row.rr_in))).toBeLessThan(1e-9);
          expect(relativeError(mine.relativeRiskOutside, num(row.rr_in_out))).toBeLessThan(1e-9);
          const p = num(row.p_value);
          expect(Math.abs(mine.p - p)).toBeLessThan(0.003 + 4 * Math.sqrt((2 * p * (1 - p)) / 999));
        });
      const theirs = Float64Array.from(
        readFixture('scan_poisson_mc_max.csv').filter((r) => r.dataset === dataset),
        (r) => num(r.max_llr),
      );
      // critical value of two samples of 999 at 0.001
      expect(distance(result.maxima, theirs)).toBeLessThan(1.95 * Math.sqrt(2 / 999));
    });
  }

  it('gives the same numbers on any number of workers', async () => {
    const { cases, population, places } = reference('nc.sids.1974_78');
    const alone = poissonScan(cases, population, places, { replications: 60 }) as ScanResult;
    for (const workers of [1, 2, 3]) {
      const many = (await poissonScanParallel(cases, population, places, { replications: 60 }, workers)) as ScanResult;
      expect(many.maxima).toEqual(alone.maxima);
      expect(many.clusters).toEqual(alone.clusters);
    }
  });

  it('does not depend on the order in which areas are listed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const n = 25;
        const x = Float64Array.from({ length: n }, random.uniform);
        const y = Float64Array.from({ length: n }, random.uniform);
        const population = Float64Array.from({ length: n }, () => 100 + random.below(900));
        const cases = population.map((p) => random.poisson(p / 100));
        const order = Array.from({ length: n }, (_, i) => i);
        for (let i = n - 1; i > 0; i--) {
          const j = random.below(i + 1);
          [order[i], order[j]] = [order[j]!, order[i]!];
        }
        const moved = (v: Float64Array) => Float64Array.from(order, (o) => v[o]!);
        const settings = { replications: 1 };
        const a = poissonScan(cases, population, { x, y }, settings) as ScanResult;
        const b = poissonScan(moved(cases), moved(population), { x: moved(x), y: moved(y) }, settings) as ScanResult;
        fc.pre(a.clusters.length > 0);
        expect(b.clusters[0]!.llr).toBeCloseTo(a.clusters[0]!.llr, 9);
        expect(b.clusters[0]!.areas.map((k) => order[k]!).sort()).toEqual([...a.clusters[0]!.areas].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('the likelihood ratio grows with the excess and is 0 without one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.5, max: 200, noNaN: true }), (c, mu) => {
        const total = 301;
        if (c <= mu) expect(scanLlr(c, mu, total)).toBe(0);
        else expect(scanLlr(c, mu, total)).toBeGreaterThan(scanLlr(c - 1, mu, total));
      }),
    );
  });

  it('refuses negative and missing counts', () => {
    const places = { x: new Float64Array(2), y: new Float64Array(2) };
    expect(poissonScan(Float64Array.from([1, -1]), Float64Array.from([5, 5]), places)).toMatchObject({
      kind: 'bad-count',
    });
    expect(poissonScan(Float64Array.from([1, Number.NaN]), Float64Array.from([5, 5]), places)).toMatchObject({
      kind: 'invalid-setting',
    });
  });
});

describe('zones', () => {
  it('hold their centre first, never more than the limit, nearest areas first', () => {
    const random = seeded(8);
    const places = {
      x: Float64Array.from({ length: 40 }, random.uniform),
      y: Float64Array.from({ length: 40 }, random.uniform),
    };
    const zones = circularZones(places, { areas: 7 }) as Zones;
    for (let c = 0; c < 40; c++) {
      const members = zones.neighbours.subarray(zones.start[c]!, zones.start[c + 1]!);
      expect(members[0]).toBe(c);
      expect(members.length).toBe(7);
      const far = Array.from(members, (m) => Math.hypot(places.x[m]! - places.x[c]!, places.y[m]! - places.y[c]!));
      expect(far).toEqual([...far].sort((a, b) => a - b));
    }
  });
});

describe('space-time permutation scan', () => {
  const areas = readFixture('scan_st_areas.csv');
  const places = { x: Float64Array.from(areas, (r) => num(r.x)), y: Float64Array.from(areas, (r) => num(r.y)) };
  const cells = groupBy(readFixture('scan_st_cases.csv'), 'week');

  for (const row of readFixture('scan_stp_results.csv')) {
    it(`measles, weeks ${row.first_week}–${row.last_week}: best cylinder and LLR as in the reference`, () => {
      const first = num(row.first_week);
      const units = num(row.last_week) - first + 1;
      const cases = new Float64Array(units * areas.length);
      for (let t = 0; t < units; t++) {
        for (const cell of cells.get(String(first + t))!)
          cases[t * areas.length + num(cell.area) - 1] = num(cell.cases);
      }
      const result = permutationScan({ areas: areas.length, units, cases }, places, {
        maxWindow: num(row.max_window),
        replications: 199,
      }) as PermutationScanResult;
      expect(result.total).toBe(num(row.total));
      const best = result.clusters[0];
      if (num(row.llr) === 0) {
        expect(best).toBeUndefined();
        return;
      }
      expect(relativeError(best!.llr, num(row.llr))).toBeLessThan(1e-9);
      expect([best!.centre + 1, best!.areas.length, best!.window, best!.cases]).toEqual([
        num(row.center),
        num(row.n_areas),
        num(row.weeks),
        num(row.cases),
      ]);
      expect(
        best!.areas
          .map((a) => a + 1)
          .sort((a, b) => a - b)
          .join(' '),
      ).toBe(row.areas);
      expect(best!.p).toBeLessThan(0.03);
      expect(best!.recurrenceInterval).toBeCloseTo(1 / best!.p, 9);
    });
  }

  it('its p-value is fair: under the null the best cylinder is significant at 0.2 in a fifth of the runs', () => {
    const random = seeded(99);
    const small = {
      x: Float64Array.from({ length: 12 }, random.uniform),
      y: Float64Array.from({ length: 12 }, random.uniform),
    };
    let significant = 0;
    const runs = 200;
    for (let r = 0; r < runs; r++) {
      const cases = Float64Array.from({ length: 12 * 30 }, () => random.poisson(0.8));
      const result = permutationScan({ areas: 12, units: 30, cases }, small, {
        maxWindow: 5,
        replications: 49,
        seed: r,
      }) as PermutationScanResult;
      if ((result.clusters[0]?.p ?? 1) <= 0.2) significant++;
    }
    // binomial 99.9 % limits round 0.2 of 200
    expect(significant).toBeGreaterThan(21);
    expect(significant).toBeLessThan(60);
  });

  it('gives the same numbers on any number of workers', async () => {
    const random = seeded(4);
    const somewhere = {
      x: Float64Array.from({ length: 15 }, random.uniform),
      y: Float64Array.from({ length: 15 }, random.uniform),
    };
    const data = { areas: 15, units: 20, cases: Float64Array.from({ length: 300 }, () => random.poisson(1)) };
    const alone = permutationScan(data, somewhere, { maxWindow: 4, replications: 40 });
    expect(await permutationScanParallel(data, somewhere, { maxWindow: 4, replications: 40 }, 3)).toEqual(alone);
  });

  it('refuses a history shorter than the longest window', () => {
    const data = { areas: 1, units: 3, cases: new Float64Array(3) };
    expect(permutationScan(data, { x: new Float64Array(1), y: new Float64Array(1) })).toEqual({
      kind: 'not-enough-history',
      needed: 14,
      available: 3,
    });
  });
});
