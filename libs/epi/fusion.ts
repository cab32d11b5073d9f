/**
 * One p-value from several channels that see the same people: case reports, laboratory, medicine sales, school absence.
 * They rise and fall together without any outbreak (weather, holidays), so Fisher's −2Σ ln p ~ χ²(2k) and Stouffer's Σz/√k,
 * which need independence, alarm too often.
 *
 * The default is the Cauchy combination (Y. Liu & J. Xie 2020, JASA 115:393): T = Σ w·tan((½ − p)π) has, whatever the
 * correlation, the same far tail as one Cauchy variable, so P(T > t) → α as α → 0. No correlation has to be known, and it may
 * change by season or fail with a channel, which is why it is chosen. Where the correlation of the channels is known and stable,
 * Kost's form of Brown's method has more power for several weak signals.
 */
import { gammaUpper } from './distributions/gamma.ts';
import { invalid, type Refusal } from './series.ts';

/** Fused p-value and how many channels spoke; a silent channel (NaN) is left out, its weight shared by the others. */
export type Fused = { kind: 'fused'; p: number; channels: number };

// Counts give p = 1 whenever nothing is seen, and tan(−π/2) = −∞ would silence every other channel.
const HIGHEST_P = 0.99;

function checkP(p: ArrayLike<number>): Refusal | null {
  for (let i = 0; i < p.length; i++) if (p[i]! < 0 || p[i]! > 1) return invalid('p', `entry ${i} is no probability`);
  return null;
}

/**
 * Cauchy combination. Holds its level at small α under any dependence; p-values above 0.99 count as 0.99.
 * @param p one p-value per channel; NaN = silent
 * @param weights trust in each channel, any positive scale; default equal
 * @returns p = NaN when all channels are silent
 */
export function cauchyCombination(p: ArrayLike<number>, weights?: ArrayLike<number>): Fused | Refusal {
  const bad = checkP(p);
  if (bad) return bad;
  if (weights && weights.length !== p.length) return invalid('weights', 'must have one value per channel');
  let total = 0;
  let sum = 0;
  let channels = 0;
  for (let i = 0; i < p.length; i++) {
    if (Number.isNaN(p[i]!)) continue;
    const w = weights ? weights[i]! : 1;
    if (!(w >= 0)) return invalid('weights', `entry ${i} is negative or missing`);
    if (w === 0) continue;
    channels++;
    total += w;
    // tan((½ − p)π) = 1/tan(pπ), accurate down to the smallest p
    sum += w / Math.tan(Math.PI * Math.min(Math.max(p[i]!, 1e-300), HIGHEST_P));
  }
  if (channels === 0) return { kind: 'fused', p: Number.NaN, channels: 0 };
  return { kind: 'fused', p: Math.atan2(1, sum / total) / Math.PI, channels };
}

/**
 * Brown's method with the covariances of J. Kost & M. McDermott (2002) Stat Probab Lett 60:183:
 * cov(−2 ln p_i, −2 ln p_j) ≈ 3.263ρ + 0.710ρ² + 0.027ρ³; X = −2Σ ln p ~ c·χ²(f), c = Var/(2E), f = 2E²/Var.
 * @param correlation k × k matrix, row after row, of the channels' normal scores without outbreaks
 */
export function kostBrown(p: ArrayLike<number>, correlation: ArrayLike<number>): Fused | Refusal {
  const k = p.length;
  const bad = checkP(p);
  if (bad) return bad;
  if (correlation.length !== k * k) return invalid('correlation', 'must be a k × k matrix');
  const known: number[] = [];
  for (let i = 0; i < k; i++) if (!Number.isNaN(p[i]!)) known.push(i);
  if (known.length === 0) return { kind: 'fused', p: Number.NaN, channels: 0 };
  let x = 0;
  let variance = 4 * known.length;
  for (const i of known) {
    x -= 2 * Math.log(Math.max(p[i]!, 1e-300));
    for (const j of known) {
      if (j >= i) continue;
      const rho = correlation[i * k + j]!;
      if (!(rho >= -1 && rho <= 1)) return invalid('correlation', 'entries must lie between −1 and 1');
      variance += 2 * (3.263 * rho + 0.71 * rho * rho + 0.027 * rho ** 3);
    }
  }
  const mean = 2 * known.length;
  // negative correlation makes the sum steadier than under independence; never trust it to be
  const spread = Math.max(variance, 4 * known.length);
  const c = spread / (2 * mean);
  const f = (2 * mean * mean) / spread;
  return { kind: 'fused', p: gammaUpper(x / c / 2, f / 2), channels: known.length };
}
