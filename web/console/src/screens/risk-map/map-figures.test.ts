import type { MapArea } from '@hutong/contract/watch.ts';
import { expect, test } from 'vitest';
import { figureOf, shadeOf } from './map-figures.ts';

const area = (weeks: (number | null)[], population: number | null = 100_000): MapArea => ({
  area: '500106',
  zh: '',
  en: '',
  short: { zh: '', en: '' },
  population,
  source: 'official',
  until: null,
  weeks,
});

test('a rate is shown from five cases on, a gap is no zero, and a window with a gap is a lower limit', () => {
  expect(figureOf(area([3, 4]), 1, 2, 'rate', 5)).toEqual({ kind: 'value', cases: 7, value: 7, partial: false });
  expect(figureOf(area([1, 3]), 1, 2, 'rate', 5)).toMatchObject({ kind: 'few', cases: 4 });
  expect(figureOf(area([0, 0]), 1, 2, 'rate', 5)).toMatchObject({ kind: 'value', value: 0 });
  expect(figureOf(area([9, null]), 1, 2, 'rate', 5)).toMatchObject({ kind: 'value', cases: 9, partial: true });
  expect(figureOf(area([9, null]), 1, 1, 'rate', 5)).toEqual({ kind: 'gap' });
  expect(figureOf(area([9], null), 0, 1, 'rate', 5)).toMatchObject({ kind: 'no-population', cases: 9 });
  expect(figureOf(area([9], null), 0, 1, 'count', 5)).toMatchObject({ kind: 'value', value: 9 });
});

test('zero has the lightest shade and the largest the darkest', () => {
  expect([0, 1, 2.5, 99].map((value) => shadeOf(value, [1, 2, 3, 4]))).toEqual([0, 0, 2, 4]);
});
