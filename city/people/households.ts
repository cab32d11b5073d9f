import { type District, districtsByPopulation, HOME_DISTRICT } from '../places/districts.ts';
import { neighbourhood, streetAddress } from '../places/streets.ts';
import { Random } from '../random.ts';
import { ageAt, dayFrom, isoDate } from '../time.ts';
import { drawDottedName, drawGenerationCharacter, drawGivenName } from './given-names.ts';
import { birthDayIn, idNumberFor, phoneFor } from './identity-number.ts';
import type { Address, Resident, Sex } from './resident.ts';
import { drawSurname } from './surnames.ts';

/** Residents are made in blocks of this many numbers: a neighbourhood, and some households from elsewhere. */
export const BLOCK = 100;
/** The day to which the pyramid belongs. Children are planned up to `LAST_BIRTH_YEAR`: before that day they are unborn. */
const EPOCH = dayFrom(2026, 1, 1);
const EPOCH_YEAR = 2026;
const LAST_BIRTH_YEAR = 2031;

type Plan = { role: Resident['role']; sex: Sex; year: number; of: 'couple' | 'grandchild' | null; twin: 0 | 1 | 2 };

/** Everyone whose number lies in block `block` (numbers block * 100 .. + 99). Pure in (seed, block). */
export function residentsOfBlock(seed: number, block: number): Resident[] {
  const random = new Random(seed, 'block', block);
  const home = block < 3 ? HOME_DISTRICT : districtsByPopulation.draw(random);
  const town = neighbourhood(seed, home, block < 3 ? 0 : block);
  const residents: Resident[] = [];
  while (residents.length < BLOCK) {
    const first = block * BLOCK + residents.length;
    const room = BLOCK - residents.length;
    const plans = planHousehold(random).slice(0, room);
    const away = random.chance(block < 3 ? 0.2 : 0.4);
    const district = away ? districtsByPopulation.draw(random) : home;
    const place = away ? neighbourhood(seed, district, random.below(1 << 20)) : town;
    residents.push(...furnish(random, plans, first, district, streetAddress(random, district, place)));
  }
  return residents;
}

/**
 * Kinds of household, weighted so that the people come out near the seventh census of Chongqing: 0-14 years 15.9 %,
 * 15-59 62.2 %, 60 and over 21.9 %, 2.45 people per household.
 */
function planHousehold(random: Random): Plan[] {
  const kind = random.weighted([24, 24, 24, 11, 9, 4, 4]);
  const plans: Plan[] = [];
  const adult = (role: Resident['role'], sex: Sex, age: number): void => {
    plans.push({ role, sex, year: EPOCH_YEAR - age, of: null, twin: 0 });
  };
  const couple = (age: number): void => {
    adult('head', 'male', age + random.between(0, 4));
    adult('spouse', 'female', age);
  };
  const children = (mother: number, count: number): void => {
    let year = EPOCH_YEAR - mother + clamp(Math.round(random.normal(28.5, 4)), 20, 42);
    for (let i = 0; i < count && year <= LAST_BIRTH_YEAR; i++) {
      const twins = i === count - 1 && random.chance(0.03);
      const sex = (): Sex => (random.chance(0.524) ? 'male' : 'female');
      if (twins) {
        const first = sex();
        plans.push({ role: 'child', sex: first, year, of: 'couple', twin: 1 });
        plans.push({ role: 'child', sex: random.chance(0.66) ? first : sex(), year, of: 'couple', twin: 2 });
      } else plans.push({ role: 'child', sex: sex(), year, of: 'couple', twin: 0 });
      year += random.between(2, 6);
    }
  };
  if (kind === 0) {
    const old = random.chance(0.5);
    adult('head', random.chance(old ? 0.46 : 0.66) ? 'male' : 'female', old ? random.between(60, 92) : working(random));
  } else if (kind === 1) couple(random.chance(0.55) ? random.between(60, 86) : working(random));
  else if (kind === 2) {
    const age = random.between(26, 56);
    couple(age);
    children(age, 1);
  } else if (kind === 3) {
    const age = random.between(28, 50);
    couple(age);
    children(age, 2);
  } else if (kind === 4) {
    const age = random.between(27, 48);
    couple(age);
    children(age, random.chance(0.4) ? 2 : 1);
    adult('grandparent', random.chance(0.4) ? 'male' : 'female', clamp(age + random.between(22, 30), 50, 95));
  } else if (kind === 5) {
    const age = random.between(55, 72);
    couple(age);
    const year = EPOCH_YEAR - random.between(3, 15);
    plans.push({ role: 'child', sex: random.chance(0.52) ? 'male' : 'female', year, of: 'grandchild', twin: 0 });
  } else {
    const age = random.between(28, 50);
    adult('spouse', 'female', age);
    children(age, 1);
  }
  return plans;
}

function working(random: Random): number {
  return clamp(Math.round(random.normal(41, 12)), 19, 66);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

type Family = { head: string; spouse: string; generation: string | null; minority: boolean };

function furnish(random: Random, plans: Plan[], first: number, district: District, address: Address): Resident[] {
  const members = plans.map((_, index) => first + index);
  const family: Family = {
    head: '',
    spouse: '',
    generation: drawGenerationCharacter(random, 2000),
    minority: random.chance(district.minority),
  };
  const group = family.minority ? (random.chance(0.65) ? TUJIA : MIAO) : random.chance(0.004) ? HUI : HAN;
  family.head = drawSurname(random, family.minority);
  family.spouse = drawSurname(random, family.minority);
  const father = plans.findIndex((plan) => plan.role === 'head' && plan.sex === 'male');
  const mother = plans.findIndex((plan) => plan.role === 'spouse' && plan.sex === 'female');
  const residents = plans.map((plan, index) => {
    const number = first + index;
    const own = plan.twin === 2 ? number - 1 : number;
    const birthDay = birthDayIn(plan.year, own);
    const surname =
      plan.role === 'spouse'
        ? family.spouse
        : plan.role === 'grandparent' && plan.sex === 'female'
          ? drawSurname(random, family.minority)
          : family.head;
    const child = plan.role === 'child';
    // A child without a father in the household carries the mother's surname.
    const written = child && father < 0 ? family.spouse : surname;
    const given = drawGivenName(
      random,
      plan.sex,
      plan.year,
      child ? family.generation : drawGenerationCharacter(random, plan.year),
    );
    const dotted = random.chance(0.0015) ? drawDottedName(random, plan.sex) : null;
    const foreigner = !dotted && plan.role === 'head' && plans.length === 1 && random.chance(0.004);
    const name = foreigner ? random.pick(FOREIGN[plan.sex]) : (dotted?.name ?? written + given);
    const resident: Resident = {
      number,
      household: first,
      members,
      role: plan.role,
      mother: child && plan.of === 'couple' && mother >= 0 ? first + mother : null,
      father: child && plan.of === 'couple' && father >= 0 ? first + father : null,
      children: [],
      twin: plan.twin === 1 ? number + 1 : plan.twin === 2 ? number - 1 : null,
      birthOrder: plan.twin === 0 ? null : plan.twin,
      sex: plan.sex,
      surname: foreigner || dotted ? name : written,
      name,
      birthDay,
      birthDate: isoDate(birthDay),
      deathDay: drawDeath(random, birthDay, plan.sex),
      idNumber: foreigner
        ? null
        : idNumberFor(number, birthDay, plan.sex, plan.twin === 2 && plans[index - 1]!.sex === plan.sex),
      passport: foreigner ? `X${String(number).padStart(8, '0')}` : null,
      phone: phoneFor(number),
      address,
      district,
      ethnic: dotted ? (dotted.ethnic === 'UG' ? UYGHUR : YI) : foreigner ? FOREIGNER : group,
      blood: { abo: BLOOD[random.weighted([31, 27, 33, 9])]!, rh: random.chance(0.004) ? '-' : '+' },
      namedDay: birthDay + random.between(10, 40),
    };
    return resident;
  });
  for (const resident of residents) {
    for (const parent of [resident.mother, resident.father]) {
      if (parent !== null) residents[parent - first]?.children.push(resident.number);
    }
    // Small children have no telephone of their own: a parent's stands in the record.
    if (ageAt(resident.birthDay, EPOCH) < 14) {
      const parent = resident.mother ?? resident.father ?? first;
      resident.phone = phoneFor(parent);
    }
  }
  return residents;
}

/** Gompertz hazard from the epoch on: about 8 deaths per 1,000 residents and year, as Chongqing's yearbooks report. */
function drawDeath(random: Random, birthDay: number, sex: Sex): number | null {
  const age = Math.max(0, (EPOCH - birthDay) / 365.25);
  const hazard = (sex === 'male' ? 0.000048 : 0.000028) * Math.exp(0.0905 * age) + (age < 1 ? 0.003 : 0.0001);
  const years = -Math.log(1 - random.float()) / hazard;
  const day = Math.max(EPOCH, birthDay) + Math.floor(years * 365.25);
  return years < 12 ? day : null;
}

const HAN = { code: 'HA', zh: '汉族' };
const TUJIA = { code: 'TJ', zh: '土家族' };
const MIAO = { code: 'MH', zh: '苗族' };
const HUI = { code: 'HU', zh: '回族' };
const UYGHUR = { code: 'UG', zh: '维吾尔族' };
const YI = { code: 'YI', zh: '彝族' };
const FOREIGNER = { code: '98', zh: '外国血统中国籍人士' };
const BLOOD = ['A', 'B', 'O', 'AB'] as const;
const FOREIGN: Record<Sex, readonly string[]> = {
  male: ['Daniel Weber', 'Tom Harris', 'Kenji Mori', 'Ivan Petrov'],
  female: ['Anna Novak', 'Laura Rossi', 'Yuki Sato', 'Emma Clark'],
};

const cache = new Map<string, Resident[]>();

/** The block with `number` in it; the last blocks asked for are kept, so walking through a city makes each once. */
export function blockOf(seed: number, number: number): readonly Resident[] {
  const block = Math.floor(number / BLOCK);
  const key = `${seed}/${block}`;
  const known = cache.get(key);
  if (known) return known;
  const made = residentsOfBlock(seed, block);
  if (cache.size >= 64) cache.delete(cache.keys().next().value!);
  cache.set(key, made);
  return made;
}

/**
 * Resident `number` of the city with this seed: the same person for every size, period and dirt. `number` >= 0.
 * Households never cross a block of 100, so the members are `residentAt(seed, n)` for n in `members`.
 */
export function residentAt(seed: number, number: number): Resident {
  return blockOf(seed, number)[number % BLOCK]!;
}
