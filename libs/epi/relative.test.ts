import { describe, expect, it } from 'vitest';
import { seeded } from './random.ts';
import { relativeExcess } from './relative.ts';
import { type SeasonalDetection, seasonalRegression } from './seasonal/detect.ts';

const weeks = 230;
/** A season that is different every year, in a district and in the rest of its region; `local` and `everywhere` multiply the last week. */
function region(seed: number, local = 1, everywhere = 1): { counts: Float64Array; rest: Float64Array } {
  const random = seeded(seed);
  const strength = Array.from({ length: 6 }, () => Math.exp(0.4 * random.normal()));
  const shape = Array.from({ length: weeks }, (_, t) => {
    const wave = Math.exp((strength[Math.floor(t / 52)] as number) * Math.cos((2 * Math.PI * t) / 52));
    return t === weeks - 1 ? wave * everywhere : wave;
  });
  return {
    counts: Float64Array.from(shape, (m, t) => random.overdispersed(6 * m * (t === weeks - 1 ? local : 1), 1.3)),
    rest: Float64Array.from(shape, (m) => random.overdispersed(150 * m, 1.3)),
  };
}
const last = { range: { from: weeks - 1, to: weeks } };
const p = (found: unknown): number => (found as SeasonalDetection).p[0] as number;

describe('a district against the rest of its region', () => {
  it('alarms at its nominal rate under seasons that the district alone cannot foresee', () => {
    const runs = 1_200;
    let relative = 0;
    for (let seed = 0; seed < runs; seed++) {
      const { counts, rest } = region(seed);
      if (p(relativeExcess(counts, rest, 52, last)) < 0.05) relative++;
    }
    // four standard errors of 0.05 over 1,200 runs are 0.025
    expect(relative / runs).toBeGreaterThan(0.025);
    expect(relative / runs).toBeLessThan(0.075);
  });

  it('is quiet in a wave that takes the whole region, where the district’s own past is not, and hears a local excess', () => {
    const wave = Array.from({ length: 40 }, (_, seed) => region(5_000 + seed, 1, 3));
    const relative = wave.map(({ counts, rest }) => p(relativeExcess(counts, rest, 52, last)));
    const alone = wave.map(({ counts }) => p(seasonalRegression(counts, 52, last)));
    expect(relative.filter((value) => value < 0.01).length).toBeLessThanOrEqual(3);
    expect(alone.filter((value) => value < 0.01).length).toBeGreaterThanOrEqual(8);
    const local = Array.from({ length: 40 }, (_, seed) => region(6_000 + seed, 6));
    const heard = local.filter(({ counts, rest }) => p(relativeExcess(counts, rest, 52, last)) < 0.01);
    expect(heard.length).toBeGreaterThanOrEqual(30);
  });

  it('says nothing where the rest has too few cases or a gap, and refuses what is no series', () => {
    const { counts, rest } = region(1);
    const thin = rest.slice();
    thin[weeks - 1] = 3;
    expect(p(relativeExcess(counts, thin, 52, last))).toBeNaN();
    thin[weeks - 1] = Number.NaN;
    expect(p(relativeExcess(counts, thin, 52, last))).toBeNaN();
    expect(relativeExcess(counts, rest.slice(1), 52)).toMatchObject({ kind: 'invalid-setting', setting: 'rest' });
    expect(relativeExcess(counts.slice(0, 60), rest.slice(0, 60), 52)).toMatchObject({ kind: 'not-enough-history' });
    const wrong = counts.slice();
    wrong[3] = -1;
    expect(relativeExcess(wrong, rest, 52)).toMatchObject({ kind: 'bad-count', index: 3 });
  });
});
