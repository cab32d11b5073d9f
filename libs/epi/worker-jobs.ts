/** The jobs a worker thread can do: plain data in, typed arrays out; pure. */
import { type FarringtonFlexibleSettings, farringtonFlexible, farringtonWorkspace } from './farrington/flexible.ts';
import type { ManyResults } from './parallel.ts';
import { type PreparedPermutationScan, permutationMaxima } from './scan/permutation.ts';
import { poissonMaxima } from './scan/poisson.ts';
import type { Zones } from './scan/zones.ts';

/** What to do; `first` and `count` number the Monte-Carlo replications. */
export type WorkerJob =
  | {
      kind: 'poisson-scan';
      total: number;
      share: Float64Array;
      zones: Zones;
      seed: number;
      first: number;
      count: number;
    }
  | { kind: 'permutation-scan'; prepared: PreparedPermutationScan; seed: number; first: number; count: number }
  | {
      kind: 'farrington';
      counts: Float64Array;
      length: number;
      frequency: number;
      settings: FarringtonFlexibleSettings;
    };

/** Does a job. */
export function doJob(job: WorkerJob): Float64Array | ManyResults {
  switch (job.kind) {
    case 'poisson-scan':
      return poissonMaxima(job.total, job.share, job.zones, job.seed, job.first, job.count);
    case 'permutation-scan':
      return permutationMaxima(job.prepared, job.seed, job.first, job.count);
    case 'farrington':
      return lastUnits(job.counts, job.length, job.frequency, job.settings);
  }
}

function lastUnits(
  counts: Float64Array,
  length: number,
  frequency: number,
  settings: FarringtonFlexibleSettings,
): ManyResults {
  const n = counts.length / length;
  const nan = () => new Float64Array(n).fill(Number.NaN);
  const out: ManyResults = { bound: nan(), expected: nan(), p: nan(), alarm: new Uint8Array(n) };
  const workspace = farringtonWorkspace();
  const range = { from: length - 1, to: length };
  for (let i = 0; i < n; i++) {
    const d = farringtonFlexible(
      counts.subarray(i * length, (i + 1) * length),
      frequency,
      { ...settings, range },
      workspace,
    );
    if (d.kind !== 'detection') continue;
    out.bound[i] = d.bound[0]!;
    out.expected[i] = d.expected[0]!;
    out.p[i] = d.p[0]!;
    out.alarm[i] = d.alarm[0]!;
  }
  return out;
}
