import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildPool, readPool } from './pool.ts';

it('a pool numbers equal strings alike, unequal ones apart, and reads them back, the empty one as 0', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(...'a0王䶮😀é'), maxLength: 3 }), { maxLength: 60 }),
      (whole) => {
        const builder = buildPool();
        const numbers = whole.map((text) => builder.add(text));
        const read = readPool(builder.finish());
        expect(numbers.map((number) => read(number))).toEqual(whole);
        expect(new Set(numbers).size).toBe(new Set(whole).size);
      },
    ),
  );
});

it('a pool outgrows its first tables', () => {
  const builder = buildPool();
  for (let round = 0; round < 2; round++) {
    for (let i = 1; i <= 20_000; i++) expect(builder.add(`王${i}号`)).toBe(i);
  }
  const read = readPool(builder.finish());
  expect(read(1)).toBe('王1号');
  expect(read(20_000)).toBe('王20000号');
});
