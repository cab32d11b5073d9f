import { LATEST, type Province } from '@hutong/epi';
import { rank } from '../rank.ts';
import type { Inbox } from './inbox.ts';
import type { ProvinceTopic } from './province-series.ts';

/** Raises the single-case signals of a province in an inbox: always for some diseases, for others after a silence of the whole region. */
export class ProvinceSingleCases {
  province: Province;
  topics: ProvinceTopic[];
  areas: string[];
  lastCase = new Map<string, number>();

  constructor(province: Province, topics: ProvinceTopic[], areas: string[]) {
    this.province = province;
    this.topics = topics;
    this.areas = areas;
  }

  /** Cases that became known on a day. */
  private fresh(disease: number, district: number, day: number): number {
    const series = this.province.series[disease]?.[district];
    if (!series) return 0;
    let n = 0;
    for (let back = 0; back < LATEST && back <= day; back++) {
      const d = day - back;
      const before = back === 0 ? (series.cases[d] as number) : (series.later[d * LATEST + back - 1] as number);
      n += before - (series.later[d * LATEST + back] as number);
    }
    return n;
  }

  on(day: number, inbox: Inbox): void {
    for (const [index, { code, disease }] of this.topics.entries()) {
      if (!disease.singleCase && !disease.firstAfterDays) continue;
      for (const [district, area] of this.areas.entries()) {
        const n = this.fresh(index, district, day);
        if (n === 0) continue;
        const quiet = day - (this.lastCase.get(code) ?? Number.NEGATIVE_INFINITY);
        this.lastCase.set(code, day);
        const cell = `${code} ${area}`;
        if (!disease.singleCase && quiet <= (disease.firstAfterDays ?? 0) && !inbox.entries.get(cell)?.open) continue;
        const { score } = rank({
          rule: 'single-case',
          channel: 'cases',
          topic: code,
          disease,
          observed: n,
          expected: null,
          p: null,
          corroborating: 0,
        });
        inbox.raise(
          cell,
          Math.max(score, inbox.entries.get(cell)?.open ? (inbox.entries.get(cell)?.score ?? 0) : 0),
          day,
        );
      }
    }
  }
}
