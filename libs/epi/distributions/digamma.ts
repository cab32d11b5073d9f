/** First and second derivative of ln Γ for x > 0: recurrence up to 12, then the asymptotic series (Abramowitz & Stegun 6.3.18, 6.4.12). */

/** ψ(x) = d ln Γ(x)/dx. */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 12) {
    shift -= 1 / z;
    z++;
  }
  const r = 1 / (z * z);
  return (
    shift +
    Math.log(z) -
    0.5 / z -
    r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - (r * 691) / 32760)))))
  );
}

/** ψ′(x). */
export function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 12) {
    shift += 1 / (z * z);
    z++;
  }
  const r = 1 / (z * z);
  return (
    shift +
    1 / z +
    r / 2 +
    (r / z) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - (r * 691) / 2730)))))
  );
}
