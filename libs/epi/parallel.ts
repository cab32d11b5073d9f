/**
 * Spreads the heavy jobs over worker threads. The mathematics stays in the pure modules; every replication has a random stream
 * of its own, so the numbers do not depend on how many workers there are.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FARRINGTON_IMPROVED, type FarringtonFlexibleSettings } from './farrington/flexible.ts';
import {
  type PermutationScanResult,
  type PermutationScanSettings,
  permutationClusters,
  preparePermutationScan,
  type SpaceTimeCases,
} from './scan/permutation.ts';
import {
  bestZones,
  type PoissonScanSettings,
  preparePoissonScan,
  type ScanResult,
  separateClusters,
} from './scan/poisson.ts';
import type { Places } from './scan/zones.ts';
import { isRefusal, type Refusal } from './series.ts';
import type { WorkerJob } from './worker-jobs.ts';

/** Workers used when none are asked for. */
export const DEFAULT_WORKERS = Math.max(1, availableParallelism());

/** @param given buffers that the worker takes over instead of copying them */
function runJob<T>(job: WorkerJob, given: ArrayBuffer[] = []): Promise<T> {
  return new Promise((resolve, reject) => {
    // Beside this file, in the source as well as in the published JavaScript.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    const worker = new Worker(new URL(entry, import.meta.url), { workerData: job, transferList: given });
    worker.once('message', (value: T) => resolve(value));
    worker.once('error', reject);
  });
}

// Consecutive shares of `count`, one per worker.
function shares(count: number, workers: number): { first: number; count: number }[] {
  const parts = Math.max(1, Math.min(workers, count));
  return Array.from({ length: parts }, (_, i) => {
    const first = Math.floor((i * count) / parts);
    return { first, count: Math.floor(((i + 1) * count) / parts) - first };
  });
}

function concatenate(parts: Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** `poissonScan` with its replications spread over workers; the same result for any number of workers. */
export async function poissonScanParallel(
  cases: Float64Array,
  expected: Float64Array,
  places: Places,
  settings: PoissonScanSettings = {},
  workers = DEFAULT_WORKERS,
): Promise<ScanResult | Refusal> {
  const prepared = preparePoissonScan(cases, expected, places, settings);
  if (isRefusal(prepared)) return prepared;
  const jobs = shares(settings.replications ?? 999, workers).map((part) =>
    runJob<Float64Array>({ kind: 'poisson-scan', ...prepared, seed: settings.seed ?? 1, ...part }),
  );
  const maxima = concatenate(await Promise.all(jobs));
  const clusters = separateClusters(
    bestZones(cases, expected, prepared.zones),
    prepared.zones,
    maxima,
    prepared.total,
    settings.clusters ?? 10,
  );
  return { kind: 'scan', clusters, maxima };
}

/** `permutationScan` with its replications spread over workers; the same result for any number of workers. */
export async function permutationScanParallel(
  data: SpaceTimeCases,
  places: Places,
  settings: PermutationScanSettings = {},
  workers = DEFAULT_WORKERS,
): Promise<PermutationScanResult | Refusal> {
  const prepared = preparePermutationScan(data, places, settings);
  if (isRefusal(prepared)) return prepared;
  const jobs = shares(settings.replications ?? 999, workers).map((part) =>
    runJob<Float64Array>({ kind: 'permutation-scan', prepared, seed: settings.seed ?? 1, ...part }),
  );
  const maxima = concatenate(await Promise.all(jobs));
  return {
    kind: 'scan',
    clusters: permutationClusters(data, prepared, maxima, settings.clusters ?? 10),
    maxima,
    total: prepared.total,
  };
}

/** One nightly run: the last unit of many series. */
export type ManySeries = {
  /** Series after series, each `length` units long. */
  counts: Float64Array;
  length: number;
};

/** Per series: bound, expected, p (NaN where refused or without result) and alarm of the last unit. */
export type ManyResults = { bound: Float64Array; expected: Float64Array; p: Float64Array; alarm: Uint8Array };

/** Runs Farrington Flexible (improved settings unless told otherwise) on the last unit of many series. Settings must be plain data. */
export async function farringtonLastUnits(
  series: ManySeries,
  frequency: number,
  settings: FarringtonFlexibleSettings = FARRINGTON_IMPROVED,
  workers = DEFAULT_WORKERS,
): Promise<ManyResults> {
  const n = series.counts.length / series.length;
  const parts = await Promise.all(
    shares(n, workers).map(({ first, count }) => {
      const counts = series.counts.slice(first * series.length, (first + count) * series.length);
      const job: WorkerJob = { kind: 'farrington', frequency, settings, length: series.length, counts };
      return runJob<ManyResults>(job, [counts.buffer]);
    }),
  );
  return {
    bound: concatenate(parts.map((p) => p.bound)),
    expected: concatenate(parts.map((p) => p.expected)),
    p: concatenate(parts.map((p) => p.p)),
    alarm: Uint8Array.from(parts.flatMap((p) => Array.from(p.alarm))),
  };
}
