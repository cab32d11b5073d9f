import { checkDigit, toNumber15 } from '@hutong/china';
import type { City } from '../options.ts';
import { residentAt } from '../people/households.ts';
import type { Address, Resident, Sex } from '../people/resident.ts';
import type { Institution } from '../places/institutions.ts';
import { neighbourhood, streetAddress } from '../places/streets.ts';
import { Random } from '../random.ts';
import { dayFrom, isoDate } from '../time.ts';
import { type NameVariant, varyName } from './name-variants.ts';
import type { DirtKind } from './rates.ts';

/** A resident as one institution has registered them: what its messages say, and what is wrong with it. */
export type SourceIdentity = {
  resident: Resident;
  institution: Institution;
  /** The institution's own number for the person. */
  localId: string;
  name: string;
  sex: Sex;
  birthDate: string;
  /** As typed; null when the desk did not ask. */
  number: string | null;
  phone: string;
  address: Address;
  /** Identity number of a foreigner. */
  passport: string | null;
  dirt: readonly (
    | DirtKind
    | NameVariant
    | 'newborn-unnamed'
    | 'lost-character'
    | 'checksum-valid'
    | 'checksum-invalid'
  )[];
};

/**
 * What `institution` knows of `resident` on `day`: sticky (the same mistake in every message), until the desk corrects it
 * on some day of 2026 or 2027. `second`: the number of an accidental second registration.
 */
export function identityAt(
  city: City,
  resident: Resident,
  institution: Institution,
  day: number,
  second = false,
): SourceIdentity {
  const random = new Random(city.seed, `identity/${institution.code}`, resident.number, second ? 1 : 0);
  const correctedDay = correctionDay(city, resident, institution);
  const dirty = day < correctedDay;
  const dirt: SourceIdentity['dirt'][number][] = [];
  // Every draw is made whether it is used or not, so that one rate does not move the others.
  const draws = new Map<DirtKind, boolean>();
  for (const kind of [
    'missing-number',
    'mistyped-number',
    'parents-number',
    'name-variant',
    'wrong-birth-date',
    'other-phone',
    'other-address',
    'number-15',
  ] as const) {
    draws.set(kind, random.chance(city.rates[kind]) && (dirty || kind === 'other-phone' || kind === 'other-address'));
  }
  const has = (kind: DirtKind): boolean => draws.get(kind) === true && dirt.push(kind) > 0;
  const unnamed = day < resident.namedDay && resident.mother !== null;
  const identity: SourceIdentity = {
    resident,
    institution,
    localId: localIdOf(resident, institution, second),
    name: resident.name,
    sex: resident.sex,
    birthDate: resident.birthDate,
    number: resident.idNumber,
    phone: resident.phone,
    address: resident.address,
    passport: resident.passport,
    dirt,
  };
  if (unnamed) {
    dirt.push('newborn-unnamed');
    identity.name = newbornName(city.seed, resident);
    identity.number = null;
  }
  if (identity.number !== null) spoilNumber(city, random, identity, has, dirt);
  if (!unnamed && has('name-variant')) {
    const variant = varyName(random, resident.name);
    if (variant) {
      identity.name = variant.name;
      dirt.push(variant.kind);
    } else dirt.pop();
  }
  if (!unnamed && has('wrong-birth-date')) identity.birthDate = wrongDate(random, resident.birthDate, day);
  if (has('other-phone')) identity.phone = `129${String(random.below(100_000_000)).padStart(8, '0')}`;
  if (has('other-address'))
    identity.address = streetAddress(
      random,
      resident.district,
      neighbourhood(city.seed, resident.district, random.below(1000) + 1),
    );
  // 䶮 came into GB18030 only; a system that still writes GBK loses it and sends a question mark.
  if (institution.quirks.charset === 'GBK' && identity.name.includes('䶮')) {
    identity.name = identity.name.replaceAll('䶮', '?');
    dirt.push('lost-character');
  }
  if (second) dirt.push('second-local-id');
  return identity;
}

/** Day on which the desk asks again and repairs the registration; after 2027 nobody asks. */
export function correctionDay(city: City, resident: Resident, institution: Institution): number {
  const random = new Random(city.seed, `correction/${institution.code}`, resident.number);
  return random.chance(0.5) ? dayFrom(2026, 1, 1) + random.below(730) : Number.POSITIVE_INFINITY;
}

/** Whether the institution registered this resident twice, and the day on which it merges the two (A40). */
export function secondRegistration(
  city: City,
  resident: Resident,
  institution: Institution,
): { mergedDay: number } | null {
  const random = new Random(city.seed, `second/${institution.code}`, resident.number);
  if (!random.chance(city.rates['second-local-id'])) return null;
  return { mergedDay: dayFrom(2026, 1, 1) + random.below(730) };
}

/** Eight digits, unique in the institution: 7919 and 10^8 have no common divisor. A second registration begins with 9. */
function localIdOf(resident: Resident, institution: Institution, second: boolean): string {
  const shift = Number(institution.code.slice(2, 6)) * 104_729 + institution.code.charCodeAt(6) * 31;
  const digits = String((resident.number * 7919 + shift) % 100_000_000).padStart(8, '0');
  return `${second ? '9' : '0'}${institution.quirks.vendor}${digits}`;
}

export function newbornName(seed: number, resident: Resident): string {
  const mother = residentAt(seed, resident.mother!);
  const order = resident.birthOrder === null ? '' : resident.birthOrder === 1 ? '大' : '小';
  return `${mother.name}之${order}${resident.sex === 'male' ? '子' : '女'}`;
}

function spoilNumber(
  city: City,
  random: Random,
  identity: SourceIdentity,
  has: (kind: DirtKind) => boolean,
  dirt: SourceIdentity['dirt'][number][],
): void {
  const number = identity.number!;
  if (has('missing-number')) identity.number = null;
  else if (has('mistyped-number')) {
    const valid = random.chance(0.5);
    identity.number = mistype(random, number, valid);
    dirt.push(valid ? 'checksum-valid' : 'checksum-invalid');
  } else if (has('parents-number')) {
    const other = agentOf(city.seed, identity.resident);
    if (other?.idNumber) identity.number = other.idNumber;
    else dirt.pop();
  } else if (has('number-15')) {
    const short = Number(identity.resident.birthDate.slice(0, 4)) < 1985 ? toNumber15(number) : null;
    if (short) identity.number = short;
    else dirt.pop();
  }
}

/** A parent for a child; for others somebody of the household who went to the desk for them. */
function agentOf(seed: number, resident: Resident): Resident | null {
  const number = resident.mother ?? resident.father ?? resident.members.find((member) => member !== resident.number);
  return number === undefined ? null : residentAt(seed, number);
}

/** One wrong digit in month, day or sequence; `valid`: made to pass the check digit, as inventions do. */
export function mistype(random: Random, number: string, valid: boolean): string {
  for (let tries = 0; tries < 40; tries++) {
    const at = random.pick([11, 13, 14, 15, 16]);
    const digits = [...number];
    digits[at] = String((Number(digits[at]) + random.between(1, 9)) % 10);
    if (valid) digits[17] = checkDigit(digits.slice(0, 17).join(''));
    const written = digits.join('');
    const date = `${written.slice(6, 10)}-${written.slice(10, 12)}-${written.slice(12, 14)}`;
    const exists = isoDate(dayFrom(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)))) === date;
    if (exists && written.slice(14, 17) !== '000') return written;
  }
  return `${number.slice(0, 16)}${(Number(number[16]) + 1) % 10}${number[17]}`;
}

/** Day and month changed places, one year off, or the first of January that stands for "unknown". */
export function wrongDate(random: Random, birthDate: string, today: number): string {
  const [year, month, day] = birthDate.split('-') as [string, string, string];
  const kind = random.below(4);
  const other =
    kind === 0 && Number(day) <= 12 && day !== month
      ? `${year}-${day}-${month}`
      : kind === 1
        ? `${year}-01-01`
        : kind === 2
          ? `${Number(year) - 1}-${month}-${day}`
          : `${year}-${month}-${day === '15' ? '16' : '15'}`;
  const exists =
    isoDate(dayFrom(Number(other.slice(0, 4)), Number(other.slice(5, 7)), Number(other.slice(8)))) === other;
  return exists && other !== birthDate && other <= isoDate(today)
    ? other
    : `${Number(year) - 2}-${month === '02' ? '03' : month}-${day === '15' ? '14' : '15'}`;
}
