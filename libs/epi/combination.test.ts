import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poissonAtLeast } from './distributions/counts.ts';
import { gammaUpper } from './distributions/gamma.ts';
import { normalCdf, normalUpper } from './distributions/normal.ts';
import { type Discoveries, falseDiscovery } from './false-discovery.ts';
import { cauchyCombination, type Fused, kostBrown } from './fusion.ts';
import { seeded } from './random.ts';

const probability = fc.double({ min: 1e-12, max: 1, noNaN: true });
const p = (f: Fused | object) => (f as Fused).p;

describe('fusion of channels', () => {
  it('one channel alone keeps its p-value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.98, noNaN: true }), (v) => {
        expect(p(cauchyCombination([v])) / v).toBeCloseTo(1, 9);
        expect(p(kostBrown([v], [1])) / v).toBeCloseTo(1, 9);
      }),
    );
  });

  it('does not depend on the order of channels, and falls when a channel falls', () => {
    fc.assert(
      fc.property(
        fc.array(probability, { minLength: 2, maxLength: 8 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (list, factor) => {
          const before = p(cauchyCombination(list));
          expect(p(cauchyCombination([...list].reverse()))).toBeCloseTo(before, 9);
          const lower = [list[0]! * factor, ...list.slice(1)];
          expect(p(cauchyCombination(lower))).toBeLessThanOrEqual(before + 1e-12);
        },
      ),
    );
  });

  it('leaves silent channels out', () => {
    expect(cauchyCombination([0.01, Number.NaN])).toEqual(cauchyCombination([0.01]));
    expect(p(cauchyCombination([Number.NaN]))).toBeNaN();
    expect(kostBrown([0.02, Number.NaN], [1, 0.5, 0.5, 1])).toEqual(kostBrown([0.02], [1]));
  });

  // six channels with a common cause: normal scores with correlation rho
  const alarms = (rho: number, level: number, fuse: (ps: number[]) => number, counts: boolean) => {
    const random = seeded(17);
    const runs = 20_000;
    let n = 0;
    for (let r = 0; r < runs; r++) {
      const common = Math.sqrt(rho) * random.normal();
      const ps = Array.from({ length: 6 }, () => {
        const z = common + Math.sqrt(1 - rho) * random.normal();
        if (!counts) return normalUpper(z);
        // the same score as a Poisson count of mean 2: discrete, p = 1 whenever it is 0
        let k = 0;
        while (k < 60 && poissonAtLeast(k + 1, 2) > normalUpper(z)) k++;
        return poissonAtLeast(k, 2);
      });
      if (fuse(ps) < level) n++;
    }
    return n / runs;
  };

  it('the Cauchy combination holds its false-alarm rate whatever the correlation; Fisher does not', () => {
    for (const rho of [0, 0.3, 0.7, 0.95]) {
      // the theory is for small levels: a little over at 0.05, within Monte-Carlo error (four standard errors) of 1.1 times at 0.01
      for (const [level, most] of [
        [0.01, 1.1],
        [0.05, 1.25],
      ] as const) {
        const rate = alarms(rho, level, (ps) => p(cauchyCombination(ps)), false);
        expect(rate, `rho ${rho}`).toBeLessThan(level * most + 4 * Math.sqrt((level * (1 - level)) / 20_000));
        expect(rate, `rho ${rho}`).toBeGreaterThan(level * 0.6);
      }
    }
    const fisher = (ps: number[]) =>
      gammaUpper(
        ps.reduce((s, v) => s - Math.log(v), 0),
        ps.length,
      );
    expect(alarms(0.7, 0.01, fisher, false)).toBeGreaterThan(0.04);
  });

  it('the Cauchy combination does not exceed its rate on counts, whose p-values are often 1', () => {
    for (const rho of [0, 0.5]) expect(alarms(rho, 0.01, (ps) => p(cauchyCombination(ps)), true)).toBeLessThan(0.0125);
  });

  it('Kost and Brown hold the rate when told the correlation, and then beat Cauchy on many weak signals', () => {
    const matrix = Array.from({ length: 36 }, (_, i) => (Math.floor(i / 6) === i % 6 ? 1 : 0.5));
    expect(alarms(0.5, 0.01, (ps) => p(kostBrown(ps, matrix)), false)).toBeLessThan(0.015);
    const weak = Array.from({ length: 6 }, () => 1 - normalCdf(1.5));
    expect(p(kostBrown(weak, matrix))).toBeLessThan(p(cauchyCombination(weak)));
  });

  it('refuses what is no probability', () => {
    expect(cauchyCombination([0.5, 1.5])).toMatchObject({ kind: 'invalid-setting' });
    expect(kostBrown([0.5], [])).toMatchObject({ kind: 'invalid-setting' });
  });
});

describe('false discovery rate', () => {
  it('agrees with the worked example of Benjamini and Hochberg (1995): four discoveries at 0.05', () => {
    const list = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    const d = falseDiscovery(Float64Array.from(list), 0.05) as Discoveries;
    expect(d.count).toBe(4);
    expect(d.adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
    expect((falseDiscovery(Float64Array.from(list), 0.05, 'any') as Discoveries).count).toBe(3);
  });

  it('does not depend on the order of cells; missing cells do not count', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (list) => {
        const a = falseDiscovery(Float64Array.from(list), 0.1) as Discoveries;
        const b = falseDiscovery(Float64Array.from([...list].reverse()), 0.1) as Discoveries;
        expect([...b.adjusted].reverse()).toEqual([...a.adjusted]);
        const c = falseDiscovery(Float64Array.from([Number.NaN, ...list]), 0.1) as Discoveries;
        expect([...c.adjusted.slice(1)]).toEqual([...a.adjusted]);
        expect(a.adjusted.every((q, i) => q >= list[i]! - 1e-15)).toBe(true);
      }),
    );
  });

  it('keeps the share of false discoveries below q on simulated disease × area cells', () => {
    const random = seeded(23);
    let share = 0;
    const runs = 300;
    for (let r = 0; r < runs; r++) {
      const list = Float64Array.from({ length: 400 }, (_, i) => normalUpper(random.normal() + (i < 20 ? 4 : 0)));
      const d = falseDiscovery(list, 0.1) as Discoveries;
      let wrong = 0;
      for (let i = 20; i < 400; i++) wrong += d.discovered[i]!;
      share += d.count > 0 ? wrong / d.count : 0;
    }
    expect(share / runs).toBeLessThan(0.11);
    expect(share / runs).toBeGreaterThan(0.07);
  });
});
