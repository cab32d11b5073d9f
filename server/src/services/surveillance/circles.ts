import type { ScanCluster } from '@hutong/contract/watch.ts';
import type { Evidence, Lists } from './model.ts';
import { areaName, topicName, wholeRegion } from './places.ts';
import { rank } from './rank.ts';

/** Chance makes a circle this strong less than once in a year of nightly looks. */
const recurrenceDays = 365;

export type CircleSignal = {
  topic: string;
  centre: string;
  from: string;
  to: string;
  evidence: Evidence;
  score: number;
};

/**
 * Circles of the prospective space-time scan that deserve a signal of their own: over several districts, rare by chance, and of a disease of which no
 * district in the circle (nor the region) has a signal: those name the place better. Neighbours that are each a little too high are found only here.
 * @param taken topics with a signal, as 'topic area'
 */
export function circleSignals(
  scans: { topic: string; clusters: ScanCluster[] }[],
  taken: ReadonlySet<string>,
  lists: Lists,
): CircleSignal[] {
  return scans.flatMap(({ topic, clusters }) => {
    const disease = lists.diseases.findLast(({ code }) => code === topic) ?? null;
    if (disease?.singleCase) return [];
    return clusters
      .filter(
        ({ model, areas, recurrenceDays: days }) =>
          model === 'space-time-permutation' &&
          areas.length > 1 &&
          (days ?? 0) >= recurrenceDays &&
          ![...areas, wholeRegion].some((area) => taken.has(`${topic} ${area}`)),
      )
      .map((found) => {
        const { score, parts } = rank({
          rule: 'statistical',
          channel: 'cases',
          topic,
          disease,
          observed: found.cases,
          expected: found.expected,
          p: found.p,
          corroborating: 0,
        });
        const names = found.areas.map((area) => areaName(area, found.to));
        const what = topicName(lists, 'cases', topic);
        const expected = Math.round(found.expected * 10) / 10;
        const evidence: Evidence = {
          observed: found.cases,
          expected,
          bound: null,
          p: found.p,
          method: 'space-time-scan',
          baselineWindows: 0,
          series: [],
          corroborating: [],
          parts,
          circle: { areas: found.areas, radiusKm: found.radiusKm },
          zh: `${names.map(({ zh }) => zh).join('、')}相邻成片：“${what.zh}”自 ${found.from} 起 ${found.cases} 例，按时空均匀预期 ${expected} 例；每日扫描平均 ${Math.round(found.recurrenceDays ?? 0)} 天才会偶然出现一次。`,
          en: `${what.en} in neighbouring areas (${names.map(({ en }) => en).join(', ')}): ${found.cases} cases since ${found.from}, ${expected} expected if place and time had nothing to do with each other. At one look a day chance alone would show this once in ${Math.round(found.recurrenceDays ?? 0)} days.`,
        };
        return { topic, centre: found.centre, from: found.from, to: found.to, evidence, score };
      });
  });
}
