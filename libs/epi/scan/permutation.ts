/**
 * Prospective space-time permutation scan: needs cases only, no population. M. Kulldorff, R. Heffernan, J. Hartman,
 * R. Assunção, F. Mostashari (2005) PLoS Med 2:e59.
 *   Cylinders: a circular zone over the last w units. μ = (cases of the zone)·(cases of the window)/C; LLR as in the Poisson
 *   scan. Null: shuffle the times over the cases, so that both margins stay. Recurrence interval = 1/p looks.
 */
import { seeded } from '../random.ts';
import { invalid, type Refusal } from '../series.ts';
import { countsNeeded, entropyTable, monteCarloP, PILOTS, scanLlr } from './poisson.ts';
import { circularZones, type Places, type ZoneLimit, type Zones } from './zones.ts';

/** Cases by unit of time and area, row after row: cases[t·areas + a]; whole counts. */
export type SpaceTimeCases = { areas: number; units: number; cases: Float64Array };

/** Settings of `permutationScan`. */
export type PermutationScanSettings = {
  /** Longest window, units. Default 14. */
  maxWindow?: number;
  /** Shortest window, units. Default 1. */
  minWindow?: number;
  /** How far zones grow. Default: half of all cases. */
  limit?: ZoneLimit;
  replications?: number;
  seed?: number;
  /** Report at most this many clusters. Default 10. */
  clusters?: number;
};

/** A cylinder that ends at the last unit. */
export type SpaceTimeCluster = {
  centre: number;
  areas: number[];
  /** Length of the window, units. */
  window: number;
  cases: number;
  expected: number;
  llr: number;
  p: number;
  /** 1/p: as many looks pass between chance signals this strong. In units of the interval between looks. */
  recurrenceInterval: number;
};

/** Clusters whose zones share no area, strongest first. */
export type PermutationScanResult = { kind: 'scan'; clusters: SpaceTimeCluster[]; maxima: Float64Array; total: number };

/** What every replication shares. */
export type PreparedPermutationScan = {
  zones: Zones;
  total: number;
  minWindow: number;
  maxWindow: number;
  /** Cases per area, and per window length (index w: cases of the last w units). */
  byArea: Float64Array;
  byWindow: Float64Array;
  /** Cases per unit, last unit first. */
  recent: Float64Array;
};

/** Checks the input and builds zones and margins. */
export function preparePermutationScan(
  data: SpaceTimeCases,
  places: Places,
  s: PermutationScanSettings,
): PreparedPermutationScan | Refusal {
  const { areas, units, cases } = data;
  if (cases.length !== areas * units) return invalid('cases', 'must hold units × areas counts');
  if (places.x.length !== areas) return invalid('places', 'must have one point per area');
  const odd = cases.findIndex((c) => !(c >= 0) || !Number.isInteger(c));
  if (odd >= 0)
    return cases[odd]! < 0
      ? { kind: 'bad-count', index: odd, value: cases[odd]! }
      : invalid('cases', `entry ${odd} is no whole count`);
  const maxWindow = s.maxWindow ?? 14;
  const minWindow = s.minWindow ?? 1;
  if (!(minWindow >= 1 && minWindow <= maxWindow)) return invalid('minWindow', 'must lie between 1 and maxWindow');
  if (maxWindow > units) return { kind: 'not-enough-history', needed: maxWindow, available: units };
  const byArea = new Float64Array(areas);
  const recent = new Float64Array(maxWindow);
  let total = 0;
  for (let t = 0; t < units; t++) {
    for (let a = 0; a < areas; a++) {
      const c = cases[t * areas + a]!;
      byArea[a]! += c;
      total += c;
      if (units - 1 - t < maxWindow) recent[units - 1 - t]! += c;
    }
  }
  const byWindow = new Float64Array(maxWindow + 1);
  for (let w = 1; w <= maxWindow; w++) byWindow[w] = byWindow[w - 1]! + recent[w - 1]!;
  const zones = circularZones(places, s.limit ?? { share: 0.5, weights: byArea });
  return 'kind' in zones ? zones : { zones, total, minWindow, maxWindow, byArea, byWindow, recent };
}

/**
 * Maximum LLR over all cylinders for replications `first`..`first + count − 1`, each from its own random stream.
 * Shuffling times over cases is drawing, without replacement, the areas of the cases of the last units: only those are drawn.
 */
export function permutationMaxima(
  prepared: PreparedPermutationScan,
  seed: number,
  first: number,
  count: number,
): Float64Array {
  const { zones, total, byArea, byWindow, recent, minWindow, maxWindow: W } = prepared;
  const { start, neighbours } = zones;
  const n = zones.areas;
  const table = entropyTable(total);
  const zoneCount = neighbours.length;
  // per cylinder: expected count, slope and level of the LLR
  const floor = new Float64Array(zoneCount * W);
  const slope = new Float64Array(zoneCount * W);
  const level = new Float64Array(zoneCount * W);
  for (let c = 0; c < n; c++) {
    let zoneCases = 0;
    for (let i = start[c]!; i < start[c + 1]!; i++) {
      zoneCases += byArea[neighbours[i]!]!;
      for (let w = 1; w <= W; w++) {
        const mu = (zoneCases * byWindow[w]!) / total;
        const rest = total - mu;
        const k = i * W + w - 1;
        const usable = w >= minWindow && mu > 0 && rest > 1e-9;
        floor[k] = usable ? mu : Number.POSITIVE_INFINITY;
        slope[k] = usable ? Math.log(mu) - Math.log(rest) : 0;
        level[k] = usable ? total * Math.log(rest) : 0;
      }
    }
  }
  const pool = new Int32Array(total);
  for (let a = 0, k = 0; a < n; a++) for (let j = 0; j < byArea[a]!; j++) pool[k++] = a;
  const any = countsNeeded(0, floor, slope, level, table);
  let need = any;
  const drawn = new Int32Array(n * W);
  const sums = new Int32Array(W);
  const out = new Float64Array(count);
  const highest = (atLeast: Int32Array): number => {
    let best = 0;
    for (let c = 0; c < n; c++) {
      sums.fill(0);
      for (let i = start[c]!; i < start[c + 1]!; i++) {
        const base = neighbours[i]! * W;
        const at = i * W;
        for (let w = 0; w < W; w++) {
          const cases = sums[w]! + drawn[base + w]!;
          sums[w] = cases;
          if (cases < atLeast[at + w]!) continue;
          const llr = table[cases]! - cases * slope[at + w]! - level[at + w]!;
          if (llr > best) best = llr;
        }
      }
    }
    return best;
  };
  for (let r = 0; r < count; r++) {
    const random = seeded(seed, first + r);
    drawn.fill(0);
    // each replication starts from the pool as the last one left it: a partial shuffle of any order is a fair draw,
    // but the numbers must not depend on how replications are split, so undo the swaps afterwards
    const swaps: number[] = [];
    let k = 0;
    for (let w = 0; w < W; w++) {
      for (let j = 0; j < recent[w]!; j++, k++) {
        const other = k + random.below(total - k);
        const area = pool[other]!;
        pool[other] = pool[k]!;
        pool[k] = area;
        swaps.push(other);
        drawn[area * W + w]!++;
      }
    }
    for (let a = 0; a < n; a++) for (let w = 1; w < W; w++) drawn[a * W + w]! += drawn[a * W + w - 1]!;
    // nothing above the pilots' level: look at everything
    out[r] = highest(need) || highest(any);
    if (r === PILOTS - 1) need = countsNeeded(0.7 * Math.min(...out.subarray(0, PILOTS)), floor, slope, level, table);
    for (let j = k - 1; j >= 0; j--) {
      const other = swaps[j]!;
      const area = pool[j]!;
      pool[j] = pool[other]!;
      pool[other] = area;
    }
  }
  return out;
}

/** Strongest cylinders of the data themselves, zones apart, with p-values from the maxima. */
export function permutationClusters(
  data: SpaceTimeCases,
  prepared: PreparedPermutationScan,
  maxima: Float64Array,
  most = 10,
): SpaceTimeCluster[] {
  const { zones, total, byArea, byWindow, minWindow, maxWindow: W } = prepared;
  const n = zones.areas;
  const inWindow = new Float64Array(n * W);
  for (let a = 0; a < n; a++) {
    for (let w = 0; w < W; w++) {
      const c = data.cases[(data.units - 1 - w) * n + a]!;
      inWindow[a * W + w] = (w > 0 ? inWindow[a * W + w - 1]! : 0) + c;
    }
  }
  type Best = { centre: number; size: number; window: number; cases: number; expected: number; llr: number };
  const best: Best[] = [];
  const sums = new Float64Array(W);
  for (let centre = 0; centre < n; centre++) {
    sums.fill(0);
    let zoneCases = 0;
    let top: Best = { centre, size: 0, window: 0, cases: 0, expected: 0, llr: 0 };
    for (let i = zones.start[centre]!; i < zones.start[centre + 1]!; i++) {
      const area = zones.neighbours[i]!;
      zoneCases += byArea[area]!;
      for (let w = 1; w <= W; w++) {
        sums[w - 1]! += inWindow[area * W + w - 1]!;
        if (w < minWindow) continue;
        const mu = (zoneCases * byWindow[w]!) / total;
        const llr = scanLlr(sums[w - 1]!, mu, total);
        if (llr > top.llr)
          top = { centre, size: i - zones.start[centre]! + 1, window: w, cases: sums[w - 1]!, expected: mu, llr };
      }
    }
    if (top.llr > 0) best.push(top);
  }
  best.sort((a, b) => b.llr - a.llr || a.centre - b.centre);
  const taken = new Uint8Array(n);
  const out: SpaceTimeCluster[] = [];
  for (const b of best) {
    if (out.length >= most) break;
    const areas = Array.from(zones.neighbours.subarray(zones.start[b.centre]!, zones.start[b.centre]! + b.size));
    if (areas.some((a) => taken[a])) continue;
    for (const a of areas) taken[a] = 1;
    const p = monteCarloP(b.llr, maxima);
    out.push({
      centre: b.centre,
      areas,
      window: b.window,
      cases: b.cases,
      expected: b.expected,
      llr: b.llr,
      p,
      recurrenceInterval: 1 / p,
    });
  }
  return out;
}

/** Runs the prospective space-time permutation scan; the last unit of `data` is now. */
export function permutationScan(
  data: SpaceTimeCases,
  places: Places,
  settings: PermutationScanSettings = {},
): PermutationScanResult | Refusal {
  const prepared = preparePermutationScan(data, places, settings);
  if ('kind' in prepared) return prepared;
  const maxima = permutationMaxima(prepared, settings.seed ?? 1, 0, settings.replications ?? 999);
  const clusters = permutationClusters(data, prepared, maxima, settings.clusters ?? 10);
  return { kind: 'scan', clusters, maxima, total: prepared.total };
}
