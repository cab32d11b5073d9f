import type { Discovery } from './discover.ts';
import { textOf } from './gather.ts';
import { judge } from './judge.ts';
import type { Evidence, Lists } from './model.ts';
import { areaName, channelName, topicName } from './places.ts';
import { judgeByRule } from './watch/ruled.ts';

const shownWindows = 26;
const chance = (p: number): string =>
  p < 1e-6 ? '<0.000001' : p.toPrecision(1).includes('e') ? p.toFixed(6) : p.toPrecision(2);
const figure = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Math.round(value * 10) / 10);

/** What a signal shows of itself: figures, picture, and the reason in plain words. @param to number of the day judged */
export function explain(lists: Lists, found: Discovery, to: number): Evidence {
  const { topic, area, counts, corroborating, together, parts } = found;
  const shown = Math.min(shownWindows, counts.length);
  const own = judge(counts, found.measure, shown, found.rest) ?? found.judged;
  const judged = (found.rule && judgeByRule(counts, found.rule, own, shown)) ?? own;
  const place = areaName(area, textOf(to));
  const [what, where] = [topicName(lists, topic.channel, topic.code), channelName(lists, topic.channel)];
  const also = corroborating.map(({ channel }) => channelName(lists, channel));
  const start = counts.length - shown;
  const value = (number = Number.NaN): number | null => (Number.isNaN(number) ? null : Math.round(number * 100) / 100);
  const zhAlso =
    also.length > 0 ? `${together ? '单看未超上限，但' : ''}同时升高：${also.map(({ zh }) => zh).join('、')}。` : '';
  const enAlso =
    also.length > 0
      ? `${together ? ' Not above its bound alone, but rising too' : ' Rising too'}: ${also.map(({ en }) => en).join(', ')}.`
      : '';
  const twoWeeks = !together && judged.observed <= judged.bound;
  const zhWeeks = twoWeeks ? '单看这 7 天未超上限，与前 7 天合计超出。' : '';
  const enWeeks = twoWeeks ? ' Not above the bound of one week, but above that of two weeks together.' : '';
  return {
    observed: judged.observed,
    expected: judged.expected,
    bound: judged.bound,
    p: judged.p,
    method: judged.method,
    baselineWindows: judged.baselineWindows,
    corroborating,
    parts,
    series: Array.from({ length: shown }, (_, index) => ({
      to: textOf(to - (shown - 1 - index) * 7),
      count: value(counts[start + index]),
      bound: value(judged.bounds[index]),
      expected: value(judged.expectations[index]),
    })),
    zh: `${place.zh}近 7 天“${what.zh}”（${where.zh}）${figure(judged.observed)}，预期 ${figure(judged.expected)}，上限 ${figure(judged.bound)}；若无疫情，偶然达到的概率约 ${chance(judged.p)}。${zhWeeks}${zhAlso}`,
    en: `${what.en} (${where.en}) in ${place.en}: ${figure(judged.observed)} in 7 days, ${figure(judged.expected)} expected, bound ${figure(judged.bound)}. Without an outbreak the chance of so many is about ${chance(judged.p)}.${enWeeks}${enAlso}`,
  };
}
