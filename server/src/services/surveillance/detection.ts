import type { Directory } from '../../core/directory/index.ts';
import { type Client, inTransaction, type Pool } from '../../kit/pool.ts';
import { type CircleSignal, circleSignals } from './circles.ts';
import { dayOf, dueOf } from './decide.ts';
import { type Discovery, discover, type Judged, judgeAll, reweigh } from './discover.ts';
import { explain } from './explain.ts';
import { historyDays, numberOf, seriesOf, textOf } from './gather.ts';
import type { Lists } from './model.ts';
import { scansSince } from './tables/estimates.ts';
import { rulesInForce } from './tables/rules.ts';
import { insertSignal, openSignals, recentSignal, renewSignal, type SignalRow } from './tables/signals.ts';
import { countWindows, heardWindows } from './tables/windows.ts';

export type DetectionDoor = { pool: Pool; directory: Directory; lists: Lists };
export type DetectionRun = { series: number; judged: number; raised: string[]; renewed: string[] };
/** Circles are made once a night. */
const freshScanMs = 36 * 3_600_000;
const specific = (channel: string): boolean => channel === 'cases' || channel === 'laboratory';

/**
 * Judges every topic x area x channel on the 7 days that end at `now`, and raises or renews a signal for each discovery. Open signals whose series is no
 * discovery any more get today's figures and weight, so that the inbox says what is to be done now.
 */
export async function detect(door: DetectionDoor, now: Date): Promise<DetectionRun> {
  const to = numberOf(dayOf(now.getTime()));
  const span = {
    from: textOf(to - historyDays + 1),
    to: textOf(to),
    institutions: door.directory.institutions().map(({ id, area }) => ({ id, area })),
  };
  const all = seriesOf(door.lists, await countWindows(door.pool, span, now), await heardWindows(door.pool, span));
  const judged = judgeAll(all, await rulesInForce(door.pool));
  const open = await openSignals(door.pool);
  const run: DetectionRun = { series: all.length, judged: judged.length, raised: [], renewed: [] };
  const found = discover(judged, door.lists, openFamilies(door.lists, open));
  for (const one of found) await inTransaction(door.pool, (client) => keep(door, client, one, to, now, run));
  const taken = new Set(
    [...open, ...found.map(({ topic, area }) => ({ topic: topic.code, area }))].map(
      (one) => `${one.topic} ${one.area}`,
    ),
  );
  const scans = await scansSince(door.pool, new Date(now.getTime() - freshScanMs));
  for (const circle of circleSignals(scans, taken, door.lists))
    await inTransaction(door.pool, (client) => keepCircle(client, circle, to, now, run));
  for (const signal of open)
    if (signal.rule === 'statistical' && !signal.evidence.circle && !run.renewed.includes(signal.id))
      await cool(door, signal, judged, to, now);
  return run;
}

/** Families x areas in which a disease has an open signal: what its syndromes and other departments show is no news. */
function openFamilies(lists: Lists, open: SignalRow[]): Set<string> {
  return new Set(
    open
      .filter(({ channel }) => specific(channel))
      .map(({ topic, area }) => `${lists.diseases.find(({ code }) => code === topic)?.family}\t${area}`),
  );
}

/** Whether a signal says already what is found today: a run that follows another within the day has little to tell anew. */
const isSaid = (signal: SignalRow, { judged, score }: Discovery, to: number): boolean =>
  signal.to === textOf(to) &&
  signal.score === score &&
  signal.evidence.observed === judged.observed &&
  signal.evidence.p === judged.p;

/** Not raised again while it is open, nor for 7 days after it was formed: newer evidence goes to the open one, also to that of a first case. */
async function keep(
  door: DetectionDoor,
  client: Client,
  found: Discovery,
  to: number,
  now: Date,
  run: DetectionRun,
): Promise<void> {
  const { topic, area, score } = found;
  const until = textOf(to);
  const first = specific(topic.channel)
    ? await recentSignal(client, 'single-case', 'cases', topic.code, area, now)
    : null;
  if (first && first.state !== 'answered') {
    const evidence = explain(door.lists, found, to);
    const weight =
      score > first.score ? { parts: evidence.parts, score } : { parts: first.evidence.parts, score: first.score };
    await renewSignal(client, first.id, { ...evidence, parts: weight.parts }, weight.score, until, first.cards, now);
    run.renewed.push(first.id);
    return;
  }
  const known = await recentSignal(client, 'statistical', topic.channel, topic.code, area, now);
  if (known) {
    if (known.state === 'answered') return;
    if (!isSaid(known, found, to))
      await renewSignal(client, known.id, explain(door.lists, found, to), score, until, [], now);
    run.renewed.push(known.id);
    return;
  }
  const id = `${topic.channel}.${topic.code}.${area || 'unknown'}.${until}`;
  await insertSignal(client, {
    id,
    rule: 'statistical',
    channel: topic.channel,
    topic: topic.code,
    area,
    from: textOf(to - 6),
    to: until,
    formed: now,
    due: new Date(dueOf({ state: 'passed', step: 'verify' }, 'statistical', now.getTime(), now.getTime())),
    evidence: explain(door.lists, found, to),
    score,
    cards: [],
  });
  run.raised.push(id);
}

async function keepCircle(
  client: Client,
  { topic, centre, from, evidence, score }: CircleSignal,
  to: number,
  now: Date,
  run: DetectionRun,
): Promise<void> {
  if (await recentSignal(client, 'statistical', 'cases', topic, centre, now)) return;
  const id = `circle.${topic}.${centre}.${textOf(to)}`;
  await insertSignal(client, {
    id,
    rule: 'statistical',
    channel: 'cases',
    topic,
    area: centre,
    from,
    to: textOf(to),
    formed: now,
    due: new Date(dueOf({ state: 'passed', step: 'verify' }, 'statistical', now.getTime(), now.getTime())),
    evidence,
    score,
    cards: [],
  });
  run.raised.push(id);
}

async function cool(door: DetectionDoor, signal: SignalRow, judged: Judged[], to: number, now: Date): Promise<void> {
  const series = judged.find(
    ({ topic, area }) => topic.channel === signal.channel && topic.code === signal.topic && area === signal.area,
  );
  if (!series) return;
  const today = reweigh(series, judged, door.lists);
  if (isSaid(signal, today, to)) return;
  await inTransaction(door.pool, (client) =>
    renewSignal(client, signal.id, explain(door.lists, today, to), today.score, textOf(to), [], now),
  );
}
