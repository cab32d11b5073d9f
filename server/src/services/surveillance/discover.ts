import type { RuleSettings } from '@hutong/contract/watch.ts';
import { falseDiscovery, isRefusal } from '@hutong/epi';
import type { Series } from './gather.ts';
import { fused, type Judgement, judge } from './judge.ts';
import type { Evidence, Lists } from './model.ts';
import { wholeRegion } from './places.ts';
import { rank } from './rank.ts';
import { judgeByRule, ruleFor } from './watch/ruled.ts';

/**
 * The share of a day's discoveries that may be chance (Benjamini & Hochberg 1995), channel by channel. Where years of history make p-values what they
 * say, half: the top of a ranked inbox costs a look, a missed cluster a week (docs/decisions/0017-signals.md has what each rate finds). Where a few
 * weeks are all there is, p-values are rough, and 5 % is held.
 */
const discoveryRate = 0.5;
const shortHistoryRate = 0.05;
/** A voice that joins a fused discovery must itself be at least this unlikely. */
const voiceLevel = 0.05;

/** `rule`: somebody's rule of the workshop judged it, not the platform's method. */
export type Judged = Series & { judged: Judgement; rule?: RuleSettings };
type Voice = Evidence['corroborating'][number];
/** What deserves a signal, ranked by `score`. `p` is fused over the channels of the family where others rise too. */
export type Discovery = Judged & {
  p: number;
  /** Alone no discovery, but together with the channels in `corroborating`. */
  together: boolean;
  corroborating: Voice[];
  score: number;
  parts: Evidence['parts'];
};

/** Every series by its rule where one is in force and can judge it, else by the platform's method. */
export function judgeAll(all: Series[], rules: Parameters<typeof ruleFor>[0] = []): Judged[] {
  return all.flatMap((series): Judged[] => {
    const own = judge(series.counts, series.measure, 1, series.rest);
    const rule = ruleFor(rules, series.topic.channel, series.topic.code, series.area);
    const ruled = rule && judgeByRule(series.counts, rule, own);
    if (rule && ruled) return [{ ...series, judged: ruled, rule }];
    return own ? [{ ...series, judged: own }] : [];
  });
}

const isShort = (method: Judgement['method']): boolean => method.startsWith('ears');
const cellOf = ({ topic, area }: Series): string => `${topic.family}\t${area}`;

/** The best of each other channel of a family in an area. Several topics of one channel are one voice: its smallest p times their number. */
function voicesOf(family: Judged[], channel: string): Voice[] {
  const best = new Map<string, Voice>();
  for (const other of family) {
    if (other.topic.channel === channel) continue;
    const same = family.filter(({ topic }) => topic.channel === other.topic.channel).length;
    const p = Math.min(1, other.judged.p * same);
    const known = best.get(other.topic.channel);
    if (!known || p < known.p)
      best.set(other.topic.channel, { channel: other.topic.channel, topic: other.topic.code, p });
  }
  return [...best.values()];
}

function discoveriesOf<T>(items: T[], p: (item: T) => number, rate: number): T[] {
  const found = falseDiscovery(Float64Array.from(items, p), rate);
  return isRefusal(found) ? [] : items.filter((_, index) => found.discovered[index] === 1);
}

function byKey<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const known = groups.get(key(item));
    if (known) known.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/**
 * Families x areas whose channels together are a discovery though none is alone: the Cauchy combination of one voice per channel holds its level
 * under whatever correlation (docs/decisions/0017-signals.md). The series that speaks loudest carries the signal.
 */
function togetherOf(families: Map<string, Judged[]>, alone: Set<string>, rate: number): Judged[] {
  const cells = [...families].flatMap(([cell, family]) => {
    const voices = voicesOf(family, '');
    return voices.length > 1 ? [{ cell, family, p: fused(voices.map(({ p }) => p)), voices }] : [];
  });
  return discoveriesOf(cells, ({ p }) => p, rate).flatMap(({ cell, family, voices }) => {
    if (alone.has(cell) || voices.filter(({ p }) => p < voiceLevel).length < 2) return [];
    const loudest = family.toSorted((a, b) => a.judged.p - b.judged.p)[0] as Judged;
    return [loudest];
  });
}

const specific = new Set(['cases', 'laboratory']);

/**
 * One event, one signal: the same people show in several channels, and the others are shown as corroborating. Positive tests stand behind the case
 * reports of their disease, syndromes and other departments behind a disease of their family (also one whose signal is open already) or behind the
 * most urgent of them, and a group of diseases behind its member.
 */
function leadersOf(found: Discovery[], lists: Lists, open: ReadonlySet<string>): Discovery[] {
  const behind = ({ topic, area, score }: Discovery): boolean => {
    const here = found.filter((other) => other.area === area);
    if (specific.has(topic.channel))
      return here.some(
        (other) =>
          specific.has(other.topic.channel) &&
          ((other.topic.code === topic.code && topic.channel === 'laboratory' && other.topic.channel === 'cases') ||
            (other.topic.channel === topic.channel &&
              lists.diseases.some(({ code, parent }) => code === other.topic.code && parent === topic.code))),
      );
    const family = here.filter((other) => other.topic.family === topic.family && other.topic !== topic);
    return (
      open.has(`${topic.family}\t${area}`) ||
      family.some((other) => specific.has(other.topic.channel) || other.score > score)
    );
  };
  return found.filter((one) => !behind(one));
}

/**
 * The discoveries among all judged series. Per channel the false-discovery rate over topic x area is held; a discovery is also above its
 * own bound. A series of the whole region is left out when one of its areas already explains it, and a count of single-case diseases, each case
 * of which has raised its own signal.
 * @param rate the false-discovery rate held where there are years of history
 * @param open families with a disease whose signal is open, as 'family\tarea'
 */
export function discover(
  judged: Judged[],
  lists: Lists,
  open: ReadonlySet<string> = new Set(),
  rate = discoveryRate,
): Discovery[] {
  const families = byKey(judged, cellOf);
  const own = judged.filter(({ rule }) => !rule);
  // Who enables a rule has chosen its false alarms by a back-test: it alone decides.
  const ruled = judged.filter(({ rule }) => rule);
  const alone = [...byKey(own, ({ topic, judged: { method } }) => `${topic.channel} ${isShort(method)}`).values()]
    .flatMap((group) =>
      discoveriesOf(
        group,
        (series) => series.judged.p,
        group.some((series) => isShort(series.judged.method)) ? Math.min(rate, shortHistoryRate) : rate,
      ),
    )
    .concat(ruled)
    .filter((series) => series.judged.alarm);
  const together = togetherOf(families, new Set(alone.map(cellOf)), Math.min(rate, shortHistoryRate));
  const local = new Set(
    [...alone, ...together]
      .filter(({ area }) => area !== wholeRegion)
      .map(({ topic }) => `${topic.channel} ${topic.code}`),
  );
  const found = [...alone, ...together].flatMap((series, index): Discovery[] => {
    const { topic, area } = series;
    if (area === wholeRegion && local.has(`${topic.channel} ${topic.code}`)) return [];
    if (specific.has(topic.channel) && lists.diseases.some(({ code, singleCase }) => code === topic.code && singleCase))
      return [];
    return [{ ...weigh(series, families.get(cellOf(series)) ?? [], lists), together: index >= alone.length }];
  });
  return leadersOf(found, lists, open);
}

/** The weight of one series today, discovery or not: what an open signal about it is worth now. */
export function reweigh(series: Judged, judged: Judged[], lists: Lists): Discovery {
  return weigh(
    series,
    judged.filter((other) => cellOf(other) === cellOf(series)),
    lists,
  );
}

function weigh(series: Judged, family: Judged[], lists: Lists): Discovery {
  const { topic, judged } = series;
  const voices = voicesOf(family, topic.channel);
  const corroborating = voices.filter(({ p }) => p < voiceLevel);
  const p =
    corroborating.length > 0 ? Math.min(judged.p, fused([judged.p, ...voices.map((voice) => voice.p)])) : judged.p;
  const ranked = rank({
    rule: 'statistical',
    channel: topic.channel,
    topic: topic.code,
    disease:
      topic.channel === 'syndromes' ? null : (lists.diseases.findLast(({ code }) => code === topic.code) ?? null),
    observed: judged.observed,
    expected: judged.expected,
    p,
    corroborating: corroborating.length,
  });
  return { ...series, p, together: false, corroborating, ...ranked };
}
