import { knownWindows, type Province } from '@hutong/epi';
import { type Series, withRest } from '../gather.ts';
import type { Disease, Lists, Topic } from '../model.ts';
import { wholeRegion } from '../places.ts';

export type ProvinceTopic = Topic & { disease: Disease };

/** The case reports of the simulated diseases, as the service's own lists have them. */
export function provinceTopics({ diseases }: Province, lists: Lists): ProvinceTopic[] {
  return diseases.map(({ code }) => {
    const topic = lists.topics.find((row) => row.channel === 'cases' && row.code === code);
    const disease = lists.diseases.findLast((row) => row.code === code);
    if (!topic || !disease) throw new Error(`the list of diseases has no ${code}`);
    return { ...topic, disease };
  });
}

/** What the service would gather in the evening of a day: every disease x district, and each disease for the whole region. */
export function provinceSeries(province: Province, topics: ProvinceTopic[], areas: string[], day: number): Series[] {
  const all = topics.flatMap((topic, disease): Series[] => {
    const local = (province.series[disease] ?? []).map((series) => knownWindows(series, day));
    const whole = Float64Array.from(local[0] ?? [], (_, index) =>
      local.reduce((sum, counts) => sum + (counts[index] as number), 0),
    );
    return [
      ...local.map((counts, district) => ({ area: areas[district] as string, counts })),
      { area: wholeRegion, counts: whole },
    ].map((one) => ({ ...one, topic, measure: 'count' as const }));
  });
  return withRest(all);
}

/**
 * The blocks that the moving percentile compares with: four years x five 7-day blocks (the same, two before, two after), on counts as they were known.
 * `movingPercentile` of @hutong/epi is the same on one complete daily series.
 */
export function percentileBlocks(counts: Float64Array): number[] {
  const blocks: number[] = [];
  for (let back = 1; back <= 4; back++)
    for (let shift = -2; shift <= 2; shift++) {
      const value = counts[counts.length - 1 - back * 52 + shift];
      if (value !== undefined) blocks.push(value);
    }
  return blocks;
}
