import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateRange, isCalendarDate } from './date.ts';

const iso = (r: { start: number; end: number } | undefined): string | undefined =>
  r && `${new Date(r.start).toISOString()} ${new Date(r.end).toISOString()}`;

test.each([
  ['2024', '2023-12-31T16:00:00.000Z 2024-12-31T16:00:00.000Z'],
  ['2024-02', '2024-01-31T16:00:00.000Z 2024-02-29T16:00:00.000Z'],
  ['2024-02-29', '2024-02-28T16:00:00.000Z 2024-02-29T16:00:00.000Z'],
  ['2024-02-29T08:30', '2024-02-29T00:30:00.000Z 2024-02-29T00:31:00.000Z'],
  ['2024-02-29T08:30:15', '2024-02-29T00:30:15.000Z 2024-02-29T00:30:16.000Z'],
  ['2024-02-29T08:30:15Z', '2024-02-29T08:30:15.000Z 2024-02-29T08:30:16.000Z'],
  ['2024-02-29T08:30:15-05:00', '2024-02-29T13:30:15.000Z 2024-02-29T13:30:16.000Z'],
  ['2024-02-29T08:30:15 08:00', '2024-02-29T00:30:15.000Z 2024-02-29T00:30:16.000Z'],
  ['2024-02-29T08:30:15.2Z', '2024-02-29T08:30:15.200Z 2024-02-29T08:30:15.300Z'],
  ['2024-02-29T08:30:15.123456Z', '2024-02-29T08:30:15.123Z 2024-02-29T08:30:15.124Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z 2017-01-01T00:00:01.000Z'],
  ['0001-01-01', '0000-12-31T16:00:00.000Z 0001-01-01T16:00:00.000Z'],
])('%s covers %s', (text, expected) => {
  expect(iso(dateRange(text))).toBe(expected);
});

test.each([
  '',
  '24',
  '2024-13',
  '2024-00',
  '2023-02-29',
  '2024-1-1',
  '2024-02-29T',
  '2024-02-29T24:00',
  '2024-02-29T08:30:15.',
  '2024-02-29T08:30:15+99:00',
  '2024-02-29X',
  'today',
])('"%s" is not a date', (text) => {
  expect(dateRange(text)).toBeUndefined();
});

test('every instant that Date can write is found again, whatever the zone', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
      fc.integer({ min: -14, max: 14 }),
      (d, h) => {
        const shifted = new Date(d.getTime() + h * 3600000).toISOString().slice(0, -1);
        const zone = `${h < 0 ? '-' : '+'}${String(Math.abs(h)).padStart(2, '0')}:00`;
        expect(dateRange(d.toISOString())).toEqual({ start: d.getTime(), end: d.getTime() + 1 });
        expect(dateRange(shifted + zone)).toEqual({ start: d.getTime(), end: d.getTime() + 1 });
      },
    ),
  );
});

test('the months of a year lie end to end and fill it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9998 }), (year) => {
      const y = String(year).padStart(4, '0');
      const months = Array.from({ length: 12 }, (_, i) => dateRange(`${y}-${String(i + 1).padStart(2, '0')}`));
      expect(months[0]?.start).toBe(dateRange(y)?.start);
      expect(months[11]?.end).toBe(dateRange(y)?.end);
      for (let i = 1; i < 12; i++) expect(months[i]?.start).toBe(months[i - 1]?.end);
    }),
  );
});

test('days that do not exist are recognised', () => {
  expect(['2024-02-29', '2000-02-29', '2024-04-30', '2024-02'].map(isCalendarDate)).toEqual([true, true, true, true]);
  expect(['2023-02-29', '1900-02-29', '2024-04-31'].map(isCalendarDate)).toEqual([false, false, false]);
});
