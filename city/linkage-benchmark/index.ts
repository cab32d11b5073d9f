/** The labelled linkage benchmark: records of a synthetic Chinese population with the truth beside them. */
export { type BenchmarkOptions, benchmarkRecords } from './generate.ts';
export type { BenchmarkKind, BenchmarkRecord } from './person.ts';
export { type BenchmarkRates, DEFAULT_RATES } from './rates.ts';
