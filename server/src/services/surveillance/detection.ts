import { falseDiscovery, isRefusal } from '@hutong/epi';
import type { Directory } from '../../core/directory/index.ts';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { dayOf, dueOf } from './decide.ts';
import { fused, type Judgement, judge, levelsOf, windowsOf } from './judge.ts';
import type { Evidence, Lists, Topic } from './model.ts';
import { areaName, channelName, topicName, wholeRegion } from './places.ts';
import { rank } from './rank.ts';
import { heardDays, type Point, points } from './tables/counts.ts';
import { rulesInForce } from './tables/rules.ts';
import { insertSignal, recentSignal, renewSignal } from './tables/signals.ts';
import { judgeByRule, ruleFor } from './watch/ruled.ts';

const dayMs = 86_400_000;
const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
const textOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
/** Ten years, as the recommended method takes at most. */
const historyDays = 10 * 364;
/** At most this share of the signals of a run is expected to be chance (Benjamini & Hochberg). */
const discoveryRate = 0.05;
const shownWindows = 26;

/** `ruled`: somebody's rule of the workshop judged it, not the platform's method. */
type Series = { topic: Topic; area: string; counts: Float64Array; judged: Judgement | null; ruled: boolean };
export type DetectionDoor = { pool: Pool; directory: Directory; lists: Lists };
export type DetectionRun = { series: number; judged: number; raised: string[]; renewed: string[] };

/** Every series that has spoken at all: topic x area, and each topic for the region as a whole. */
function seriesOf(
  door: DetectionDoor,
  all: Point[],
  heard: { channel: string; institution: number; day: string }[],
  to: number,
  rules: Parameters<typeof ruleFor>[0],
): Series[] {
  const areaOf = new Map(door.directory.institutions().map(({ id, area }) => [id, area]));
  const heardAt = new Map<string, Set<number>>();
  const note = (channel: string, area: string, day: number): void => {
    for (const where of [area, wholeRegion]) {
      const key = `${channel} ${where}`;
      const days = heardAt.get(key) ?? new Set<number>();
      heardAt.set(key, days.add(day));
    }
  };
  for (const { channel, institution, day } of heard) note(channel, areaOf.get(institution) ?? '', numberOf(day));
  const values = new Map<string, Map<number, number>>();
  for (const { channel, topic, area, day, n } of all) {
    const at = numberOf(day);
    // An outside department that reports one topic of an area has spoken of that topic there, also when it says zero.
    if (door.lists.channels.some(({ code, kind }) => code === channel && kind === 'outside'))
      note(`${channel} ${topic}`, area, at);
    for (const where of [area, wholeRegion]) {
      const key = `${channel}\t${topic}\t${where}`;
      const days = values.get(key) ?? new Map<number, number>();
      values.set(key, days.set(at, (days.get(at) ?? 0) + n));
    }
  }
  return [...values].flatMap(([key, days]): Series[] => {
    const [channel = '', code = '', area = ''] = key.split('\t');
    const topic = door.lists.topics.find((row) => row.channel === channel && row.code === code);
    const about = door.lists.channels.find((row) => row.code === channel);
    // A level measured at places has no sum over places.
    if (!topic || !about || (about.measure === 'level' && area === wholeRegion)) return [];
    const known = heardAt.get(about.kind === 'record' ? `${channel} ${area}` : `${channel} ${code} ${area}`);
    if (!known) return [];
    const from = Math.max(to - historyDays + 1, Math.min(...known, ...days.keys()));
    const value = (day: number): number | null => days.get(day) ?? (known.has(day) ? 0 : null);
    const counts =
      about.measure === 'level'
        ? levelsOf((day) => days.get(day) ?? null, from, to)
        : windowsOf(value, from, to, Math.ceil(5 / about.cadenceDays));
    const own = judge(counts, about.measure);
    const rule = ruleFor(rules, channel, code, area);
    const ruled = rule && judgeByRule(counts, rule, own, counts.length);
    return [{ topic, area, counts, judged: ruled ?? own, ruled: ruled !== null }];
  });
}

const chance = (p: number): string =>
  p < 1e-6 ? '<0.000001' : p.toPrecision(1).includes('e') ? p.toFixed(6) : p.toPrecision(2);
const figure = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Math.round(value * 10) / 10);

function evidenceOf(
  door: DetectionDoor,
  { topic, area, counts, judged }: Series & { judged: Judgement },
  others: Series[],
  to: number,
): { evidence: Evidence; score: number } {
  const family = others.filter(
    (other) =>
      other.topic.family === topic.family &&
      other.area === area &&
      other.topic.channel !== topic.channel &&
      other.judged !== null,
  );
  const best = new Map<string, { channel: string; topic: string; p: number }>();
  for (const other of family) {
    // Several topics of a channel are one voice: its smallest p times their number (Bonferroni).
    const p = Math.min(
      1,
      (other.judged as Judgement).p * family.filter((same) => same.topic.channel === other.topic.channel).length,
    );
    const known = best.get(other.topic.channel);
    if (!known || p < known.p)
      best.set(other.topic.channel, { channel: other.topic.channel, topic: other.topic.code, p });
  }
  const corroborating = [...best.values()].filter(({ p }) => p < 0.05);
  const p =
    corroborating.length > 0
      ? Math.min(judged.p, fused([judged.p, ...[...best.values()].map((voice) => voice.p)]))
      : judged.p;
  const disease = door.lists.diseases.findLast(({ code }) => code === topic.code) ?? null;
  const { score, parts } = rank({
    rule: 'statistical',
    channel: topic.channel,
    topic: topic.code,
    disease: topic.channel === 'syndromes' ? null : disease,
    observed: judged.observed,
    expected: judged.expected,
    p,
    corroborating: corroborating.length,
  });
  const place = areaName(area, textOf(to));
  const [what, where] = [topicName(door.lists, topic.channel, topic.code), channelName(door.lists, topic.channel)];
  const also = corroborating.map(({ channel }) => channelName(door.lists, channel));
  const start = Math.max(0, counts.length - shownWindows);
  const value = (array: Float64Array, index: number): number | null =>
    Number.isNaN(array[index] as number) ? null : Math.round((array[index] as number) * 100) / 100;
  const evidence: Evidence = {
    observed: judged.observed,
    expected: judged.expected,
    bound: judged.bound,
    p: judged.p,
    method: judged.method,
    baselineWindows: judged.baselineWindows,
    corroborating,
    parts,
    series: Array.from({ length: counts.length - start }, (_, index) => ({
      to: textOf(to - (counts.length - 1 - start - index) * 7),
      count: value(counts, start + index),
      bound: value(judged.bounds, start + index),
      expected: value(judged.expectations, start + index),
    })),
    zh: `${place.zh}近 7 天“${what.zh}”（${where.zh}）${figure(judged.observed)}，预期 ${figure(judged.expected)}，上限 ${figure(judged.bound)}；若无疫情，偶然达到的概率约 ${chance(judged.p)}。${also.length > 0 ? `同时升高：${also.map(({ zh }) => zh).join('、')}。` : ''}`,
    en: `${what.en} (${where.en}) in ${place.en}: ${figure(judged.observed)} in 7 days, ${figure(judged.expected)} expected, bound ${figure(judged.bound)}. Without an outbreak the chance of so many is about ${chance(judged.p)}.${also.length > 0 ? ` Rising too: ${also.map(({ en }) => en).join(', ')}.` : ''}`,
  };
  return { evidence, score };
}

/**
 * Judges every topic x area x channel on the 7 days that end at `now`, keeps the discoveries (false-discovery rate 5 %), and raises or renews
 * signals. A series that the whole region shows is not raised when one of its areas already explains it.
 */
export async function detect(door: DetectionDoor, now: Date): Promise<DetectionRun> {
  const to = numberOf(dayOf(now.getTime()));
  const [from, until] = [textOf(to - historyDays), textOf(to)];
  const all = seriesOf(
    door,
    await points(door.pool, from, until, now),
    await heardDays(door.pool, from, until),
    to,
    await rulesInForce(door.pool),
  );
  const judged = all.filter((series): series is Series & { judged: Judgement } => series.judged !== null);
  // Who enables a rule has chosen its false alarms by a back-test: it alone decides.
  const own = judged.filter(({ ruled }) => !ruled);
  const found = falseDiscovery(
    Float64Array.from(own, (series) => series.judged.p),
    discoveryRate,
  );
  const discovered = (isRefusal(found) ? [] : own.filter((_, index) => found.discovered[index] === 1))
    .concat(judged.filter(({ ruled }) => ruled))
    .filter((series) => series.judged.alarm);
  const local = new Set(
    discovered.filter(({ area }) => area !== wholeRegion).map(({ topic }) => `${topic.channel} ${topic.code}`),
  );
  const run: DetectionRun = { series: all.length, judged: judged.length, raised: [], renewed: [] };
  for (const series of discovered) {
    const { topic, area } = series;
    if (area === wholeRegion && local.has(`${topic.channel} ${topic.code}`)) continue;
    // Each case of these has raised its own signal already; a count of them says nothing new.
    if (
      topic.channel === 'cases' &&
      door.lists.diseases.some(({ code, singleCase }) => code === topic.code && singleCase)
    )
      continue;
    const { evidence, score } = evidenceOf(door, series, judged, to);
    await inTransaction(door.pool, async (client) => {
      const known = await recentSignal(client, 'statistical', topic.channel, topic.code, area, now);
      if (known) {
        if (known.state !== 'answered') {
          await renewSignal(client, known.id, evidence, score, until, [], now);
          run.renewed.push(known.id);
        }
        return;
      }
      const id = `${topic.channel}.${topic.code}.${area || 'unknown'}.${until}`;
      const due = new Date(dueOf({ state: 'passed', step: 'verify' }, 'statistical', now.getTime(), now.getTime()));
      await insertSignal(client, {
        id,
        rule: 'statistical',
        channel: topic.channel,
        topic: topic.code,
        area,
        from: textOf(to - 6),
        to: until,
        formed: now,
        due,
        evidence,
        score,
        cards: [],
      });
      run.raised.push(id);
    });
  }
  return run;
}
