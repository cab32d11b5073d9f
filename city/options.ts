import { type DirtKind, ratesAt } from './dirt/rates.ts';
import { OUTBREAK_KINDS, type OutbreakKind, type OutbreakOrder } from './outbreaks/orders.ts';
import { dayOf, isoDate, parseDay, timeOn } from './time.ts';

/** What a city is made from. Everything has a default except `until`: the city has no clock of its own. */
export type CityOptions = {
  /** Any whole number: another seed, another region. Default 1. */
  seed?: number;
  /** Residents, 1 .. 10,000,000. Default 1,000. */
  size?: number;
  /** Length of the history that ends at `until`. Default 60. */
  days?: number;
  /** "Now": ISO 8601 time or `YYYY-MM-DD` (then its last minute, Asia/Shanghai). No message is sent after it. */
  until: string;
  /** 0 none .. 0.5 the default dirt of real life .. 1 twice that. Default 0.3. */
  dirt?: number;
  /** Share per record or message of one kind of dirt, replacing what the dial gives. */
  rates?: Partial<Record<DirtKind, number>>;
  /** Outbreaks: names, or names with a first day and a district. */
  outbreaks?: readonly (OutbreakKind | { kind: OutbreakKind; start?: string; area?: string })[];
};

/** Options with every blank filled. */
export type City = {
  seed: number;
  size: number;
  firstDay: number;
  lastDay: number;
  /** Milliseconds: nothing is sent after it. */
  now: number;
  rates: Record<DirtKind, number>;
  outbreaks: readonly OutbreakOrder[];
};

export function readOptions(options: CityOptions): City {
  const seed = options.seed ?? 1;
  const size = options.size ?? 1_000;
  const days = options.days ?? 60;
  if (!Number.isSafeInteger(seed)) throw new RangeError('seed must be a whole number');
  if (!Number.isInteger(size) || size < 1 || size > 10_000_000) throw new RangeError('size must be 1 to 10,000,000');
  if (!Number.isInteger(days) || days < 1 || days > 3_660) throw new RangeError('days must be 1 to 3660');
  const dial = options.dirt ?? 0.3;
  if (!(dial >= 0 && dial <= 1)) throw new RangeError('dirt must be 0 to 1');
  const now = /^\d{4}-\d{2}-\d{2}$/.test(options.until)
    ? timeOn(parseDay(options.until), 1439)
    : Date.parse(options.until);
  if (Number.isNaN(now)) throw new RangeError('until must be an ISO 8601 date or time');
  const lastDay = dayOf(now);
  const firstDay = lastDay - days + 1;
  const outbreaks = (options.outbreaks ?? []).map((wanted): OutbreakOrder => {
    const { kind, start, area } =
      typeof wanted === 'string' ? { kind: wanted, start: undefined, area: undefined } : wanted;
    const known = OUTBREAK_KINDS[kind];
    if (!known) throw new RangeError(`no such outbreak: ${kind} (there are ${Object.keys(OUTBREAK_KINDS).join(', ')})`);
    return { kind, startDay: start ? parseDay(start) : lastDay - known.daysBefore, area: area ?? known.area };
  });
  return { seed, size, firstDay, lastDay, now, rates: { ...ratesAt(dial), ...options.rates }, outbreaks };
}

export function describeCity(city: City): string {
  return `${city.size} residents, seed ${city.seed}, ${isoDate(city.firstDay)} to ${isoDate(city.lastDay)}`;
}
