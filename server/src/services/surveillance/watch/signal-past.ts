import type { SignalPast } from '@hutong/contract/watch.ts';
import { dateOfDay, sameWeekdayYearsBefore } from '@hutong/epi';
import { type Call, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { channelName, topicName } from '../places.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { signalBy } from '../tables/signals.ts';
import { scopeSeries } from './series.ts';
import { numberOfDay } from './weeks.ts';

const shownWindows = 26;
const mostYears = 5;
const mostChannels = 6;

/** What this series was in the last five years at this time of the year, and what other channels of its family say now. */
export async function signalPast(door: SurveillanceDoor, { params }: Call): Promise<Reply | Refusal> {
  const row = await signalBy(door.pool, params.id ?? '');
  if (!row) return refuse('HT-INPUT-004');
  const end = numberOfDay(row.to);
  const windowsOf = async (channel: string, topic: string, last: number): Promise<(number | null)[] | null> => {
    const [series] = await scopeSeries(door, { channel, topic, area: row.area }, last, shownWindows);
    return series ? Array.from(series.counts, (n) => (Number.isNaN(n) ? null : n)) : null;
  };
  const family = door.lists.topics.find(({ channel, code }) => channel === row.channel && code === row.topic)?.family;
  const others = door.lists.topics.filter(
    (topic) =>
      topic.family === family &&
      topic.channel !== row.channel &&
      door.lists.channels.find(({ code }) => code === topic.channel)?.measure === 'count',
  );
  const back = Array.from({ length: mostYears }, (_, index) => index + 1);
  const [now, years, channels] = await Promise.all([
    windowsOf(row.channel, row.topic, end),
    Promise.all(
      back.map(async (yearsBack) => ({
        yearsBack,
        counts: await windowsOf(row.channel, row.topic, sameWeekdayYearsBefore(end, yearsBack)),
      })),
    ),
    Promise.all(
      others.map(async ({ channel, code }) => ({
        channel: channelName(door.lists, channel),
        topic: topicName(door.lists, channel, code),
        counts: await windowsOf(channel, code, end),
      })),
    ),
  ]);
  const isKnown = (counts: (number | null)[] | null): counts is (number | null)[] =>
    counts?.some((n) => n !== null) ?? false;
  const spoke = (counts: (number | null)[] | null): counts is (number | null)[] => counts?.some((n) => n) ?? false;
  const body: SignalPast = {
    to: Array.from({ length: shownWindows }, (_, index) => dateOfDay(end - (shownWindows - 1 - index) * 7)),
    now: now ?? Array.from({ length: shownWindows }, () => null),
    years: years.flatMap(({ yearsBack, counts }) => (isKnown(counts) ? [{ yearsBack, counts }] : [])),
    channels: channels
      .flatMap(({ counts, ...rest }) => (spoke(counts) ? [{ ...rest, counts }] : []))
      .slice(0, mostChannels),
  };
  return { body };
}
