import type { RuleSettings } from '@hutong/contract/watch.ts';
import { seeded } from '@hutong/epi';
import { expect, test } from 'vitest';
import { discover, judgeAll } from '../discover.ts';
import type { Series } from '../gather.ts';
import { readLists } from '../read-lists.ts';
import { judgeByRule, ruleFor } from './ruled.ts';

const lists = readLists();
const topic = lists.topics.find(({ channel, code }) => channel === 'cases' && code === 'mumps') as Series['topic'];
const rule = (area: string, settings: RuleSettings) => ({ channel: 'cases', topic: 'mumps', area, settings });
const threshold = (cases: number): RuleSettings => ({ method: 'fixed-threshold', cases, fewest: 1 });
/** Three years of about two cases a week, then the count of this week. */
const series = (area: string, last: number): Series => {
  const random = seeded(5, Number(area.slice(-2)));
  const counts = Float64Array.from({ length: 156 }, () => random.poisson(2));
  counts[155] = last;
  return { topic, area, measure: 'count', counts };
};

test('an area’s own rule goes before the one for every area, which is not the region’s', () => {
  const rules = [rule('*', threshold(4)), rule('500106', threshold(9)), rule('region', threshold(50))];
  expect(ruleFor(rules, 'cases', 'mumps', '500106')?.cases).toBe(9);
  expect(ruleFor(rules, 'cases', 'mumps', '500107')?.cases).toBe(4);
  expect(ruleFor(rules, 'cases', 'mumps', 'region')?.cases).toBe(50);
  expect(ruleFor(rules.slice(0, 2), 'cases', 'mumps', 'region')).toBeNull();
  expect(ruleFor(rules, 'laboratory', 'mumps', '500106')).toBeNull();
});

test('an enabled rule raises what the platform would not, and keeps silent what it would', () => {
  const found = (last: number, rules: Parameters<typeof judgeAll>[1]): string[] =>
    discover(judgeAll([series('500106', last), series('500107', 2)], rules), lists).map(
      ({ area, judged }) => `${area} ${judged.method}`,
    );
  expect(found(4, [])).toEqual([]);
  expect(found(4, [rule('500106', threshold(4))])).toEqual(['500106 fixed-threshold']);
  expect(found(30, [])).toHaveLength(1);
  expect(found(30, [rule('*', threshold(40))])).toEqual([]);
});

test('a rule leaves the chance without an outbreak as the platform’s method says it', () => {
  const own = judgeAll([series('500106', 4)])[0]?.judged;
  const ruled = judgeAll([series('500106', 4)], [rule('500106', threshold(4))])[0]?.judged;
  expect([own?.alarm, ruled?.alarm, ruled?.p]).toEqual([false, true, own?.p]);
});

test('a series that a rule cannot judge is left to the platform, and a gap to nobody', () => {
  const { counts } = series('500106', 30);
  const long: RuleSettings = { method: 'moving-percentile', percentile: 0.8, years: 5, fewest: 1 };
  expect(judgeByRule(counts, long, null)).toBeNull();
  expect(judgeAll([series('500106', 30)], [rule('*', long)])[0]?.judged.method).not.toBe('moving-percentile');
  counts[155] = Number.NaN;
  expect(judgeByRule(counts, threshold(1), null)).toBeNull();
  const shown = judgeByRule(series('500106', 7).counts, threshold(5), null, 26);
  expect([shown?.bounds.length, shown?.alarm, shown?.bound]).toEqual([26, true, 4]);
});
