import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateOfDay,
  dayNumber,
  isoWeekOfDay,
  mondayOf,
  sameWeekdayYearsBefore,
  weekday,
  weeklySeries,
  weeksInIsoYear,
} from './iso-week.ts';

describe('ISO weeks', () => {
  it('knows the awkward days of the standard', () => {
    const week = (date: string) => {
      const w = isoWeekOfDay(dayNumber(date));
      return `${w.year}-W${w.week}`;
    };
    expect(week('2005-01-01')).toBe('2004-W53');
    expect(week('2008-12-29')).toBe('2009-W1');
    expect(week('2010-01-03')).toBe('2009-W53');
    expect(week('2020-12-31')).toBe('2020-W53');
    expect(week('2021-01-04')).toBe('2021-W1');
    expect(week('2026-12-31')).toBe('2026-W53');
  });

  it('counts 71 long years in 400', () => {
    let long = 0;
    for (let y = 2000; y < 2400; y++) if (weeksInIsoYear(y) === 53) long++;
    expect(long).toBe(71);
  });

  it('a week begins on its Monday and is found again from any of its days', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 60_000 }), (day) => {
        const monday = mondayOf(isoWeekOfDay(day));
        expect(weekday(monday)).toBe(0);
        expect(day - monday).toBe(weekday(day));
        expect(dayNumber(dateOfDay(day))).toBe(day);
      }),
    );
  });

  it('going back by years keeps the weekday and stays within three days of the date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 9 }), (day, years) => {
        const back = sameWeekdayYearsBefore(day, years);
        expect((day - back) % 7).toBe(0);
        expect(Math.abs(day - back - years * 365.25)).toBeLessThan(4.3);
      }),
    );
  });

  it('rejects what is no date', () => {
    expect(dayNumber('2023-02-29')).toBeNaN();
    expect(dayNumber('yesterday')).toBeNaN();
  });

  it('puts reports on an unbroken axis: a silent week is a gap, a week with a zero is a zero', () => {
    const days = ['2020-12-28', '2020-12-30', '2021-01-12', '2021-01-19'].map(dayNumber);
    const { mondays, counts } = weeklySeries(days, [3, 4, 0, 2]);
    expect(Array.from(mondays, dateOfDay)).toEqual(['2020-12-28', '2021-01-04', '2021-01-11', '2021-01-18']);
    expect([...counts]).toEqual([7, Number.NaN, 0, 2]);
  });
});
