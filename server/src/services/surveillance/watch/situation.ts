import type { Situation, SituationDisease } from '@hutong/contract/watch.ts';
import type { Call, Reply } from '../../../core/access/index.ts';
import { channelHealth } from '../channels.ts';
import { dayOf } from '../decide.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { summaryOf } from '../signal-summary.ts';
import { signalPage } from '../tables/signals.ts';
import {
  cardClock,
  heardAnywhere,
  openSignalsByTopic,
  signalClock,
  type TopicDay,
  topicDays,
} from '../tables/watch-counts.ts';
import { comparison, mondaysBack, numberOfDay, spanCount, spanTexts, weekName, weekSums } from './weeks.ts';

const shownWeeks = 26;
const shownSignals = 5;

/** Days of one topic as a function; a day without a row is zero where the channel was heard. */
export function byTopic(rows: TopicDay[]): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number>>();
  for (const { topic, day, n } of rows) {
    const days = found.get(topic) ?? new Map<number, number>();
    found.set(topic, days.set(numberOfDay(day), n));
  }
  return found;
}

/** What is on top now: the week against the week before and last year, channels, clocks, the first signals of the inbox. */
export async function situation(door: SurveillanceDoor, { now }: Call): Promise<Reply> {
  const today = numberOfDay(dayOf(now));
  const spans = comparison(today);
  const mondays = mondaysBack(today, shownWeeks);
  const recent = spanTexts({ from: mondays[0] as number, to: today });
  const past = spanTexts(spans.yearBefore);
  const [rows, pastRows, heard, pastHeard, openSignals, signals, cards, top, channels] = await Promise.all([
    topicDays(door.pool, 'cases', recent.from, recent.to),
    topicDays(door.pool, 'cases', past.from, past.to),
    heardAnywhere(door.pool, 'cases', recent.from, recent.to),
    heardAnywhere(door.pool, 'cases', past.from, past.to),
    openSignalsByTopic(door.pool, 'cases'),
    signalClock(door.pool, new Date(now)),
    cardClock(door.pool, new Date(now)),
    signalPage(door.pool, { state: 'open', area: null, channel: null, limit: shownSignals, offset: 0 }),
    channelHealth(door, now),
  ]);
  const known = new Set([...heard, ...pastHeard].map(numberOfDay));
  const isKnown = (day: number): boolean => known.has(day);
  const counts = byTopic([...rows, ...pastRows]);
  const diseases = door.lists.diseases
    .filter(({ code, to }) => to === null && counts.has(code))
    .map(({ code, zh, en, class: group }): SituationDisease => {
      const count = (day: number): number => counts.get(code)?.get(day) ?? 0;
      return {
        code,
        zh,
        en,
        class: group,
        now: spanCount(spans.now, count, isKnown),
        before: spanCount(spans.before, count, isKnown),
        yearBefore: spanCount(spans.yearBefore, count, isKnown),
        weeks: weekSums(mondays, today, count, isKnown),
        openSignals: openSignals.get(code) ?? 0,
      };
    })
    .sort(
      (one, other) =>
        other.openSignals - one.openSignals ||
        (other.now.n ?? 0) - (one.now.n ?? 0) ||
        (other.before.n ?? 0) - (one.before.n ?? 0),
    );
  const clockOf = (clock: typeof signals) => ({ ...clock, nextDue: clock.nextDue?.toISOString() ?? null });
  const body: Situation = {
    week: weekName(today),
    before: spanTexts(spans.before),
    yearBefore: past,
    weekStarts: mondays.map((monday) => spanTexts({ from: monday, to: monday }).from),
    diseases,
    channels: channels.map(({ code, zh, en, state, lastDay, completeness }) => ({
      code,
      zh,
      en,
      state,
      lastDay,
      completeness,
    })),
    clocks: { signals: clockOf(signals), cards: clockOf(cards) },
    top: top.rows.map((row) => summaryOf(door, row, now)),
  };
  return { body };
}
