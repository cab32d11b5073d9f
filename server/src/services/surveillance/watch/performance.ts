import type { Performance } from '@hutong/contract/watch.ts';
import { type Call, type Caller, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { dayOf } from '../decide.ts';
import { areaName, topicName, wholeRegion } from '../places.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { addMissed, missedOutbreaks, type SignalOutcome, signalOutcomes } from '../tables/performance.ts';
import { mondaysBack, numberOfDay, spanTexts, weekName } from './weeks.ts';

const hourMs = 3_600_000;
const weeksOf: Record<string, number> = { '13': 13, '26': 26, '52': 52 };

const median = (values: number[]): number | null => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

const hoursOf = ({ formed, acknowledged }: SignalOutcome): number | null =>
  acknowledged === null ? null : Math.max(0, acknowledged.getTime() - formed.getTime()) / hourMs;
const isWithin = (signal: SignalOutcome, hours: number): boolean =>
  (hoursOf(signal) ?? Number.POSITIVE_INFINITY) <= hours;
const isDue = ({ formed, acknowledged }: SignalOutcome, hours: number, now: number): boolean =>
  acknowledged !== null || formed.getTime() + hours * hourMs <= now;
const count = (list: SignalOutcome[], test: (signal: SignalOutcome) => boolean): number => list.filter(test).length;
const judged = ({ suspected, excluded, outbreak }: SignalOutcome): boolean => suspected || excluded || outbreak;
const suspected = (signal: SignalOutcome): boolean => signal.suspected || signal.outbreak;

/** Response, predictive value and sensitivity of the signals of the last weeks. */
export async function performance(door: SurveillanceDoor, { query, now }: Call): Promise<Reply> {
  const today = numberOfDay(dayOf(now));
  const mondays = mondaysBack(today, weeksOf[query.weeks ?? ''] ?? 26);
  const { from, to } = spanTexts({ from: mondays[0] as number, to: today });
  const [signals, missed] = await Promise.all([
    signalOutcomes(door.pool, from, to),
    missedOutbreaks(door.pool, from, to),
  ]);
  const weekOf = (signal: SignalOutcome): number =>
    Math.floor((numberOfDay(dayOf(signal.formed.getTime())) - (mondays[0] as number)) / 7);
  const byWeek = Map.groupBy(signals, weekOf);
  const byTopic = Map.groupBy(signals, ({ channel, topic }) => `${channel} ${topic}`);
  const answered = signals.flatMap((signal) => hoursOf(signal) ?? []);
  const body: Performance = {
    from,
    to,
    signals: signals.length,
    singleCase: count(signals, ({ rule }) => rule === 'single-case'),
    statistical: count(signals, ({ rule }) => rule === 'statistical'),
    responded: answered.length,
    within2h: count(signals, (signal) => isWithin(signal, 2)),
    within24h: count(signals, (signal) => isWithin(signal, 24)),
    due2h: count(signals, (signal) => isDue(signal, 2, now)),
    due24h: count(signals, (signal) => isDue(signal, 24, now)),
    medianResponseHours: median(answered),
    judged: count(signals, judged),
    suspected: count(signals, suspected),
    outbreaks: count(signals, ({ outbreak }) => outbreak),
    missed: missed.map(({ id, disease, area, from: began, note, agent }) => ({
      id: String(id),
      disease: { code: disease, ...topicName(door.lists, 'cases', disease) },
      area: { code: area, ...areaName(area, began) },
      from: began,
      note,
      who: door.who(agent),
    })),
    medianDaysToSignal: median(
      signals
        .filter((signal) => signal.outbreak)
        .map(({ formed, from: began }) => Math.max(0, numberOfDay(dayOf(formed.getTime())) - numberOfDay(began))),
    ),
    weeks: mondays.map((monday, week) => {
      const list = byWeek.get(week) ?? [];
      return {
        week: weekName(monday),
        signals: list.length,
        suspected: count(list, suspected),
        within2h: count(list, (signal) => isWithin(signal, 2)),
        within24h: count(list, (signal) => isWithin(signal, 24)),
      };
    }),
    topics: [...byTopic.values()]
      .map((list) => {
        const { channel, topic } = list[0] as SignalOutcome;
        return {
          code: topic,
          ...topicName(door.lists, channel, topic),
          signals: list.length,
          judged: count(list, judged),
          suspected: count(list, suspected),
          outbreaks: count(list, ({ outbreak }) => outbreak),
        };
      })
      .sort((one, other) => other.signals - one.signals),
  };
  return { body };
}

/** An outbreak that became known without a signal: the denominator of sensitivity that no machine can know. */
export async function noteMissed(door: SurveillanceDoor, call: Call): Promise<Reply | Refusal> {
  const caller = call.caller as Caller;
  const { disease, area, from, note } = call.body as { disease: string; area: string; from: string; note: string };
  if (!door.lists.diseases.some(({ code }) => code === disease))
    return refuse('HT-INPUT-001', { zh: '没有这个病种', en: 'There is no such disease' });
  if (area !== wholeRegion && areaName(area, from).zh === area)
    return refuse('HT-INPUT-001', { zh: '没有这个地区', en: 'There is no such area' });
  if (from > dayOf(call.now)) return refuse('HT-INPUT-001', { zh: '日期在未来', en: 'The day lies in the future' });
  await addMissed(
    door.pool,
    { disease, area, from, note, agent: `${caller.kind} ${caller.id}` },
    caller.role,
    new Date(call.now),
  );
  call.look({ action: 'create', what: `outbreak without a signal: ${disease}`, ground: 'public-health' });
  return { status: 201, body: {} };
}
