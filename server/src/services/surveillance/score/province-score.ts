import { chongqingAreas } from '@hutong/china';
import { PROVINCE_DISEASES, simulateProvince } from '@hutong/epi';
import type { Lists } from '../model.ts';
import { type Curve, type ProvinceScore, runProvince } from './province-run.ts';

/** The 38 districts and counties before the merger of 2025-06; residents between 0.2 and 2.2 million, as they are spread in such a province. */
const areas = chongqingAreas('2025-01-01').map(({ code }) => code);
const populations = areas.map((_, index) =>
  Math.round(200_000 * Math.exp((((index * 7) % areas.length) / areas.length) * Math.log(11))),
);
const openDays = 3;

/** One simulated province, lived through by the service and by the moving percentile. @param every days between two looks */
export function scoreOf(seed: number, every: number, lists: Lists): ProvinceScore {
  const province = simulateProvince({ seed, populations, diseases: PROVINCE_DISEASES });
  return runProvince({
    province,
    areas,
    lists,
    openDays,
    every,
    rates: [0.5, 0.3, 0.2, 0.05],
    levels: [0.001, 0.002, 0.003, 0.004, 0.005, 0.007, 0.01, 0.012, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15],
    // As published the percentile asks for no least number of cases; with the two that the service asks for it is at its best.
    percentiles: [
      ...[0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map((share) => ({ share, least: 1 })),
      ...[0.5, 0.8, 0.95].map((share) => ({ share, least: 2 })),
    ],
  });
}

function mergeCurves<T extends Curve>(curves: T[], outbreaks: number[]): T {
  const all = outbreaks.reduce((sum, n) => sum + n, 0);
  const found = curves.reduce((sum, curve, index) => sum + curve.found * (outbreaks[index] as number), 0);
  const days = curves.reduce(
    (sum, curve, index) => sum + curve.daysToFind * curve.found * (outbreaks[index] as number),
    0,
  );
  return {
    ...(curves[0] as T),
    signals: curves.reduce((sum, curve) => sum + curve.signals, 0),
    found: found / all,
    daysToFind: days / Math.max(1, found),
  };
}

/** Several provinces as one. */
export function mergeScores(scores: ProvinceScore[]): ProvinceScore {
  const [first] = scores;
  if (!first) throw new Error('no province was lived');
  const outbreaks = scores.map((score) => score.outbreaks);
  const all = outbreaks.reduce((sum, n) => sum + n, 0);
  const merged = (pick: (score: ProvinceScore) => Curve[]): Curve[] =>
    pick(first).map((_, index) =>
      mergeCurves(
        scores.map((score) => pick(score)[index] as Curve),
        outbreaks,
      ),
    );
  return {
    ...first,
    outbreaks: all,
    looks: scores.reduce((sum, score) => sum + score.looks, 0),
    levels: merged(({ levels }) => levels),
    percentiles: merged(({ percentiles }) => percentiles),
    service: first.service.map((_, index) => {
      const own = scores.map(({ service }) => service[index] as ProvinceScore['service'][number]);
      return {
        ...mergeCurves(own, outbreaks),
        firstTen: own.reduce((sum, one, at) => sum + one.firstTen * (outbreaks[at] as number), 0) / all,
        openMedian: Math.max(...own.map(({ openMedian }) => openMedian)),
        openMost: Math.max(...own.map(({ openMost }) => openMost)),
      };
    }),
  };
}

/** Share of signals saved by the first level that finds at least as many outbreaks; null when none does. */
export function fewerSignals(theirs: Curve, ours: Curve[]): { share: number; name: string; found: number } | null {
  const equal = ours.find(({ found }) => found >= theirs.found);
  return equal ? { share: 1 - equal.signals / theirs.signals, name: equal.name, found: equal.found } : null;
}
