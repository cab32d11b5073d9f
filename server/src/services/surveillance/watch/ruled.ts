import type { RuleSettings } from '@hutong/contract/watch.ts';
import { isRefusal } from '@hutong/epi';
import type { Judgement } from '../judge.ts';
import { wholeRegion } from '../places.ts';
import type { RuleRow } from '../tables/rules.ts';
import { runRule } from './rule-methods.ts';
import { everyArea } from './series.ts';

/** The rule for a series: its own area's before the one for all areas; null where the platform's own method judges. */
export function ruleFor(
  rules: readonly Pick<RuleRow, 'channel' | 'topic' | 'area' | 'settings'>[],
  channel: string,
  topic: string,
  area: string,
): RuleSettings | null {
  const mine = rules.filter((rule) => rule.channel === channel && rule.topic === topic);
  const found =
    mine.find((rule) => rule.area === area) ??
    (area === wholeRegion ? undefined : mine.find((rule) => rule.area === everyArea));
  return found?.settings ?? null;
}

/**
 * What a rule says of the newest window, in the shape of `judge`: bound, expectation and alarm are the rule's; the chance without an outbreak stays that of
 * the platform's method (`own`), because percentiles and fixed thresholds have none.
 * @returns null when the rule cannot judge this series (too short): the platform's method then does
 */
export function judgeByRule(
  counts: Float64Array,
  settings: RuleSettings,
  own: Judgement | null,
  shown = 1,
): Judgement | null {
  const observed = counts.at(-1) ?? Number.NaN;
  if (Number.isNaN(observed)) return null;
  const known = counts.slice(counts.findIndex((value) => !Number.isNaN(value)));
  const wished = Math.max(0, known.length - shown);
  let found = runRule(known, settings, { from: wished, to: known.length });
  if (isRefusal(found) && found.kind === 'not-enough-history' && found.needed < known.length)
    found = runRule(known, settings, { from: found.needed, to: known.length });
  if (isRefusal(found)) return null;
  const padded = (values: Float64Array): Float64Array => {
    const out = new Float64Array(shown).fill(Number.NaN);
    out.set(values.slice(-shown), shown - Math.min(shown, values.length));
    return out;
  };
  const alarm = found.alarm.at(-1) === 1;
  return {
    observed,
    expected: found.expected?.at(-1) ?? own?.expected ?? Number.NaN,
    bound: found.bound.at(-1) as number,
    p: own?.p ?? (alarm ? 0.01 : 1),
    alarm,
    method: settings.method,
    baselineWindows: own?.baselineWindows ?? known.length - 1,
    bounds: padded(found.bound),
    expectations: found.expected ? padded(found.expected) : (own?.expectations ?? padded(new Float64Array(0))),
  };
}
