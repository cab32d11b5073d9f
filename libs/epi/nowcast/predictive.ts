/** What a nowcast says of one day: a distribution over the final count, told by three quantiles. */

/** One entry per day of event, oldest first. */
export type Nowcast = {
  kind: 'nowcast';
  /** Day number of the first entry. */
  from: number;
  /** Cases known by now. */
  known: Float64Array;
  /** Share of a day's cases that is known by now, as estimated. */
  completeness: Float64Array;
  median: Float64Array;
  /** Limits of the central 1 − α prediction interval. */
  lower: Float64Array;
  upper: Float64Array;
};

/** First count whose cumulative probability exceeds p; 0 if none does within the support (R's which.max of all FALSE). */
export function massQuantile(mass: Float64Array, p: number): number {
  let sum = 0;
  for (let k = 0; k < mass.length; k++) {
    sum += mass[k]!;
    if (sum > p) return k;
  }
  return 0;
}
