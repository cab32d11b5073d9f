import type { Estimate, Refused } from '@hutong/contract/watch.ts';
import { coriRt, dateOfDay, dayNumber, discreteSerialInterval, isRefusal, seeded } from '@hutong/epi';
import type { NowcastDays } from './nowcast.ts';
import type { Interval } from './serial-intervals.ts';
import { whyNot } from './why-not.ts';

type RtSeries = NonNullable<Estimate['rtSeries']>;
type Forecast = NonNullable<Estimate['forecast']>;
/** A window with fewer cases leaves the posterior's coefficient of variation above 0.3 (Cori et al. 2013, web appendix 1: 11 cases). */
export const fewestInWindow = 12;
const windowDays = 7;
const aheadDays = 14;
const draws = 400;
/** Days of which less than half is known lean on the nowcast too much to carry a reproduction number. */
const leastComplete = 0.5;

const quantile = (sorted: number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;

/**
 * Instantaneous reproduction number over 7-day windows (Cori 2013) of the nowcasted curve. The interval spans those of the nowcast's lower and upper
 * limits, so that cases not yet reported widen it. Days in `gaps` are gaps.
 */
export function rtOf(
  days: NowcastDays,
  interval: Interval,
  gaps: ReadonlySet<string>,
): { series: RtSeries | null; refused: Refused | null } {
  const usable = days.slice(0, days.findLastIndex(({ complete }) => complete >= leastComplete) + 1);
  const curve = (of: 'low' | 'median' | 'high'): Float64Array =>
    Float64Array.from(usable, (day) => (gaps.has(day.day) ? Number.NaN : day[of]));
  const settings = {
    interval: { kind: 'parametric' as const, mean: interval.mean, sd: interval.sd },
    window: windowDays,
  };
  const [low, median, high] = (['low', 'median', 'high'] as const).map((of) => coriRt({ local: curve(of) }, settings));
  if (!low || !median || !high || isRefusal(low) || isRefusal(median) || isRefusal(high))
    return { series: null, refused: whyNot['short-history'](windowDays + 1, usable.length) };
  const series: RtSeries = [];
  median.end.forEach((end, index) => {
    const middle = median.quantiles[0.5][index] as number;
    const start = median.start[index] as number;
    const cases = usable.slice(start, end + 1).reduce((sum, day) => sum + day.known, 0);
    if (Number.isNaN(middle) || cases < fewestInWindow) return;
    const limits = [low, median, high].flatMap((of) => [
      of.quantiles[0.025][index],
      of.quantiles[0.975][index],
    ]) as number[];
    series.push({
      day: (usable[end] as NowcastDays[0]).day,
      median: middle,
      low: Math.min(...limits),
      high: Math.max(...limits),
      cases,
    });
  });
  return series.length > 0
    ? { series, refused: null }
    : { series: null, refused: whyNot['window-too-small'](fewestInWindow, usable.length) };
}

/**
 * 14 days ahead by the renewal equation: cases of a day ~ Poisson(R · Σ w_s·cases of s days before), R drawn from its last interval and kept. It
 * says what happens if nothing changes; beyond two weeks it would not mean anything.
 */
export function forecastOf(days: NowcastDays, series: RtSeries, interval: Interval, today: number): Forecast {
  const last = series.at(-1) as RtSeries[0];
  const start = dayNumber(last.day);
  const past = days.filter(({ day }) => dayNumber(day) <= start).map(({ median }) => median);
  const steps = today - start + aheadDays;
  const w = discreteSerialInterval(interval.mean, interval.sd, past.length + steps);
  const random = seeded(start);
  // A gamma with the median's spread: its relative sd from the 95 % interval.
  const spread = Math.max(0.02, (last.high - last.low) / (2 * 1.96) / Math.max(0.05, last.median));
  const shape = 1 / (spread * spread);
  const paths = Array.from({ length: draws }, () => {
    const r = (random.gamma(shape) * last.median) / shape;
    const curve = [...past];
    for (let step = 0; step < steps; step++) {
      let pressure = 0;
      for (let s = 1; s < w.length && s <= curve.length; s++) pressure += (w[s] as number) * (curve.at(-s) as number);
      curve.push(random.poisson(Math.min(1e6, r * pressure)));
    }
    return curve.slice(past.length);
  });
  return Array.from({ length: aheadDays }, (_, ahead) => {
    const step = steps - aheadDays + ahead;
    const sorted = paths.map((path) => path[step] as number).sort((a, b) => a - b);
    return {
      day: dateOfDay(today + 1 + ahead),
      median: quantile(sorted, 0.5),
      low50: quantile(sorted, 0.25),
      high50: quantile(sorted, 0.75),
      low: quantile(sorted, 0.025),
      high: quantile(sorted, 0.975),
    };
  });
}
