import type { Estimate, Refused } from '@hutong/contract/watch.ts';
import { dateOfDay, isRefusal, type Nowcast, nowcastBayes, nowcastLawless } from '@hutong/epi';
import { whyNot } from './why-not.ts';

export type DayCase = { event: number; report: number; n: number };
export type NowcastDays = NonNullable<Estimate['nowcast']>;

/** Delays beyond three weeks count as three weeks. */
const maxDelay = 21;
/** Days of which hardly anything is known yet say nothing. */
const leastComplete = 0.1;

/**
 * The final counts of the last days, of which only a part has reached us. Bayesian (Höhle & an der Heiden 2014, truncated) with a prior that is as
 * wide as four times the recent mean; Lawless (1994) where days hold more than 300 cases, whose normal interval is then good enough.
 */
export function nowcastOf(
  cases: DayCase[],
  from: number,
  now: number,
): { days: NowcastDays | null; refused: Refused | null; excluded: number } {
  const total = cases.reduce((sum, { n }) => sum + n, 0);
  const event = new Int32Array(total);
  const report = new Int32Array(total);
  const daily = new Float64Array(now - from + 1);
  let at = 0;
  let excluded = 0;
  for (const row of cases) {
    if (row.report < row.event) excluded += row.n;
    else if (row.event >= from && row.event <= now) daily[row.event - from] = (daily[row.event - from] ?? 0) + row.n;
    event.fill(row.event, at, at + row.n);
    report.fill(row.report, at, at + row.n);
    at += row.n;
  }
  const highest = Math.max(...daily);
  const settled = daily.slice(Math.max(0, daily.length - maxDelay - 28), -maxDelay);
  const mean = Math.max(0.3, settled.reduce((sum, n) => sum + n, 0) / Math.max(1, settled.length));
  const triangle = { now, from, maxDelay };
  const found: Nowcast | { kind: string; needed?: number; available?: number } =
    highest > 300
      ? nowcastLawless({ event, report }, triangle)
      : nowcastBayes(
          { event, report },
          {
            ...triangle,
            priorMean: mean,
            priorVariance: mean + (4 * mean) ** 2,
            support: Math.ceil(Math.max(40, highest * 4, mean * 12)),
            samples: 200,
            seed: now,
          },
        );
  if (found.kind !== 'nowcast') {
    const { needed, available } = found as { needed?: number; available?: number };
    const refused =
      needed !== undefined ? whyNot['short-history'](needed, available ?? 0) : whyNot['not-computable'](found.kind);
    return { days: null, refused, excluded };
  }
  const cast = found as Nowcast;
  const days: NowcastDays = [];
  for (let t = 0; t < cast.known.length; t++) {
    const complete = cast.completeness[t] as number;
    const high = cast.upper[t] as number;
    if (!(complete >= leastComplete) || !Number.isFinite(high)) continue;
    days.push({
      day: dateOfDay(cast.from + t),
      known: cast.known[t] as number,
      median: cast.median[t] as number,
      low: cast.lower[t] as number,
      high,
      complete: Math.min(1, complete),
    });
  }
  return { days, refused: isRefusal(found as Nowcast) ? whyNot['not-computable'](found.kind) : null, excluded };
}
