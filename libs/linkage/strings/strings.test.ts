import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, editDistanceUpTo } from './edit-distance.ts';
import { tokens } from './fold.ts';
import { jaroWinkler, mostJaroWinkler } from './jaro-winkler.ts';
import { leastEdits } from './letters.ts';
import { soundex } from './soundex.ts';

/** Textbook recurrence of the optimal string alignment distance, kept apart from the code under test. */
function slowDistance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, d[i - 2]![j - 2]! + 1);
      d[i]![j] = best;
    }
  }
  return d[a.length]![b.length]!;
}

const few = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '王', '1'), maxLength: 40 });

describe('edit distance', () => {
  it('agrees with the textbook recurrence, also beyond 32 signs', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(editDistance(a, b)).toBe(slowDistance(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it('never lies below the bound told from letters, and stops at the asked limit', () => {
    fc.assert(
      fc.property(few, few, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
        expect(leastEdits(a, b)).toBeLessThanOrEqual(slowDistance(a, b));
        expect(editDistanceUpTo(a, b, most)).toBe(Math.min(slowDistance(a, b), most + 1));
      }),
    );
  });
});

describe('Jaro-Winkler', () => {
  it.each([
    ['martha', 'marhta', 0.9611],
    ['dixon', 'dicksonx', 0.8133],
    ['dwayne', 'duane', 0.84],
  ])('gives the published value for %s and %s', (a, b, expected) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(expected, 4);
  });

  it('is symmetric and stays under its quick upper bound', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(jaroWinkler(a, b)).toBe(jaroWinkler(b, a));
        if (a !== '' && b !== '') expect(jaroWinkler(a, b)).toBeLessThanOrEqual(mostJaroWinkler(a, b) + 1e-12);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('Soundex', () => {
  it.each([
    ['robert', 'r163'],
    ['rupert', 'r163'],
    ['ashcraft', 'a261'],
    ['tymczak', 't522'],
    ['pfister', 'p236'],
    ['honeyman', 'h555'],
  ])('gives the code of the National Archives for %s', (word, code) => {
    expect(soundex(word)).toBe(code);
  });
});

it('cuts Han text into neighbouring characters and keeps numbers whole', () => {
  expect(tokens('人民路12号')).toEqual(['人民', '民路', '路12', '12号']);
});
