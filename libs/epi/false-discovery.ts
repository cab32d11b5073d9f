/**
 * False discovery rate over many cells (disease × area): of the signals raised, at most a share q is expected to be chance.
 * Y. Benjamini & Y. Hochberg (1995) JRSS B 57:289 (independent or positively dependent cells);
 * Y. Benjamini & D. Yekutieli (2001) Ann Stat 29:1165 (any dependence: q is divided by 1 + 1/2 + … + 1/m).
 */
import { invalid, type Refusal } from './series.ts';

/** Adjusted p-values (the smallest q at which the cell is a discovery; NaN for cells without one) and the discoveries at q. */
export type Discoveries = { kind: 'discoveries'; adjusted: Float64Array; discovered: Uint8Array; count: number };

/** Which dependence is allowed for. */
export type Dependence = 'positive' | 'any';

/**
 * Controls the false discovery rate.
 * @param p one p-value per cell; NaN = no test there (does not count among the m)
 * @param q wanted rate, 0 < q < 1
 */
export function falseDiscovery(p: Float64Array, q: number, dependence: Dependence = 'positive'): Discoveries | Refusal {
  if (!(q > 0 && q < 1)) return invalid('q', 'must lie between 0 and 1');
  const order: number[] = [];
  for (let i = 0; i < p.length; i++) {
    if (p[i]! < 0 || p[i]! > 1) return invalid('p', `entry ${i} is no probability`);
    if (!Number.isNaN(p[i]!)) order.push(i);
  }
  order.sort((a, b) => p[a]! - p[b]! || a - b);
  const m = order.length;
  let penalty = 1;
  if (dependence === 'any') for (let k = 2; k <= m; k++) penalty += 1 / k;
  const adjusted = new Float64Array(p.length).fill(Number.NaN);
  const discovered = new Uint8Array(p.length);
  let lowest = 1;
  let count = 0;
  for (let k = m; k >= 1; k--) {
    const i = order[k - 1]!;
    lowest = Math.min(lowest, (p[i]! * m * penalty) / k);
    adjusted[i] = lowest;
    if (lowest <= q) {
      discovered[i] = 1;
      count++;
    }
  }
  return { kind: 'discoveries', adjusted, discovered, count };
}
