import type { RuleSettings } from '@hutong/contract/watch.ts';
import { seeded } from '@hutong/epi';
import { expect, test } from 'vitest';
import { judge } from '../judge.ts';
import { judgeByRule, ruleFor } from './ruled.ts';

const rule = (area: string, settings: RuleSettings) => ({ channel: 'cases', topic: 'mumps', area, settings });
const threshold = (cases: number): RuleSettings => ({ method: 'fixed-threshold', cases, fewest: 1 });
/** Three years of about two cases a week, then the count of this week. */
const countsWith = (last: number): Float64Array => {
  const random = seeded(5);
  const counts = Float64Array.from({ length: 156 }, () => random.poisson(2));
  counts[155] = last;
  return counts;
};

test('an area’s own rule goes before the one for every area, which is not the region’s', () => {
  const rules = [rule('*', threshold(4)), rule('500106', threshold(9)), rule('region', threshold(50))];
  expect(ruleFor(rules, 'cases', 'mumps', '500106')?.cases).toBe(9);
  expect(ruleFor(rules, 'cases', 'mumps', '500107')?.cases).toBe(4);
  expect(ruleFor(rules, 'cases', 'mumps', 'region')?.cases).toBe(50);
  expect(ruleFor(rules.slice(0, 2), 'cases', 'mumps', 'region')).toBeNull();
  expect(ruleFor(rules, 'laboratory', 'mumps', '500106')).toBeNull();
});

test('a rule raises what the platform would not, keeps silent what it would, and leaves the chance as it is', () => {
  const [four, thirty] = [countsWith(4), countsWith(30)];
  const [ownFour, ownThirty] = [judge(four, 'count'), judge(thirty, 'count')];
  expect([ownFour?.alarm, ownThirty?.alarm]).toEqual([false, true]);
  const raised = judgeByRule(four, threshold(4), ownFour);
  expect([raised?.alarm, raised?.method, raised?.p]).toEqual([true, 'fixed-threshold', ownFour?.p]);
  expect(judgeByRule(thirty, threshold(40), ownThirty)?.alarm).toBe(false);
});

test('a series that a rule cannot judge is left to the platform, and a gap to nobody', () => {
  const counts = countsWith(30);
  const long: RuleSettings = { method: 'moving-percentile', percentile: 0.8, years: 5, fewest: 1 };
  expect(judgeByRule(counts, long, judge(counts, 'count'))).toBeNull();
  const shown = judgeByRule(countsWith(7), threshold(5), null, 26);
  expect([shown?.bounds.length, shown?.alarm, shown?.bound]).toEqual([26, true, 4]);
  counts[155] = Number.NaN;
  expect(judgeByRule(counts, threshold(1), null)).toBeNull();
});
