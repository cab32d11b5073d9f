import type { RuleSettings } from '@hutong/contract/watch.ts';
import { useRuleWords } from './words.ts';

/** A rule's settings in one line. */
export function useSettingsLine(): (settings: RuleSettings) => string {
  const say = useRuleWords();
  return ({ method, alpha, percentile, years, cases, fewest }) =>
    [
      say(`method.${method}`),
      ...(alpha === undefined ? [] : [say('knob.alpha', { value: alpha })]),
      ...(percentile === undefined ? [] : [say('knob.percentile', { value: Math.round(percentile * 100) })]),
      ...(years === undefined ? [] : [say('knob.years', { value: years })]),
      ...(cases === undefined ? [] : [say('knob.cases', { value: cases })]),
      say('knob.fewest', { value: fewest }),
    ].join(' · ');
}
