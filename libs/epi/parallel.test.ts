import { describe, expect, it } from 'vitest';
import { FARRINGTON_IMPROVED, type FarringtonDetection, farringtonFlexible } from './farrington/flexible.ts';
import { farringtonLastUnits } from './parallel.ts';
import { seeded } from './random.ts';

describe('many series on workers', () => {
  it('gives each series what it gets alone, and NaN where the history is too short or a count is bad', async () => {
    const random = seeded(1);
    const length = 300;
    const n = 7;
    const counts = Float64Array.from({ length: n * length }, () => random.poisson(5));
    counts[3 * length + 10] = -1;
    const many = await farringtonLastUnits({ counts, length }, 52, FARRINGTON_IMPROVED, 3);
    expect(many.bound.length).toBe(n);
    expect(many.bound[3]).toBeNaN();
    for (const i of [0, 2, 6]) {
      const alone = farringtonFlexible(counts.slice(i * length, (i + 1) * length), 52, {
        ...FARRINGTON_IMPROVED,
        range: { from: length - 1, to: length },
      }) as FarringtonDetection;
      expect([many.bound[i], many.expected[i], many.p[i], many.alarm[i]]).toEqual([
        alone.bound[0],
        alone.expected[0],
        alone.p[0],
        alone.alarm[0],
      ]);
    }
    const short = await farringtonLastUnits(
      { counts: counts.slice(0, 2 * 100), length: 100 },
      52,
      FARRINGTON_IMPROVED,
      2,
    );
    expect([...short.bound]).toEqual([Number.NaN, Number.NaN]);
  });
});
