/**
 * Down-weighting of past outbreaks (Farrington 1996, eq. 4–5): standardised Anscombe residuals
 * s = 1.5·(y^{2/3}μ^{−1/6} − μ^{1/2}) / √(φ(1−h)); ω = γ·s⁻² where s exceeds the threshold, γ elsewhere, Σω = n.
 */
import { type ArrowWorkspace, leverage } from '../glm/arrow.ts';

const twoThirds = Float64Array.from({ length: 4096 }, (_, y) => y ** (2 / 3));

/** y^{2/3}, from a table for small whole counts. */
export function powTwoThirds(y: number): number {
  return y < 4096 && y === Math.floor(y) ? twoThirds[y]! : y ** (2 / 3);
}

/** Replaces the workspace's weights (all 1 in the fit just made) by ω. */
export function reweight(w: ArrowWorkspace, phi: number, threshold: number): void {
  const { n, y, mu, weight } = w;
  const rootPhi = Math.sqrt(phi);
  let total = 0;
  let lastMu = Number.NaN;
  let root = 0;
  let sixth = 0;
  for (let i = 0; i < n; i++) {
    if (mu[i]! !== lastMu) {
      lastMu = mu[i]!;
      root = Math.sqrt(lastMu);
      sixth = Math.cbrt(root);
    }
    // Only residuals above a positive threshold matter, and those need y > μ: the rest skip the hat matrix.
    if (threshold >= 0 && y[i]! <= lastMu) {
      weight[i] = 1;
      total += 1;
      continue;
    }
    const raw = 1.5 * (powTwoThirds(y[i]!) / sixth - root);
    const free = 1 - leverage(w, i);
    const s = raw / (rootPhi * Math.sqrt(free));
    weight[i] = s > threshold ? 1 / (s * s) : 1;
    total += weight[i]!;
  }
  const gamma = n / total;
  for (let i = 0; i < n; i++) weight[i]! *= gamma;
}
