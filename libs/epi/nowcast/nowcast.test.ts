import { describe, expect, it } from 'vitest';
import { groupBy, num, readFixture } from '../fixture-table.ts';
import { dayNumber } from '../iso-week.ts';
import { seeded } from '../random.ts';
import { nowcastBayes } from './bayes.ts';
import { nowcastLawless } from './lawless.ts';
import type { Nowcast } from './predictive.ts';
import { reportingTriangle, type Triangle } from './triangle.ts';

const line = readFixture('nowcast_husO104_linelist.csv');
const hus = {
  event: Int32Array.from(line, (r) => dayNumber(r.dHosp!)),
  report: Int32Array.from(line, (r) => dayNumber(r.dReport!)),
};
const reference = groupBy(readFixture('nowcast_results.csv'), 'method', 'now');
const settings = (now: string) => ({ now: dayNumber(now), maxDelay: 15, support: 500 });
const rowsOf = (method: string) =>
  [...reference].filter(([k]) => k.startsWith(`${method}|`)).map(([k, rows]) => [k.split('|')[1]!, rows] as const);

describe('nowcasts of the 2011 HUS outbreak', () => {
  it('Lawless, following R, gives the reference counts exactly', () => {
    for (const [now, rows] of rowsOf('lawless')) {
      const d = nowcastLawless(hus, { ...settings(now), rCompatible: true }) as Nowcast;
      for (const row of rows) {
        const i = dayNumber(row.date!) - d.from;
        expect([d.known[i], d.median[i], d.lower[i], d.upper[i]], `${now} ${row.date}`).toEqual(
          [row.reported_so_far, row.nowcast, row.lower, row.upper].map(num),
        );
      }
    }
  });

  it('the exact untruncated model gives the reference counts exactly', () => {
    for (const [now, rows] of rowsOf('bayes.notrunc.bnb')) {
      const d = nowcastBayes(hus, { ...settings(now), model: 'untruncated-exact' }) as Nowcast;
      for (const row of rows) {
        const i = dayNumber(row.date!) - d.from;
        expect([d.median[i], d.lower[i], d.upper[i]], `${now} ${row.date}`).toEqual(
          [row.nowcast, row.lower, row.upper].map(num),
        );
      }
    }
  });

  for (const [method, model] of [
    ['bayes.trunc', 'truncated'],
    ['bayes.notrunc', 'untruncated'],
  ] as const) {
    it(`the sampled ${model} model agrees with R's sample within Monte-Carlo error`, () => {
      for (const [now, rows] of rowsOf(method)) {
        const d = nowcastBayes(hus, { ...settings(now), model, seed: 6 }) as Nowcast;
        for (const row of rows) {
          const i = dayNumber(row.date!) - d.from;
          for (const [mine, theirs] of [
            [d.median[i], row.nowcast],
            [d.lower[i], row.lower],
            [d.upper[i], row.upper],
          ] as const) {
            expect(Math.abs(mine! - num(theirs)), `${now} ${row.date} ${mine} ${theirs}`).toBeLessThanOrEqual(
              2 + 0.12 * num(theirs),
            );
          }
        }
      }
    });
  }
});

describe('nowcasting', () => {
  // stable reporting: 40 cases a day, delay geometric with mean 3
  const simulate = (seed: number) => {
    const random = seeded(seed);
    const event: number[] = [];
    const report: number[] = [];
    for (let t = 0; t < 60; t++) {
      for (let k = random.poisson(40); k > 0; k--) {
        event.push(t);
        report.push(t + Math.min(14, Math.floor(Math.log(random.uniform()) / Math.log(0.75))));
      }
    }
    return { event: Int32Array.from(event), report: Int32Array.from(report) };
  };

  it('covers the final count at about its nominal rate', () => {
    const inside = { lawless: 0, bayes: 0 };
    let days = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const cases = simulate(seed);
      const final = new Float64Array(60);
      for (const e of cases.event) final[e]!++;
      const now = { now: 50, from: 0, maxDelay: 14 };
      const lawless = nowcastLawless(cases, now) as Nowcast;
      const bayes = nowcastBayes(cases, {
        ...now,
        priorMean: 40,
        priorVariance: 400,
        samples: 100,
        seed,
        support: 200,
      }) as Nowcast;
      for (let t = 42; t <= 50; t++) {
        days++;
        if (final[t]! >= lawless.lower[t]! && final[t]! <= lawless.upper[t]!) inside.lawless++;
        if (final[t]! >= bayes.lower[t]! && final[t]! <= bayes.upper[t]!) inside.bayes++;
      }
    }
    expect(inside.lawless / days).toBeGreaterThan(0.88);
    expect(inside.bayes / days).toBeGreaterThan(0.9);
  });

  it('never predicts fewer cases than are known, and old days are certain', () => {
    const d = nowcastBayes(simulate(5), { now: 40, from: 0, maxDelay: 14, samples: 50 }) as Nowcast;
    for (let t = 0; t <= 40; t++) expect(d.lower[t]!).toBeGreaterThanOrEqual(d.known[t]!);
    expect(d.upper[20]).toBe(d.known[20]);
    expect(d.completeness[20]).toBe(1);
  });

  it('leaves out cases whose event comes after their report, and says how many', () => {
    const cases = { event: Int32Array.from([0, 1, 5, 9]), report: Int32Array.from([1, 2, 3, 9]) };
    expect(reportingTriangle(cases, { now: 10, maxDelay: 3 }) as Triangle).toMatchObject({ excluded: 1, T: 10 });
  });

  it('refuses a look-back shorter than the longest delay', () => {
    const cases = { event: Int32Array.from([0]), report: Int32Array.from([1]) };
    expect(nowcastLawless(cases, { now: 10, maxDelay: 15 })).toEqual({
      kind: 'not-enough-history',
      needed: 16,
      available: 11,
    });
  });
});
