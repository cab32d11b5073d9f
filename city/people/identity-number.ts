import { makeResidentNumber, SYNTHETIC_AREAS } from '@hutong/china';
import { dayFrom, isoDate } from '../time.ts';

/**
 * Numbers without a register: two residents may share a birthday only when their numbers are equal modulo 365, and then
 * the quotient, which differs, is the place in the sequence. Six reserved areas x 499 places of one sex x 365 days give
 * 1,092,810 residents of distinct numbers; the other four areas belong to second twins of the same sex.
 */
const ORDINARY = SYNTHETIC_AREAS.slice(0, 6);
const TWINS = SYNTHETIC_AREAS.slice(6);

/** Day of birth within `year` that resident `number` must have. */
export function birthDayIn(year: number, number: number): number {
  const place = (number * 151) % 365;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const first = dayFrom(year, 1, 1);
  if (!leap || place < 59) return first + place;
  // Place 59 is 1 March; every other quotient of it is a child of 29 February.
  if (place === 59 && Math.floor(number / 365) % 2 === 1) return first + 59;
  return first + place + 1;
}

export function idNumberFor(number: number, birthDay: number, sex: 'male' | 'female', secondTwin: boolean): string {
  const areas = secondTwin ? TWINS : ORDINARY;
  const places = areas.length * 499;
  // 1237 has no divisor in common with either count: neighbours in number do not stand side by side in the sequence.
  const place = (Math.floor(number / 365) * 1237 + 611) % places;
  const areaCode = areas[Math.floor(place / 499)]!;
  const sequence = (place % 499) * 2 + (sex === 'male' ? 1 : 2);
  return makeResidentNumber({ areaCode, birthDate: isoDate(birthDay), sequence });
}

/**
 * Telephone: 129 and eight digits. Public mobile numbers in China begin with 13 to 19 (numbering plan of the Ministry of
 * Industry and Information Technology, 2017); twelve-hundreds are short service codes, so no subscriber can have one.
 */
export function phoneFor(number: number): string {
  return `129${String((number * 61803399 + 10_000_019) % 100_000_000).padStart(8, '0')}`;
}
