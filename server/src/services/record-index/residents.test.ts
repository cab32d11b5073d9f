import { expect, test } from 'vitest';
import { ageAt } from './residents.ts';

const now = Date.UTC(2026, 10, 23, 16, 30); // 2026-11-24 00:30 in Shanghai

test.each([
  ['1943-04-24', { unit: 'years', count: 83 }],
  ['1943-11-24', { unit: 'years', count: 83 }],
  ['1943-11-25', { unit: 'years', count: 82 }],
  ['2023-11-25', { unit: 'months', count: 35 }],
  ['2026-10-24', { unit: 'months', count: 1 }],
  ['2026-11-22', { unit: 'days', count: 2 }],
] as const)('born %s: the age on 2026-11-24 in Shanghai', (birthDate, age) => {
  expect(ageAt(birthDate, now)).toEqual(age);
});

test('without a birth date there is no age', () => {
  expect(ageAt(null, now)).toBeNull();
});
