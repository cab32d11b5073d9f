/**
 * Anscombe residual of a negative binomial with mean μ and variance μ + αμ² (J. Hilbe 2007, Negative Binomial Regression):
 *   r = (A(y) − A(μ)) / (μ + αμ²)^{1/6},  A(y) = ∫₀^y (t + αt²)^{−1/3} dt = 3/2·y^{2/3}·₂F₁(1/3, 2/3; 5/3; −αy)
 */

/** ₂F₁(1/3, 2/3; 5/3; x) for x ≤ 0, through Pfaff's transformation (Abramowitz & Stegun 15.3.4), which keeps the series inside its circle. */
export function hypergeometricThirds(x: number): number {
  const z = x / (x - 1);
  let term = 1;
  let sum = 1;
  for (let k = 0; k < 2e6; k++) {
    term *= ((1 / 3 + k) / (5 / 3 + k)) * z;
    sum += term;
    if (term < 1e-17 * sum * (1 - z)) break;
  }
  return (1 - x) ** (-1 / 3) * sum;
}

// R surveillance looks the function up in a table of about ten digits: nearest of 0, −0.01, …, −10, then linear between whole
// numbers down to −100, and nothing beyond.
function lookedUp(x: number): number {
  if (x >= -10) return hypergeometricThirds(-Math.round(-x * 100) / 100);
  if (x < -100) return Number.NaN;
  const low = Math.floor(x);
  const high = low + 1;
  const f = hypergeometricThirds(low);
  return f + (hypergeometricThirds(high) - f) * (x - low);
}

/** The residual; `rCompatible` rounds the way R's table does (errors up to about 1e-3). */
export function anscombeNegativeBinomial(y: number, mu: number, alpha: number, rCompatible = false): number {
  const h = rCompatible ? lookedUp : hypergeometricThirds;
  const a = (v: number) => (v === 0 ? 0 : 1.5 * v ** (2 / 3) * h(-alpha * v));
  return (a(y) - a(mu)) / (mu + alpha * mu * mu) ** (1 / 6);
}
