import type { BackTest, Refused, RuleSettings } from '@hutong/contract/watch.ts';
import { dateOfDay, isRefusal, type Refusal, seeded } from '@hutong/epi';
import { runRule } from './rule-methods.ts';
import { whyNot } from './why-not.ts';

/** One series of 7-day windows that end on the day the test is made; NaN is a gap. */
export type TestSeries = { area: string; counts: Float64Array };
export type Outcome = { area: string; from: number; to: number; outcome: 'outbreak' | 'excluded' };
type Inbox = { area: string; from: number; to: number; observed: number; bound: number | null }[];
export type BackTestResult = Omit<BackTest, 'inbox' | 'from' | 'to'> & { inbox: Inbox; from: number; to: number };

/** Sizes of added outbreaks in standard deviations of the series, as Noufaily 2013 draws them. */
const sizes = [2, 5, 10];
const injectionsPerSize = 40;
/** An outbreak counts as found by an alarm in its first five windows. */
const outbreakWindows = 5;
const mostInbox = 200;

function why(refusal: Refusal): Refused {
  return refusal.kind === 'not-enough-history'
    ? whyNot['short-history'](refusal.needed * 7, refusal.available * 7)
    : whyNot['not-computable'](refusal.kind === 'invalid-setting' ? refusal.setting : refusal.kind);
}

const medianOf = (values: number[]): number | null => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** Standard deviation of the known windows around the median week, by which outbreaks are sized; at least half a case. */
function spreadOf(counts: Float64Array): number {
  const known = [...counts].filter((n) => !Number.isNaN(n));
  const mean = known.reduce((sum, n) => sum + n, 0) / Math.max(1, known.length);
  return Math.max(
    0.5,
    Math.sqrt(Math.max(mean, known.reduce((sum, n) => sum + (n - mean) ** 2, 0) / Math.max(1, known.length))),
  );
}

function boundAt(counts: Float64Array, settings: RuleSettings, index: number): number | null {
  const found = runRule(counts, settings, { from: index, to: index + 1 });
  const bound = isRefusal(found) ? Number.NaN : (found.bound[0] as number);
  return Number.isNaN(bound) ? null : bound;
}

/**
 * What a rule would have done on the last `windows` windows of real series: its alarms, the inbox they make (consecutive alarm windows are one
 * signal), which outbreaks and exclusions that people decided it meets, and how many outbreaks added to the same past it finds and how soon.
 * An outbreak of size k has Poisson(k·sd) cases, at least one, each floor(LN(0, 0.5²)) windows after its start (Noufaily 2013).
 * @param today number of the day on which the last window ends; also the seed, so that two rules meet the same outbreaks
 */
export async function backTest(
  series: TestSeries[],
  settings: RuleSettings,
  outcomes: Outcome[],
  today: number,
  windows: number,
  breathe: () => Promise<void>,
): Promise<BackTestResult> {
  const result: BackTestResult = {
    from: today - windows * 7 + 1,
    to: today,
    series: 0,
    refusedSeries: 0,
    refused: null,
    weeks: 0,
    alarmWeeks: 0,
    signals: 0,
    signalsPerYear: 0,
    confirmed: { found: 0, known: 0 },
    excluded: { raised: 0, known: 0 },
    injected: [],
    inbox: [],
  };
  const judged: (TestSeries & { from: number })[] = [];
  for (const { area, counts } of series) {
    const first = counts.findIndex((n) => !Number.isNaN(n));
    const known = first < 0 ? new Float64Array(0) : counts.subarray(first);
    let start = Math.max(0, known.length - windows);
    let found = runRule(known, settings, { from: start, to: known.length }, false);
    // A method that needs more history than lies before the period is tried on the part that it can judge.
    if (isRefusal(found) && found.kind === 'not-enough-history' && found.needed < known.length) {
      start = found.needed;
      found = runRule(known, settings, { from: start, to: known.length }, false);
    }
    if (isRefusal(found)) {
      result.refusedSeries++;
      result.refused ??= why(found);
      continue;
    }
    result.series++;
    judged.push({ area, counts: known, from: start });
    const dayOfWindow = (index: number): number => today - (known.length - 1 - index) * 7;
    let open: Inbox[0] | null = null;
    for (let index = start; index < known.length; index++) {
      if (Number.isNaN(known[index] as number)) continue;
      result.weeks++;
      if (found.alarm[index - start] !== 1) {
        open = null;
        continue;
      }
      result.alarmWeeks++;
      const day = dayOfWindow(index);
      if (open) open.to = day;
      else {
        open = {
          area,
          from: day - 6,
          to: day,
          observed: known[index] as number,
          bound: boundAt(known, settings, index),
        };
        result.inbox.push(open);
      }
    }
    await breathe();
  }
  result.signals = result.inbox.length;
  result.signalsPerYear = result.weeks > 0 ? (result.signals / windows) * 52 : 0;
  const areas = new Set(series.map(({ area }) => area));
  for (const { area, from, to, outcome } of outcomes.filter(
    (known) => areas.has(known.area) && known.to >= result.from,
  )) {
    const met = result.inbox.some((signal) => signal.area === area && signal.from <= to && signal.to >= from);
    if (outcome === 'outbreak') {
      result.confirmed.known++;
      if (met) result.confirmed.found++;
    } else {
      result.excluded.known++;
      if (met) result.excluded.raised++;
    }
  }
  result.injected = await inject(judged, settings, today, breathe);
  result.inbox = result.inbox.sort((one, other) => other.to - one.to).slice(0, mostInbox);
  return result;
}

/** Windows from the start of an outbreak to its first alarm, or -1. Most are found at once, and the windows after need no fit. */
function firstAlarm(counts: Float64Array, settings: RuleSettings, start: number): number {
  for (const [from, to] of [
    [start, start + 1],
    [start + 1, start + outbreakWindows],
  ] as const) {
    const found = runRule(counts, settings, { from, to }, false);
    const at = isRefusal(found) ? -1 : found.alarm.indexOf(1);
    if (at >= 0) return from - start + at;
  }
  return -1;
}

async function inject(
  judged: (TestSeries & { from: number })[],
  settings: RuleSettings,
  today: number,
  breathe: () => Promise<void>,
): Promise<BackTest['injected']> {
  const places = judged.filter(({ counts, from }) => counts.length - from > outbreakWindows);
  if (places.length === 0) return [];
  const out: BackTest['injected'] = [];
  for (const [row, size] of sizes.entries()) {
    const delays: number[] = [];
    for (let n = 0; n < injectionsPerSize; n++) {
      const random = seeded(today, row * 1000 + n);
      const place = places[random.below(places.length)] as (typeof places)[0];
      const start = place.from + random.below(place.counts.length - place.from - outbreakWindows);
      const counts = place.counts.slice();
      const cases = Math.max(1, random.poisson(size * spreadOf(place.counts.subarray(0, start + 1))));
      for (let k = 0; k < cases; k++) {
        const window = start + Math.floor(Math.exp(0.5 * random.normal()));
        if (window < counts.length && !Number.isNaN(counts[window] as number))
          counts[window] = (counts[window] as number) + 1;
      }
      const at = firstAlarm(counts, settings, start);
      if (at >= 0) delays.push(at);
      if (n % 10 === 9) await breathe();
    }
    out.push({ size, outbreaks: injectionsPerSize, found: delays.length, medianWeeks: medianOf(delays) });
  }
  return out;
}

/** The test with days as texts and areas with names, as screens and the rule's history keep it. */
export function toBackTest(result: BackTestResult, nameOf: (area: string) => { zh: string; en: string }): BackTest {
  return {
    ...result,
    from: dateOfDay(result.from),
    to: dateOfDay(result.to),
    inbox: result.inbox.map(({ area, from, to, ...rest }) => ({
      area: { code: area, ...nameOf(area) },
      from: dateOfDay(from),
      to: dateOfDay(to),
      ...rest,
    })),
  };
}
