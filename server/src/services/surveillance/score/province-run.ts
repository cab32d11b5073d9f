import { type Province, quantileType7 } from '@hutong/epi';
import { type Discovery, discover, type Judged, judgeAll, reweigh } from '../discover.ts';
import type { Lists } from '../model.ts';
import { wholeRegion } from '../places.ts';
import { cellOf, Inbox } from './inbox.ts';
import { percentileBlocks, provinceSeries, provinceTopics } from './province-series.ts';
import { ProvinceSingleCases } from './single-cases.ts';

/** An alarm this long after the last case still counts as finding the outbreak. */
const graceDays = 3;
const year = 364;

/** One way of raising signals: how many it raised, the share of outbreaks it found, and days from the first case. */
export type Curve = { name: string; signals: number; found: number; daysToFind: number };
export type ProvinceScore = {
  outbreaks: number;
  looks: number;
  cells: number;
  /** The service's rules at each false-discovery rate, and the share of outbreaks whose signal was among the first ten while they lasted. */
  service: (Curve & { firstTen: number; openMedian: number; openMost: number })[];
  levels: Curve[];
  percentiles: Curve[];
};
export type ProvinceRun = {
  province: Province;
  areas: string[];
  lists: Lists;
  /** Nobody answers a signal before. */
  openDays: number;
  /** Days between two looks. */
  every: number;
  rates: readonly number[];
  levels: readonly number[];
  /** The percentile, and the fewest cases that make an alarm. */
  percentiles: readonly { share: number; least: number }[];
};

type Outbreak = { first: number; last: number; cell: string };
type Alarm = { cell: string; score: number };

class Ledger {
  name: string;
  inbox: Inbox;
  found = new Map<Outbreak, number>();

  constructor(name: string, openDays: number) {
    this.name = name;
    this.inbox = new Inbox(openDays);
  }

  note(alarms: Alarm[], outbreaks: Outbreak[], day: number): void {
    this.inbox.answer(day);
    const cells = new Set(alarms.map(({ cell }) => cell));
    for (const { cell, score } of alarms) this.inbox.raise(cell, score, day);
    for (const outbreak of outbreaks)
      if (isOn(outbreak, day) && cells.has(outbreak.cell) && !this.found.has(outbreak))
        this.found.set(outbreak, day - outbreak.first);
  }

  curve(outbreaks: Outbreak[]): Curve {
    const days = [...this.found.values()];
    return {
      name: this.name,
      signals: this.inbox.raised.length,
      found: days.length / outbreaks.length,
      daysToFind: days.reduce((sum, n) => sum + n, 0) / Math.max(1, days.length),
    };
  }
}

const isOn = ({ first, last }: Outbreak, day: number): boolean => day >= first && day <= last + graceDays;

/** The inbox as a person sees it: single cases and counts together, each open signal at today's weight. */
function live(inbox: Inbox, found: Discovery[], judged: Judged[], lists: Lists, day: number): void {
  inbox.answer(day);
  const today = new Set(found.map(cellOf));
  const byCase = new Set(
    lists.diseases.filter(({ singleCase, firstAfterDays }) => singleCase || firstAfterDays).map(({ code }) => code),
  );
  for (const one of found) {
    const known = inbox.entries.get(cellOf(one));
    inbox.raise(cellOf(one), Math.max(one.score, known?.open && byCase.has(one.topic.code) ? known.score : 0), day);
  }
  for (const one of judged) {
    const known = inbox.entries.get(cellOf(one));
    if (known?.open && !today.has(known.cell) && !byCase.has(one.topic.code))
      known.score = reweigh(one, [one], lists).score;
  }
}

/** Lives through the last year of a province with the service's own rules, with plain levels of p, and with the moving percentile. */
export function runProvince(run: ProvinceRun): ProvinceScore {
  const { province, areas, lists, openDays, every } = run;
  const topics = provinceTopics(province, lists);
  const from = province.days - year;
  const outbreaks: Outbreak[] = province.outbreaks
    .filter(({ first, last }) => first >= from && last < province.days - graceDays)
    .map(({ first, last, disease, district }) => ({
      first,
      last,
      cell: `${topics[disease]?.code} ${areas[district]}`,
    }));
  const service = run.rates.map((rate) => ({
    rate,
    ledger: new Ledger(`rate ${rate}`, openDays),
    inbox: new Inbox(openDays),
    single: new ProvinceSingleCases(province, topics, areas),
    firstTen: new Set<Outbreak>(),
    open: [] as number[],
  }));
  const levels = run.levels.map((level) => new Ledger(`p < ${level}`, openDays));
  const percentiles = run.percentiles.map(
    ({ share, least }) => new Ledger(`P${Math.round(share * 100)}${least > 1 ? `, ${least} cases` : ''}`, openDays),
  );
  for (const { single, inbox } of service)
    for (let day = 0; day < from; day++) {
      single.on(day, inbox);
      inbox.answer(day);
    }
  const bySingle = new Set(lists.diseases.filter(({ singleCase }) => singleCase).map(({ code }) => code));
  let cells = 0;
  let looks = 0;
  for (let day = from + every - 1; day < province.days; day += every) {
    const series = provinceSeries(province, topics, areas, day);
    cells = series.length;
    looks++;
    const judged = judgeAll(series);
    for (const { rate, ledger, inbox, single, firstTen, open } of service) {
      const found = discover(judged, lists, new Set(), rate);
      ledger.note(
        found.map((one) => ({ cell: cellOf(one), score: one.score })),
        outbreaks,
        day,
      );
      for (let d = day - every + 1; d <= day; d++) single.on(d, inbox);
      live(inbox, found, judged, lists, day);
      const ranked = inbox.ranked();
      open.push(ranked.length);
      const top = new Set(ranked.slice(0, 10).map(({ cell }) => cell));
      for (const outbreak of outbreaks) if (isOn(outbreak, day) && top.has(outbreak.cell)) firstTen.add(outbreak);
    }
    const local = judged.filter(({ area, topic }) => area !== wholeRegion && !bySingle.has(topic.code));
    for (const [index, ledger] of levels.entries())
      ledger.note(
        local
          .filter((one) => one.judged.p < (run.levels[index] as number) && one.judged.observed >= 2)
          .map((one) => ({ cell: cellOf(one), score: 0 })),
        outbreaks,
        day,
      );
    const blocks = local.map(({ counts }) => percentileBlocks(counts));
    for (const [index, ledger] of percentiles.entries()) {
      const { share, least } = run.percentiles[index] as { share: number; least: number };
      ledger.note(
        local
          .filter(
            ({ judged: { observed } }, at) =>
              observed >= least && observed > quantileType7(blocks[at] as number[], share),
          )
          .map((one) => ({ cell: cellOf(one), score: 0 })),
        outbreaks,
        day,
      );
    }
  }
  return {
    outbreaks: outbreaks.length,
    looks,
    cells,
    service: service.map(({ ledger, firstTen, open }) => {
      open.sort((a, b) => a - b);
      return {
        ...ledger.curve(outbreaks),
        firstTen: firstTen.size / outbreaks.length,
        openMedian: open[Math.floor(open.length / 2)] ?? 0,
        openMost: open.at(-1) ?? 0,
      };
    }),
    levels: levels.map((ledger) => ledger.curve(outbreaks)),
    percentiles: percentiles.map((ledger) => ledger.curve(outbreaks)),
  };
}
