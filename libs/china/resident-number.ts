import { dayExists } from './calendar.ts';
import { checkDigit } from './check-digit.ts';
import { normaliseNumber } from './normalise-number.ts';
import type { Parsed, Refused } from './parsed.ts';

/** Whose number it is: the three families share one layout and one check digit. */
export type ResidentNumberKind = 'mainland' | 'hmt-residence' | 'foreign-permanent';

/** A citizen-style number in its parts. */
export type ResidentNumber = {
  /** 18 places, upper-case X. A 15-digit number is already lengthened. */
  number18: string;
  /** First six digits: the area of *first registration* (GB/T 2260 as of that day), never the present address. */
  areaCode: string;
  /** `YYYY-MM-DD` */
  birthDate: string;
  sex: 'male' | 'female';
  kind: ResidentNumberKind;
  /** true when the text was a 15-digit number (issued until 1999, void as a document since 2013). */
  from15: boolean;
};

/** Why a number was refused; `birth-date-*` go before `check-digit`, because they say more. */
export type ResidentNumberReason =
  | 'empty'
  | 'characters'
  | 'length'
  | 'birth-date-impossible'
  | 'birth-date-future'
  | 'sequence-zero'
  | 'check-digit';

const TEXTS: Record<ResidentNumberReason, readonly [zh: string, en: string]> = {
  empty: ['未填写证件号码', 'No number was given'],
  characters: ['号码中有不允许的字符，只能是数字，末位可为 X', 'Only digits are allowed, and X in the last place'],
  length: ['居民身份证号码应为 18 位（旧号 15 位）', 'A resident number has 18 places (15 in the old form)'],
  'birth-date-impossible': ['号码中的出生日期不存在', 'The birth date in the number does not exist'],
  'birth-date-future': ['号码中的出生日期晚于今天', 'The birth date in the number lies in the future'],
  'sequence-zero': ['号码中的顺序码为 000，从未发放', 'The sequence 000 was never issued'],
  'check-digit': ['校验码不符，号码有误', 'The check digit does not fit: the number has a mistake'],
};

/**
 * Reads a resident identity number (GB 11643-1999; GB 11643-1989 for 15 digits), a Hong Kong, Macao or Taiwan residence
 * permit number (areas 810000, 820000, 830000) or a 2023 foreign permanent resident number (first digit 9).
 * `today` is `YYYY-MM-DD` in Asia/Shanghai. Full-width digits, spaces and a lower-case x are folded first.
 * The area is never a reason to refuse: codes abolished decades ago are still on people's cards.
 */
export function parseResidentNumber(text: string, today: string): Parsed<ResidentNumber, ResidentNumberReason> {
  const written = normaliseNumber(text);
  if (written === '') return refuse('empty');
  if (!/^[0-9]*X?$/.test(written)) return refuse('characters');
  if (written.length === 15) return written.endsWith('X') ? refuse('characters') : read(lengthen(written), true, today);
  if (written.length !== 18) return refuse('length');
  return read(written, false, today);
}

/**
 * 15 digits carry a two-digit year. The century is 19, except for the sequences 996..999, which GB 11643-1989 kept for
 * people already past one hundred: their century is 18. The appended place is computed, so it proves nothing.
 */
function lengthen(number15: string): string {
  const century = Number(number15.slice(12)) >= 996 ? '18' : '19';
  const first17 = number15.slice(0, 6) + century + number15.slice(6);
  return first17 + checkDigit(first17);
}

function read(number18: string, from15: boolean, today: string): Parsed<ResidentNumber, ResidentNumberReason> {
  const year = Number(number18.slice(6, 10));
  const month = Number(number18.slice(10, 12));
  const day = Number(number18.slice(12, 14));
  // 1800 is the earliest year the old 15-digit form can express; nobody was registered with an earlier one.
  if (year < 1800 || !dayExists(year, month, day)) return refuse('birth-date-impossible');
  const birthDate = `${number18.slice(6, 10)}-${number18.slice(10, 12)}-${number18.slice(12, 14)}`;
  if (birthDate > today) return refuse('birth-date-future');
  const sequence = number18.slice(14, 17);
  if (sequence === '000') return refuse('sequence-zero');
  if (checkDigit(number18) !== number18[17]) return refuse('check-digit');
  const areaCode = number18.slice(0, 6);
  const sex = Number(sequence) % 2 === 1 ? 'male' : 'female';
  return { ok: true, value: { number18, areaCode, birthDate, sex, kind: kindOf(areaCode), from15 } };
}

function kindOf(areaCode: string): ResidentNumberKind {
  if (areaCode.startsWith('9')) return 'foreign-permanent';
  return areaCode === '810000' || areaCode === '820000' || areaCode === '830000' ? 'hmt-residence' : 'mainland';
}

function refuse(reason: ResidentNumberReason): Refused<ResidentNumberReason> {
  const [zh, en] = TEXTS[reason];
  return { ok: false, reason, zh, en };
}

/**
 * Builds an 18-place number for synthetic residents and tests. `areaCode` six digits, `birthDate` `YYYY-MM-DD`,
 * `sequence` 1..999 (odd is male). Throws on anything else: a caller that makes numbers knows its parts.
 * Use `SYNTHETIC_AREA` for people who do not exist.
 */
export function makeResidentNumber(parts: { areaCode: string; birthDate: string; sequence: number }): string {
  const { areaCode, birthDate, sequence } = parts;
  if (!/^[0-9]{6}$/.test(areaCode)) throw new RangeError('areaCode must be six digits');
  const date = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(birthDate);
  if (!date || !dayExists(Number(date[1]), Number(date[2]), Number(date[3]))) {
    throw new RangeError('birthDate must be an existing day, YYYY-MM-DD');
  }
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 999) throw new RangeError('sequence must be 1..999');
  const first17 = `${areaCode}${date[1]}${date[2]}${date[3]}${String(sequence).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
}

/** The 15-digit form of an 18-place number, or null where none existed (born after 1999, or outside 18xx/19xx). */
export function toNumber15(number18: string): string | null {
  const century = number18.slice(6, 8);
  const centenarian = Number(number18.slice(14, 17)) >= 996;
  if (century !== (centenarian ? '18' : '19')) return null;
  return number18.slice(0, 6) + number18.slice(8, 17);
}
