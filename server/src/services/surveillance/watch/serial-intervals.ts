import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Interval = { mean: number; sd: number; source: string };

/** Serial intervals by disease, from `data/serial-intervals.tsv`. */
export function readSerialIntervals(): Map<string, Interval> {
  const path = join(import.meta.dirname, '../data/serial-intervals.tsv');
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [disease = '', mean, sd, , source = ''] = line.split('\t');
      return [disease, { mean: Number(mean), sd: Number(sd), source }];
    }),
  );
}
