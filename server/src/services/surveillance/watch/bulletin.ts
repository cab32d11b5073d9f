import type { Bulletin, BulletinDisease } from '@hutong/contract/watch.ts';
import { mondayOf } from '@hutong/epi';
import { type Call, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { channelHealth } from '../channels.ts';
import { dayOf } from '../decide.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { summaryOf } from '../signal-summary.ts';
import { signalOutcomes } from '../tables/performance.ts';
import { populationsOn } from '../tables/population.ts';
import { signalsFormed } from '../tables/signals.ts';
import { firstDay, heardAnywhere, topicDays, topicSums } from '../tables/watch-counts.ts';
import { fewestForRate } from './risk-map.ts';
import { byTopic } from './situation.ts';
import { comparison, numberOfDay, readWeek, spanTexts, weekName, weekSums } from './weeks.ts';

const shownWeeks = 13;
const listedSignals = 20;

type Section = {
  channel: 'cases' | 'syndromes' | 'laboratory';
  names: { code: string; zh: string; en: string; class: BulletinDisease['class'] }[];
};

async function section(
  door: SurveillanceDoor,
  { channel, names }: Section,
  sunday: number,
  population: number | null,
): Promise<BulletinDisease[]> {
  const spans = comparison(sunday);
  const mondays = Array.from({ length: shownWeeks }, (_, back) => sunday - 6 - (shownWeeks - 1 - back) * 7);
  const recent = spanTexts({ from: mondays[0] as number, to: sunday });
  const past = spanTexts(spans.yearBefore);
  const january = `${recent.to.slice(0, 4)}-01-01`;
  const pastJanuary = `${past.to.slice(0, 4)}-01-01`;
  const [rows, pastRows, heard, pastHeard, toDate, pastToDate] = await Promise.all([
    topicDays(door.pool, channel, recent.from, recent.to),
    topicDays(door.pool, channel, past.from, past.to),
    heardAnywhere(door.pool, channel, recent.from, recent.to),
    heardAnywhere(door.pool, channel, past.from, past.to),
    topicSums(door.pool, channel, january, recent.to),
    topicSums(door.pool, channel, pastJanuary, past.to),
  ]);
  const known = new Set([...heard, ...pastHeard].map(numberOfDay));
  const counts = byTopic([...rows, ...pastRows]);
  return names
    .filter(({ code }) => counts.has(code) || toDate.has(code))
    .map(({ code, zh, en, class: group }) => {
      const of = (day: number): number => counts.get(code)?.get(day) ?? 0;
      const sums = (monday: number): number | null =>
        weekSums([monday], monday + 6, of, (day) => known.has(day))[0] ?? null;
      const week = sums(spans.now.from);
      return {
        code,
        zh,
        en,
        class: group,
        week,
        before: sums(spans.before.from),
        yearBefore: sums(spans.yearBefore.from),
        toDate: toDate.get(code) ?? 0,
        toDateYearBefore: pastToDate.get(code) ?? 0,
        rate: week !== null && week >= fewestForRate && population ? (week / population) * 100_000 : null,
        weeks: weekSums(mondays, sunday, of, (day) => known.has(day)),
      };
    })
    .sort((one, other) => one.class.localeCompare(other.class) || (other.week ?? 0) - (one.week ?? 0));
}

/** The bulletin of an ISO week (Monday to Sunday), by default the last complete one. */
export async function bulletin(door: SurveillanceDoor, { query, now }: Call): Promise<Reply | Refusal> {
  const today = numberOfDay(dayOf(now));
  const thisMonday = comparison(today).now.from;
  const wanted = query.week ? readWeek(query.week) : null;
  if (query.week && !wanted)
    return refuse('HT-INPUT-001', {
      zh: '没有这一周（例：2026-W48）',
      en: 'There is no such week (example: 2026-W48)',
    });
  const monday = wanted ? mondayOf(wanted) : thisMonday - 7;
  if (monday > today) return refuse('HT-INPUT-001', { zh: '这一周还没有开始', en: 'This week has not begun' });
  const sunday = monday + 6;
  const { from, to } = spanTexts({ from: monday, to: sunday });
  const populations = await populationsOn(door.pool, to);
  const figures = [...populations.values()];
  const population = figures.reduce((sum, { n }) => sum + n, 0) || null;
  const current = door.lists.diseases.filter(({ to: end }) => end === null);
  const diseaseNames = current.map(({ code, zh, en, class: group }) => ({ code, zh, en, class: group }));
  const syndromeNames = door.lists.syndromes.map(({ code, zh, en }) => ({ code, zh, en, class: '' as const }));
  const [diseases, syndromes, laboratory, outcomes, formed, channels, first] = await Promise.all([
    section(door, { channel: 'cases', names: diseaseNames }, sunday, population),
    section(door, { channel: 'syndromes', names: syndromeNames }, sunday, population),
    section(door, { channel: 'laboratory', names: diseaseNames }, sunday, population),
    signalOutcomes(door.pool, from, to),
    signalsFormed(door.pool, from, to, listedSignals),
    channelHealth(door, now),
    firstDay(door.pool),
  ]);
  const body: Bulletin = {
    week: weekName(monday),
    complete: sunday < today,
    earliest: weekName(first === null ? today : numberOfDay(first)),
    latest: weekName(today),
    weekStarts: Array.from(
      { length: shownWeeks },
      (_, back) => spanTexts({ from: monday - (shownWeeks - 1 - back) * 7, to: monday }).from,
    ),
    population,
    populationSource: figures[0]?.source ?? null,
    diseases,
    syndromes,
    laboratory,
    signals: {
      formed: outcomes.length,
      open: formed.open,
      suspected: outcomes.filter(({ suspected, outbreak }) => suspected || outbreak).length,
      outbreaks: outcomes.filter(({ outbreak }) => outbreak).length,
      list: formed.rows.map((row) => summaryOf(door, row, now)),
    },
    channels: channels.map(({ code, zh, en, state, completeness }) => ({ code, zh, en, state, completeness })),
  };
  return { body };
}
