/**
 * Simulated surveillance series with known outbreaks. A. Noufaily et al. (2013) Stat Med 32:1206, section 3; reused by
 * G. Bédubourg & Y. Le Strat (2017) PLoS One 12:e0181227.
 *   μ(t) = exp(θ + βt + Σ_{j≤m} (γ1 cos(2πjt/52) + γ2 sin(2πjt/52))), t = 1, 2, … weeks; counts with variance φμ.
 *   An outbreak at week s has Poisson(k·√(φμ(s))) cases, each delayed by ⌊LN(0, 0.5²)⌋ weeks.
 */
import { type Random, seeded } from './random.ts';

/** Parameters of a baseline. */
export type Scenario = { theta: number; phi: number; beta: number; gamma1: number; gamma2: number; harmonics: number };

const GROUPS: [theta: number, phi: number, beta: number, gamma1: number, gamma2: number][] = [
  [0.1, 1.5, 0.0025, 0.6, 0.6],
  [-2, 2, 0.005, 0.1, 0.3],
  [1.5, 1, 0.003, 0.2, -0.4],
  [0.5, 5, 0.002, 0.5, 0.5],
  [2.5, 3, 0.001, 1, 0.1],
  [3.75, 1.1, 0.001, 0.1, -0.1],
  [5, 1.2, 0.0001, 0.05, 0.01],
];

/** The 42 scenarios: seven groups, each without and with trend, each with 0, 1 and 2 harmonics. */
export const NOUFAILY_SCENARIOS: Scenario[] = GROUPS.flatMap(([theta, phi, beta, gamma1, gamma2]) =>
  [0, beta].flatMap((b) => [0, 1, 2].map((harmonics) => ({ theta, phi, beta: b, gamma1, gamma2, harmonics }))),
);

/** Mean of week t (counted from 1). */
export function scenarioMean(s: Scenario, t: number): number {
  let eta = s.theta + s.beta * t;
  for (let j = 1; j <= s.harmonics; j++) {
    const angle = (2 * Math.PI * j * t) / 52;
    eta += s.gamma1 * Math.cos(angle) + s.gamma2 * Math.sin(angle);
  }
  return Math.exp(eta);
}

/** An outbreak that was added: first and last week with cases (indices from 0; −1 if it had none), its size. */
export type Outbreak = { first: number; last: number; size: number; k: number };

/** Adds an outbreak that starts at week index `start` to the counts; cases beyond the end are lost. */
export function addOutbreak(counts: Float64Array, s: Scenario, start: number, k: number, random: Random): Outbreak {
  const size = random.poisson(k * Math.sqrt(s.phi * scenarioMean(s, start + 1)));
  const out: Outbreak = { first: -1, last: -1, size: 0, k };
  for (let i = 0; i < size; i++) {
    const week = start + Math.floor(Math.exp(0.5 * random.normal()));
    if (week >= counts.length) continue;
    counts[week]!++;
    out.size++;
    out.first = out.first < 0 ? week : Math.min(out.first, week);
    out.last = Math.max(out.last, week);
  }
  return out;
}

/** A replicate: 624 weeks; weeks 313–575 hold four past outbreaks, the last 49 are for testing. */
export type Replicate = {
  /** With the past outbreaks only (for false alarms), and with a current outbreak on top. */
  quiet: Float64Array;
  outbreak: Float64Array;
  current: Outbreak;
};

/** Index of the first test week, and weeks in all. */
export const TEST_START = 575;
export const SERIES_LENGTH = 624;

/** Draws a replicate: past outbreaks k of 2, 3, 5, 10 drawn at random weeks, one current outbreak k of 1..10. */
export function simulateReplicate(s: Scenario, seed: number, stream: number): Replicate {
  const random = seeded(seed, stream);
  const quiet = Float64Array.from({ length: SERIES_LENGTH }, (_, i) =>
    random.overdispersed(scenarioMean(s, i + 1), s.phi),
  );
  for (let i = 0; i < 4; i++)
    addOutbreak(quiet, s, 312 + random.below(TEST_START - 312), [2, 3, 5, 10][random.below(4)]!, random);
  const outbreak = quiet.slice();
  const current = addOutbreak(
    outbreak,
    s,
    TEST_START + random.below(SERIES_LENGTH - TEST_START),
    1 + random.below(10),
    random,
  );
  return { quiet, outbreak, current };
}
