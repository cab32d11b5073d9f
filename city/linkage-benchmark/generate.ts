import { Random } from '../random.ts';
import { type Census, makeFamily, TODAY } from './families.ts';
import { openRegister } from './number-register.ts';
import type { BenchmarkRecord, Family } from './person.ts';
import { type BenchmarkRates, DEFAULT_RATES } from './rates.ts';
import { type Desk, writeRecord } from './write-record.ts';

export type BenchmarkOptions = {
  /** Any whole number: another seed, other people. */
  seed: number;
  /** Records, 1 .. 40,000,000. */
  size: number;
  rates?: Partial<BenchmarkRates>;
};

/** Records per person: one 28 %, two 28 %, three 20 %, four 12 %, five 7 %, six 5 %. Mean 2.57. */
const COUNTS = [28, 28, 20, 12, 7, 5];
/** Children of the last three years whose ward registered them before they had a name. */
const UNNAMED = 0.6;
const YOUNG = TODAY - 3 * 365;

/**
 * The labelled records of a synthetic Chinese population, one by one, in memory that grows with nothing but the register of
 * numbers (10 MB). Families come one after another; ids are in another order. Same options, same records.
 */
export function* benchmarkRecords(options: BenchmarkOptions): Generator<BenchmarkRecord> {
  const { seed, size } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError('seed must be a whole number');
  if (!Number.isInteger(size) || size < 1 || size > 40_000_000) throw new RangeError('size must be 1 to 40,000,000');
  const rates = { ...DEFAULT_RATES, ...options.rates };
  const census: Census = { register: openRegister(seed), people: 0, phones: 0 };
  const nameRecord = idsFor(seed, size);
  let neighbours: Family | null = null;
  let made = 0;
  for (let household = 0; made < size; household++) {
    const family = makeFamily(seed, household, census);
    const random = new Random(seed, 'linkage-desk', household);
    const desk: Desk = { seed, rates, random, neighbours, newPhone: () => census.phones++ };
    for (const person of family.people) {
      const records = 1 + random.weighted(COUNTS);
      const unnamed = person.child && person.birthDay > YOUNG && random.chance(UNNAMED);
      for (let i = 0; i < records && made < size; i++) {
        const written = writeRecord(desk, family, person, unnamed && i === 0);
        yield { id: nameRecord(made++), household, ...written };
      }
    }
    neighbours = family;
  }
}

/** Ids of records in an order that has nothing to do with people: `n * factor + shift` modulo the size. */
function idsFor(seed: number, size: number): (n: number) => string {
  const random = new Random(seed, 'linkage-ids');
  let factor = 1 + 2 * random.below(Math.max(1, Math.floor(size / 2)));
  while (greatestDivisor(factor, size) !== 1) factor += 2;
  const shift = random.below(size);
  const [wide, most, add] = [BigInt(factor), BigInt(size), BigInt(shift)];
  const safe = factor * size < Number.MAX_SAFE_INTEGER;
  return (n) =>
    `R${String(safe ? (n * factor + shift) % size : Number((BigInt(n) * wide + add) % most)).padStart(8, '0')}`;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
