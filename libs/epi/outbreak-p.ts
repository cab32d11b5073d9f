/**
 * OutbreakP: semiparametric detection of the onset of a monotone increase from an unknown constant level.
 * M. Frisén, E. Andersson, L. Schiöler (2009) Stat Med 28:476. The statistic is the likelihood ratio
 *   Π_j (μ̂_j / ȳ)^{y_j}, μ̂ = non-decreasing regression by pooling adjacent violators; alarm if it exceeds k.
 */
import { checkCounts, checkRange, type Detection, invalid, isRefusal, type Range, type Refusal } from './series.ts';

/** Settings of `outbreakP`. */
export type OutbreakPSettings = {
  range?: Range;
  /** Alarm limit of the likelihood ratio. Default 100. */
  k?: number;
  /** First unit of the monitored stretch; the level before it plays no part. Default 0. */
  start?: number;
  /** Multiplies the ratio out as R does; over- and underflow then silence series with counts in the hundreds. Default false. */
  rCompatible?: boolean;
};

/** Adds the likelihood ratio (may be Infinity). `bound`: the highest count without alarm; NaN at the first unit. */
export type OutbreakPDetection = Detection & { statistic: Float64Array };

// Pools of the non-decreasing fit; adding one observation merges from the right only.
type Pools = { sum: number[]; weight: number[]; total: number; n: number };

function add(p: Pools, y: number): void {
  let sum = y;
  let weight = 1;
  while (p.sum.length > 0 && sum / weight <= p.sum.at(-1)! / p.weight.at(-1)!) {
    sum += p.sum.pop()!;
    weight += p.weight.pop()!;
  }
  p.sum.push(sum);
  p.weight.push(weight);
  p.total += y;
  p.n++;
}

// log Π (μ̂/ȳ)^y: every pool contributes Σy·log(mean of the pool / overall mean); 0·log 0 = 0
function logRatio(p: Pools): number {
  if (p.total === 0) return 0;
  const mean = p.total / p.n;
  let log = 0;
  for (let i = 0; i < p.sum.length; i++)
    if (p.sum[i]! > 0) log += p.sum[i]! * Math.log(p.sum[i]! / p.weight[i]! / mean);
  return log;
}

// The plain product in order of time: 0 or NaN where factors under- or overflow.
function plainProduct(p: Pools, counts: Float64Array, from: number, to: number): number {
  const mean = p.total / p.n;
  let product = 1;
  let t = from;
  for (let i = 0; i < p.sum.length; i++) {
    const fitted = p.sum[i]! / p.weight[i]!;
    const ratio = fitted === 0 && mean === 0 ? 1 : fitted / mean;
    for (let left = p.weight[i]!; left > 0 && t < to; t++) {
      if (Number.isNaN(counts[t]!)) continue;
      product *= ratio ** counts[t]!;
      left--;
    }
  }
  return product;
}

function withOne(p: Pools, y: number): number {
  const copy: Pools = { sum: [...p.sum], weight: [...p.weight], total: p.total, n: p.n };
  add(copy, y);
  return logRatio(copy);
}

/**
 * Runs OutbreakP.
 * @param counts cases per unit; NaN = gap (left out)
 */
export function outbreakP(counts: Float64Array, settings: OutbreakPSettings = {}): OutbreakPDetection | Refusal {
  const start = settings.start ?? 0;
  if (!(start >= 0) || !Number.isInteger(start)) return invalid('start', 'must be a whole number, 0 or more');
  if (!((settings.k ?? 100) > 0)) return invalid('k', 'must be positive');
  const bad = checkCounts(counts);
  if (bad) return bad;
  const range = checkRange(counts.length, start, settings.range);
  if (isRefusal(range)) return range;
  const limit = Math.log(settings.k ?? 100);
  const n = range.to - range.from;
  const out: OutbreakPDetection = {
    kind: 'detection',
    from: range.from,
    bound: new Float64Array(n).fill(Number.NaN),
    alarm: new Uint8Array(n),
    statistic: new Float64Array(n),
  };
  const pools: Pools = { sum: [], weight: [], total: 0, n: 0 };
  for (let t = start; t < range.to; t++) {
    const i = t - range.from;
    if (i >= 0 && pools.n > 0) out.bound[i] = highestQuiet(pools, limit);
    if (!Number.isNaN(counts[t]!)) add(pools, counts[t]!);
    if (i < 0) continue;
    const log = logRatio(pools);
    out.statistic[i] = settings.rCompatible ? plainProduct(pools, counts, start, t + 1) : Math.exp(log);
    const exceeds = settings.rCompatible ? out.statistic[i]! > (settings.k ?? 100) : log > limit;
    out.alarm[i] = exceeds && !Number.isNaN(counts[t]!) ? 1 : 0;
  }
  return out;
}

// The ratio need not grow with the last count below the current level, so step upward from there.
function highestQuiet(p: Pools, limit: number): number {
  let high = 1;
  while (withOne(p, high) <= limit && high < 1e9) high *= 2;
  let low = withOne(p, 0) > limit ? -1 : 0;
  if (low < 0) return -1;
  while (high - low > 1) {
    const mid = Math.floor((low + high) / 2);
    if (withOne(p, mid) > limit) high = mid;
    else low = mid;
  }
  return low;
}
