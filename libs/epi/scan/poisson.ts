/**
 * Kulldorff's spatial scan statistic, Poisson model. M. Kulldorff (1997) Commun Stat Theory Methods 26:1481.
 *   LLR = c·ln(c/μ) + (C−c)·ln((C−c)/(C−μ)) for c > μ, else 0; μ = C·(expected share of the zone).
 * The p-value is the rank of the best zone among the best zones of data drawn without clusters.
 */
import { seeded } from '../random.ts';
import { checkCounts, invalid, type Refusal } from '../series.ts';
import { circularZones, type Places, type ZoneLimit, type Zones } from './zones.ts';

/** A zone with its evidence. */
export type Cluster = {
  /** Centre and member areas (indices; members in order of distance). */
  centre: number;
  areas: number[];
  /** Cases seen and expected without clustering. */
  cases: number;
  expected: number;
  llr: number;
  /** Monte-Carlo p-value (1 + #{maxima ≥ llr}) / (1 + replications). */
  p: number;
  /** (c/μ) against the average, and against the rest ((C−c)/(C−μ)). */
  relativeRisk: number;
  relativeRiskOutside: number;
};

/** Result of a scan: clusters that do not overlap, strongest first; maxima of the replications for reuse. */
export type ScanResult = { kind: 'scan'; clusters: Cluster[]; maxima: Float64Array };

/** Settings of `poissonScan`. */
export type PoissonScanSettings = {
  /** Replications under the null; 999 (default) allow p down to 0.001. */
  replications?: number;
  seed?: number;
  /** How far zones grow. Default: half of the expected cases. */
  limit?: ZoneLimit;
  /** Report at most this many clusters. Default 10. */
  clusters?: number;
};

/** Best zone of one centre. */
export type CentreBest = { size: number; cases: number; expected: number; llr: number };

// Per zone the two numbers that are the same in every replication: LLR = T[c] − c·slope − level, T[c] = c ln c + (C−c) ln(C−c).
function zoneConstants(
  zones: Zones,
  share: Float64Array,
  total: number,
): { mu: Float64Array; slope: Float64Array; level: Float64Array } {
  const n = zones.neighbours.length;
  const mu = new Float64Array(n);
  const slope = new Float64Array(n);
  const level = new Float64Array(n);
  for (let c = 0; c < zones.areas; c++) {
    let sum = 0;
    for (let i = zones.start[c]!; i < zones.start[c + 1]!; i++) {
      sum += share[zones.neighbours[i]!]!;
      mu[i] = sum * total;
      const rest = total - mu[i]!;
      // a zone that holds all expectation cannot have an excess
      slope[i] = rest > 0 ? Math.log(mu[i]!) - Math.log(rest) : 0;
      level[i] = rest > 0 ? total * Math.log(rest) : 0;
      if (!(rest > 1e-9)) mu[i] = Number.POSITIVE_INFINITY;
    }
  }
  return { mu, slope, level };
}

/** Table of c ln c + (C−c) ln(C−c), c = 0..C. */
export function entropyTable(total: number): Float64Array {
  const logs = (k: number) => (k > 0 ? k * Math.log(k) : 0);
  return Float64Array.from({ length: total + 1 }, (_, c) => logs(c) + logs(total - c));
}

/** ln likelihood ratio of c cases where μ of C are expected; 0 without an excess. */
export function scanLlr(c: number, mu: number, total: number): number {
  if (c <= mu) return 0;
  return c * Math.log(c / mu) + (c < total ? (total - c) * Math.log((total - c) / (total - mu)) : 0);
}

// Walker's alias table: a case falls into an area in constant time.
function aliasTable(share: Float64Array): { cut: Float64Array; other: Int32Array } {
  const n = share.length;
  const cut = share.map((s) => s * n);
  const other = Int32Array.from({ length: n }, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  cut.forEach((v, i) => {
    (v < 1 ? small : large).push(i);
  });
  while (small.length > 0 && large.length > 0) {
    const s = small.pop()!;
    const l = large.at(-1)!;
    other[s] = l;
    cut[l]! -= 1 - cut[s]!;
    if (cut[l]! < 1) {
      large.pop();
      small.push(l);
    }
  }
  return { cut, other };
}

/** Strongest zone of every centre (LLR 0 and size 1 where no zone has an excess). */
export function bestZones(cases: Float64Array, expected: Float64Array, zones: Zones): CentreBest[] {
  let total = 0;
  let all = 0;
  for (let i = 0; i < cases.length; i++) {
    total += cases[i]!;
    all += expected[i]!;
  }
  return Array.from({ length: zones.areas }, (_, centre) => {
    let c = 0;
    let mu = 0;
    let best: CentreBest = { size: 0, cases: 0, expected: 0, llr: -1 };
    for (let i = zones.start[centre]!; i < zones.start[centre + 1]!; i++) {
      c += cases[zones.neighbours[i]!]!;
      mu += (expected[zones.neighbours[i]!]! / all) * total;
      const llr = scanLlr(c, mu, total);
      if (llr > best.llr) best = { size: i - zones.start[centre]! + 1, cases: c, expected: mu, llr };
    }
    return best;
  });
}

/**
 * Smallest count at which each zone's LLR reaches `target` (more than any count can be where none does). Most zones of a
 * replication stay far below its maximum, so one comparison of whole numbers settles them.
 */
export function countsNeeded(
  target: number,
  mu: Float64Array,
  slope: Float64Array,
  level: Float64Array,
  table: Float64Array,
): Int32Array {
  const total = table.length - 1;
  const out = new Int32Array(mu.length);
  for (let i = 0; i < mu.length; i++) {
    let low = Math.min(total, Math.floor(mu[i]!));
    let high = total + 1;
    while (high - low > 1) {
      const mid = (low + high) >> 1;
      if (table[mid]! - mid * slope[i]! - level[i]! >= target) high = mid;
      else low = mid;
    }
    out[i] = high;
  }
  return out;
}

/** Replications whose maxima set the level that later ones are compared with first. */
export const PILOTS = 8;

/**
 * Maximum LLR over all zones for replications `first`..`first + count − 1`, each from its own random stream, so that any
 * split over workers gives the same numbers.
 */
export function poissonMaxima(
  total: number,
  share: Float64Array,
  zones: Zones,
  seed: number,
  first: number,
  count: number,
): Float64Array {
  const { mu, slope, level } = zoneConstants(zones, share, total);
  const table = entropyTable(total);
  const { cut, other } = aliasTable(share);
  const out = new Float64Array(count);
  const n = share.length;
  const counts = new Int32Array(n);
  const { start, neighbours } = zones;
  const highest = (need: Int32Array): number => {
    let best = 0;
    for (let centre = 0; centre < n; centre++) {
      let c = 0;
      for (let i = start[centre]!; i < start[centre + 1]!; i++) {
        c += counts[neighbours[i]!]!;
        if (c < need[i]!) continue;
        const llr = table[c]! - c * slope[i]! - level[i]!;
        if (llr > best) best = llr;
      }
    }
    return best;
  };
  const any = countsNeeded(0, mu, slope, level, table);
  let need = any;
  for (let r = 0; r < count; r++) {
    const random = seeded(seed, first + r);
    counts.fill(0);
    for (let k = 0; k < total; k++) {
      const u = random.uniform() * n;
      const i = Math.floor(u);
      counts[u - i < cut[i]! ? i : other[i]!]!++;
    }
    // nothing above the pilots' level: look at everything
    out[r] = highest(need) || highest(any);
    if (r === PILOTS - 1) need = countsNeeded(0.7 * Math.min(...out.subarray(0, PILOTS)), mu, slope, level, table);
  }
  return out;
}

/** p-value of a statistic among Monte-Carlo maxima. Sums and logarithms in another order must not break a tie: 1e-9 relative slack. */
export function monteCarloP(llr: number, maxima: Float64Array): number {
  let more = 0;
  for (const m of maxima) if (m >= llr * (1 - 1e-9)) more++;
  return (1 + more) / (1 + maxima.length);
}

/** Strongest zones that share no area, best first, from the best zone of each centre. */
export function separateClusters(
  best: CentreBest[],
  zones: Zones,
  maxima: Float64Array,
  total: number,
  most: number,
): Cluster[] {
  const order = best.map((_, i) => i).sort((a, b) => best[b]!.llr - best[a]!.llr || a - b);
  const taken = new Uint8Array(zones.areas);
  const out: Cluster[] = [];
  for (const centre of order) {
    const b = best[centre]!;
    if (out.length >= most || !(b.llr > 0)) break;
    const areas = Array.from(zones.neighbours.subarray(zones.start[centre]!, zones.start[centre]! + b.size));
    if (areas.some((a) => taken[a])) continue;
    for (const a of areas) taken[a] = 1;
    const relativeRisk = b.cases / b.expected;
    const outside = (total - b.cases) / (total - b.expected);
    out.push({
      centre,
      areas,
      cases: b.cases,
      expected: b.expected,
      llr: b.llr,
      p: monteCarloP(b.llr, maxima),
      relativeRisk,
      relativeRiskOutside: relativeRisk / outside,
    });
  }
  return out;
}

/**
 * Runs the Poisson scan.
 * @param cases whole counts per area
 * @param expected what is expected per area up to a factor: population, or an adjusted expectation
 */
export function poissonScan(
  cases: Float64Array,
  expected: Float64Array,
  places: Places,
  settings: PoissonScanSettings = {},
): ScanResult | Refusal {
  const prepared = preparePoissonScan(cases, expected, places, settings);
  if ('kind' in prepared) return prepared;
  const { total, share, zones } = prepared;
  const maxima = poissonMaxima(total, share, zones, settings.seed ?? 1, 0, settings.replications ?? 999);
  const clusters = separateClusters(bestZones(cases, expected, zones), zones, maxima, total, settings.clusters ?? 10);
  return { kind: 'scan', clusters, maxima };
}

/** Checks the input and builds shares and zones; the worker-parallel form of the scan starts here too. */
export function preparePoissonScan(
  cases: Float64Array,
  expected: Float64Array,
  places: Places,
  settings: PoissonScanSettings,
): { total: number; share: Float64Array; zones: Zones } | Refusal {
  const bad = checkCounts(cases) ?? checkCounts(expected);
  if (bad) return bad;
  if (cases.length !== expected.length || cases.length !== places.x.length)
    return invalid('cases', 'cases, expected and places must have the same length');
  const gap = cases.findIndex((c) => !Number.isInteger(c));
  if (gap >= 0) return invalid('cases', `area ${gap} has no whole count; leave silent areas out`);
  let total = 0;
  let all = 0;
  for (let i = 0; i < cases.length; i++) {
    total += cases[i]!;
    all += expected[i]!;
  }
  if (!(all > 0)) return invalid('expected', 'must have a positive sum');
  const share = expected.map((e) => e / all);
  const zones = circularZones(places, settings.limit ?? { share: 0.5, weights: expected });
  return 'kind' in zones ? zones : { total, share, zones };
}
