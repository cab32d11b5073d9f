import { quickKey64 } from '../../kit/hash.ts';

/**
 * Magnitudes as words: "this code above 34" is then a look-up of few words instead of a look at every row with the code. A bucket is a quarter of an
 * octave; sixteen of them are one coarse bucket, so that any range is some thirty words. What a bucket says is only "perhaps": the numbers decide.
 */
export type Bucket = { level: 'fine' | 'coarse' | 'wide'; number: number };

const perOctave = 4;
const perCoarse = 16;
/** Magnitudes from 2^-10 to 2^20 are told apart. */
const [smallest, largest] = [-10 * perOctave, 20 * perOctave];
const end = largest - smallest + 1;
/** A value that spans more buckets than this has one word for all of them, which every question asks for too. */
const mostSpanned = 4;
const wide: Bucket = { level: 'wide', number: 0 };

/** Grows with the value, from -end to end. */
function numberOf(value: number): number {
  if (value === 0) return 0;
  const magnitude = Math.floor(Math.log2(Math.abs(value)) * perOctave);
  return Math.sign(value) * (1 + Math.max(smallest, Math.min(largest, magnitude)) - smallest);
}
const coarse = (number: number): number => Math.floor(number / perCoarse);

/** The buckets that a stored value lies in. */
export function bucketsOf(low: number, high: number): Bucket[] {
  const [from, to] = [numberOf(low), numberOf(high)];
  if (!(to >= from && to - from < mostSpanned)) return [wide];
  const found: Bucket[] = [];
  for (let number = from; number <= to; number++) {
    found.push({ level: 'fine', number });
    if (number === from || coarse(number) !== coarse(number - 1))
      found.push({ level: 'coarse', number: coarse(number) });
  }
  return found;
}

/** Buckets of which every value between the two, or touching them, has one; one more at each end, because a logarithm is rounded. */
export function bucketsWithin(from: number | undefined, to: number | undefined): Bucket[] {
  const [first, last] = [
    from === undefined ? -end : Math.max(-end, numberOf(from) - 1),
    to === undefined ? end : Math.min(end, numberOf(to) + 1),
  ];
  const found = [wide];
  for (let number = first; number <= last; ) {
    const whole = number % perCoarse === 0 && number + perCoarse - 1 <= last;
    found.push(whole ? { level: 'coarse', number: coarse(number) } : { level: 'fine', number });
    number += whole ? perCoarse : 1;
  }
  return found;
}

/** A word of a composite's first part with the bucket of its second. */
export const bucketToken = (first: bigint, { level, number }: Bucket): bigint =>
  quickKey64(`bucket|${first}|${level}|${number}`);
