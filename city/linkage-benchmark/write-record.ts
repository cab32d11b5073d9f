import { toNumber15 } from '@hutong/china';
import { varyName } from '../dirt/name-variants.ts';
import { mistype, wrongDate } from '../dirt/source-identity.ts';
import { phoneFor } from '../people/identity-number.ts';
import type { Address } from '../people/resident.ts';
import { districtsByPopulation } from '../places/districts.ts';
import type { Random } from '../random.ts';
import { dayFrom, isoDate } from '../time.ts';
import { drawHome, TODAY } from './families.ts';
import { varyForeignName } from './foreign-names.ts';
import type { BenchmarkKind, BenchmarkRecord, Family, Person } from './person.ts';
import type { BenchmarkRates } from './rates.ts';

const STRANGE = [...'海峰雪松春秋江月星光天地山石田木东南西北'];
const LAST_15 = dayFrom(1985, 1, 1);

export type Desk = {
  seed: number;
  rates: BenchmarkRates;
  random: Random;
  /** The family before this one: where agents, relatives and their homes come from. */
  neighbours: Family | null;
  /** Serial number for a telephone that nobody else has. */
  newPhone: () => number;
};

type Written = Omit<BenchmarkRecord, 'id' | 'household'>;

/** What one desk writes about a person. `unnamed`: a child not yet named, whom the ward calls by its mother. */
export function writeRecord(desk: Desk, family: Family, person: Person, unnamed: boolean): Written {
  const { random, rates } = desk;
  const dirt: BenchmarkKind[] = [];
  const number = writeNumber(desk, family, person, unnamed, dirt);
  const name = writeName(desk, family, person, unnamed, dirt);
  const has = (rate: number, kind: BenchmarkKind): boolean => random.chance(rate) && dirt.push(kind) > 0;
  const birthDate = isoDate(person.birthDay);
  const sex = has(rates.wrongSex, 'wrong-sex')
    ? person.sex === 'male'
      ? '女'
      : '男'
    : person.sex === 'male'
      ? '男'
      : '女';
  return {
    name,
    sex,
    birthDate: has(rates.wrongBirthDate, 'wrong-birth-date') ? wrongDate(random, birthDate, TODAY) : birthDate,
    number,
    phone: formatPhone(random, has(rates.otherPhone, 'other-phone') ? otherPhone(desk, family, person) : person.phone),
    address: formatAddress(
      has(rates.otherAddress, 'other-address') ? otherHome(desk, family) : family.home,
      has(rates.shortAddress, 'short-address') ? random.between(1, 2) : 0,
    ),
    person: person.index,
    twin: person.twin > 0,
    dirt,
  };
}

function writeNumber(desk: Desk, family: Family, person: Person, unnamed: boolean, dirt: BenchmarkKind[]): string {
  const { random, rates } = desk;
  let at = random.float();
  const falls = (rate: number): boolean => {
    const hit = at >= 0 && at < rate;
    at -= rate;
    return hit;
  };
  if (falls(rates.parentsNumber)) return agentsNumber(desk, family, person, dirt);
  if (falls(rates.missingNumber) || unnamed) {
    dirt.push('missing-number');
    return '';
  }
  if (falls(rates.mistypedNumber) && person.staleNumber === null) {
    const valid = random.chance(0.5);
    dirt.push(valid ? 'mistyped-number-valid' : 'mistyped-number-invalid');
    return mistype(random, person.number, valid);
  }
  if (falls(rates.staleDocument)) {
    const short = person.birthDay < LAST_15 ? toNumber15(person.number) : null;
    if (person.staleNumber ?? short) dirt.push(short ? 'number-15' : 'stale-passport');
    return person.staleNumber ?? short ?? person.number;
  }
  return person.number;
}

/** A parent's for a child, that of somebody at home otherwise, and of a neighbour for those who live alone. */
function agentsNumber(desk: Desk, family: Family, person: Person, dirt: BenchmarkKind[]): string {
  const others = family.people.filter((other) => other !== person);
  const parents = others.filter((other) => !other.child);
  if (person.child && parents.length > 0) {
    dirt.push('parents-number');
    return desk.random.chance(0.7) ? family.mother.number : desk.random.pick(parents).number;
  }
  const agents = others.length > 0 ? others : (desk.neighbours?.people ?? []);
  if (agents.length === 0) return person.number;
  dirt.push('agents-number');
  return desk.random.pick(agents).number;
}

function writeName(desk: Desk, family: Family, person: Person, unnamed: boolean, dirt: BenchmarkKind[]): string {
  const { random, rates } = desk;
  if (unnamed) {
    dirt.push('newborn-unnamed');
    const order = person.twin === 0 ? '' : person.twin === 1 ? '大' : '小';
    return `${family.mother.name}之${order}${person.sex === 'male' ? '子' : '女'}`;
  }
  if (!random.chance(rates.nameOtherwise)) return person.name;
  if (person.staleNumber !== null) {
    dirt.push('foreign-name');
    return varyForeignName(random, person.name);
  }
  const variant = random.chance(rates.strangeCharacter) ? null : varyName(random, person.name);
  if (variant) {
    dirt.push(variant.kind);
    return variant.name;
  }
  // Nothing likely offers itself: the last character is simply another one.
  const characters = [...person.name];
  const strange = random.pick(STRANGE.filter((sign) => sign !== characters[characters.length - 1]));
  dirt.push('strange-character');
  return characters.with(-1, strange).join('');
}

function otherPhone(desk: Desk, family: Family, person: Person): number {
  const { random } = desk;
  const kind = random.float();
  if (kind < 0.4) return person.formerPhone;
  const others = family.people.filter((other) => other.phone !== person.phone);
  return kind < 0.7 && others.length > 0 ? random.pick(others).phone : desk.newPhone();
}

function otherHome(desk: Desk, family: Family): Address {
  const { random, neighbours } = desk;
  const kind = random.float();
  if (kind < 0.5) return family.formerHome;
  if (kind < 0.65 && neighbours) return neighbours.home;
  return drawHome(desk.seed, random, districtsByPopulation.draw(random));
}

function formatPhone(random: Random, serial: number): string {
  const digits = phoneFor(serial);
  if (random.chance(0.03)) return `+86 ${digits}`;
  return random.chance(0.03) ? `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}` : digits;
}

function formatAddress(address: Address, shortened: number): string {
  const city = shortened > 0 ? '' : '重庆市';
  const district = shortened > 1 ? '' : address.district;
  return `${city}${district}${address.subDistrict}${address.street}${address.door}`;
}
