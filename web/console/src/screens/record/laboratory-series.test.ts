import type { Analyte } from '@hutong/contract/console.ts';
import { expect, it } from 'vitest';
import { chartSeries, roundBounds } from './laboratory-series.ts';
import { lateBy } from './timeline.tsx';

const at = (code: string, time: string, value: number): Analyte['points'][number] => ({
  at: time,
  value,
  flag: null,
  original: String(value),
  institution: { code, nameZh: `院${code}`, nameEn: `H${code}` },
});
const analyte: Analyte = {
  code: '4548-4',
  zh: '糖化血红蛋白',
  en: 'HbA1c',
  unit: '%',
  low: 4,
  high: 6,
  points: [at('B', '2026-03-01', 7), at('A', '2025-01-01', 8), at('B', '2024-01-01', 9)],
};

it('puts the values of all hospitals in time order, one symbol per hospital', () => {
  const { points, legend } = chartSeries(analyte, 'en');
  expect(points.map((point) => point.value)).toEqual([9, 8, 7]);
  expect(legend.map(({ name, points: own }) => [name, own.length])).toEqual([
    ['HA', 1],
    ['HB', 2],
  ]);
  expect(new Set(legend.map(({ style }) => style.symbol)).size).toBe(2);
});

it('calls an event late only when it came more than a day after it happened', () => {
  expect(lateBy({ at: '2026-11-20T00:00:00Z', receivedAt: '2026-11-20T23:00:00Z' })).toBeNull();
  expect(lateBy({ at: '2026-11-20T00:00:00Z', receivedAt: '2026-11-23T00:00:00Z' })).toBe(259_200);
});

it('ends the axis at round numbers beyond the values', () => {
  expect(roundBounds(4, 8.7)).toEqual([3.5, 9]);
  expect(roundBounds(63, 81)).toEqual([60, 85]);
  expect(roundBounds(5, 5)).toEqual([4.5, 5.5]);
});
