import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketsOf, bucketsWithin } from './buckets.ts';

const nameOf = ({ level, number }: { level: string; number: number }): string => `${level} ${number}`;
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -200, max: 200 }),
  fc.constantFrom(0, -0, 1, 2, 0.5, 1024, 1048576, 5.4, 1e-12, -1e-12),
);

test('whatever touches a range shares a bucket with it', () => {
  fc.assert(
    fc.property(
      value,
      value,
      fc.option(value, { nil: undefined }),
      fc.option(value, { nil: undefined }),
      (a, b, c, d) => {
        const [low, high] = a <= b ? [a, b] : [b, a];
        const [from, to] = c !== undefined && d !== undefined && c > d ? [d, c] : [c, d];
        const touches = (from === undefined || high >= from) && (to === undefined || low <= to);
        const asked = new Set(bucketsWithin(from, to).map(nameOf));
        const shared = bucketsOf(low, high).some((one) => asked.has(nameOf(one)));
        if (touches) expect(shared).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
});

test('few words cover any range, and most of what lies outside shares none', () => {
  expect(bucketsWithin(undefined, undefined).length).toBeLessThan(50);
  expect(bucketsWithin(34, undefined).length).toBeLessThan(40);
  expect(bucketsOf(5.4, 5.4)).toHaveLength(2);
  const asked = new Set(bucketsWithin(34, undefined).map(nameOf));
  expect(bucketsOf(20, 20).some((one) => asked.has(nameOf(one)))).toBe(false);
});
