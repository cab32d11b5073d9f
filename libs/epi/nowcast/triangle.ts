/**
 * The reporting triangle: cases by day of event and delay until the record was known. J. Lawless (1994) Can J Stat 22:15.
 */
import { invalid, type Refusal } from '../series.ts';

/** Day numbers (days since 1970-01-01) of event and report, one pair per case. */
export type ReportedCases = { event: Int32Array; report: Int32Array };

/** Settings of a triangle. */
export type TriangleSettings = {
  /** Day at whose end we look; later reports are unknown. */
  now: number;
  /** First day of event. Default: the earliest event. */
  from?: number;
  /** Longest delay, days; longer ones count as this long. Default 15. */
  maxDelay?: number;
  /** Delays are learnt from the events of the last so many days. Default: all. */
  window?: number;
};

/** The triangle and Lawless's sums over it. Index t counts days from `from`; the last day is T = now − from. */
export type Triangle = {
  kind: 'triangle';
  from: number;
  T: number;
  D: number;
  /** Cases known by now per day of event. */
  known: Float64Array;
  /** n_x: cases with delay x; N_x: cases with delay ≤ x; both over days whose delay x is already observable. */
  withDelay: Float64Array;
  upToDelay: Float64Array;
  /** Cases left out: event after report (a data error), or event outside from..now. */
  excluded: number;
};

/** Counts the cases known at `now`. */
export function reportingTriangle(cases: ReportedCases, s: TriangleSettings): Triangle | Refusal {
  const D = s.maxDelay ?? 15;
  if (cases.event.length !== cases.report.length) return invalid('cases', 'event and report must have the same length');
  if (!Number.isInteger(D) || D < 1) return invalid('maxDelay', 'must be a whole number of days, 1 or more');
  let from = s.from ?? Number.POSITIVE_INFINITY;
  if (s.from === undefined) for (const e of cases.event) if (e < from) from = e;
  const T = s.now - from;
  if (!(T >= D))
    return { kind: 'not-enough-history', needed: D + 1, available: Number.isFinite(T) ? Math.max(0, T + 1) : 0 };
  const n = Array.from({ length: T + 1 }, () => new Float64Array(D + 1));
  let excluded = 0;
  for (let i = 0; i < cases.event.length; i++) {
    const t = cases.event[i]! - from;
    const delay = cases.report[i]! - cases.event[i]!;
    if (delay < 0 || t < 0 || t > T) {
      excluded++;
      continue;
    }
    if (cases.report[i]! > s.now) continue;
    n[t]![Math.min(delay, D)]!++;
  }
  const known = Float64Array.from(n, (row) => row.reduce((a, b) => a + b, 0));
  const withDelay = new Float64Array(D + 1);
  const upToDelay = new Float64Array(D + 1);
  const first = Math.max(0, T - (s.window ?? T));
  for (let x = 0; x <= D; x++) {
    for (let t = first; t <= T - x; t++) {
      withDelay[x]! += n[t]![x]!;
      for (let y = 0; y <= x; y++) upToDelay[x]! += n[t]![y]!;
    }
  }
  return { kind: 'triangle', from, T, D, known, withDelay, upToDelay, excluded };
}
