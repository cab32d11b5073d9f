import { drawDottedName, drawGenerationCharacter, drawGivenName } from '../people/given-names.ts';
import { drawSurname } from '../people/surnames.ts';
import { type District, districtsByPopulation } from '../places/districts.ts';
import { neighbourhood, streetAddress } from '../places/streets.ts';
import { Random } from '../random.ts';
import { dayFrom } from '../time.ts';
import { drawForeignName } from './foreign-names.ts';
import { AREAS, type NumberRegister } from './number-register.ts';
import type { Family, Person, Sex } from './person.ts';

/** The day of the benchmark: nobody is born after it. */
export const TODAY = dayFrom(2026, 1, 1);
const YEAR = 2026;

type Plan = { role: 'adult' | 'child'; sex: Sex; year: number; twin: 0 | 1 | 2 };

/**
 * Kinds of household: alone; couple; couple with one, two, three children; three generations; mother and child; grandparents
 * and grandchild. Weighted so that 30 % of people have a brother or sister at the same address; 1 % of people are twins.
 */
const KINDS = [12, 15, 18, 27, 10, 6, 6, 6];
const TWINS = 0.0255;

function planFamily(random: Random): Plan[] {
  const kind = random.weighted(KINDS);
  const plans: Plan[] = [];
  const adult = (sex: Sex, age: number): void => {
    plans.push({ role: 'adult', sex, year: YEAR - age, twin: 0 });
  };
  const couple = (age: number): void => {
    adult('male', Math.min(96, age + random.between(-1, 5)));
    adult('female', age);
  };
  const children = (mother: number, count: number): void => {
    let year = YEAR - mother + random.between(20, 30);
    for (let i = 0; i < count && year < YEAR; i++) {
      const sex: Sex = random.chance(0.52) ? 'male' : 'female';
      const twins = i === count - 1 && random.chance(TWINS);
      plans.push({ role: 'child', sex, year, twin: twins ? 1 : 0 });
      if (twins) {
        const other: Sex = random.chance(0.66) ? sex : sex === 'male' ? 'female' : 'male';
        plans.push({ role: 'child', sex: other, year, twin: 2 });
      }
      year += random.between(1, 6);
    }
  };
  if (kind === 0) adult(random.chance(0.55) ? 'male' : 'female', random.between(19, 92));
  else if (kind === 1) couple(random.between(24, 86));
  else if (kind === 2) parents(random.between(25, 72), 1);
  else if (kind === 3) parents(random.between(32, 74), 2);
  else if (kind === 4) parents(random.between(38, 78), 3);
  else if (kind === 5) {
    const age = random.between(30, 52);
    couple(Math.min(92, age + random.between(22, 30)));
    parents(age, 2);
  } else if (kind === 6) {
    const age = random.between(22, 60);
    adult('female', age);
    children(age, 1);
  } else {
    couple(random.between(50, 74));
    plans.push({
      role: 'child',
      sex: random.chance(0.52) ? 'male' : 'female',
      year: YEAR - random.between(1, 16),
      twin: 0,
    });
  }
  return plans;

  function parents(age: number, count: number): void {
    couple(age);
    children(age, count);
  }
}

export type Census = {
  register: NumberRegister;
  /** People and telephones so far: both count up, so no number is given twice. */
  people: number;
  phones: number;
};

/** Family `index` of the population of this seed. Needs those before it only for numbers not yet given out. */
export function makeFamily(seed: number, index: number, census: Census): Family {
  const random = new Random(seed, 'linkage-family', index);
  const plans = planFamily(random);
  const district = districtsByPopulation.draw(random);
  const foreign = plans.length === 1 && random.chance(0.1);
  const home = drawHome(seed, random, district);
  const minority = random.chance(district.minority);
  const familyName = drawSurname(random, minority);
  const area = Number(district.code) % AREAS;
  // One custom for all children: the character that brothers and sisters share.
  const oldest = plans.find((plan) => plan.role === 'child')?.year ?? YEAR;
  const generation = drawGenerationCharacter(random, oldest);
  const people: Person[] = [];
  let before: Person | null = null;
  for (const plan of plans) {
    const twinOf: Person | null = plan.twin === 2 ? before : null;
    const birthDay: number = twinOf ? twinOf.birthDay : dayFrom(plan.year, 1, 1) + random.below(365);
    const passport = foreign ? drawPassport(random) : null;
    const own = plan.role === 'adult' && plan.sex === 'female' ? drawSurname(random, minority) : familyName;
    const custom = plan.role === 'child' ? generation : drawGenerationCharacter(random, plan.year);
    const draw = (): string => {
      if (passport) return drawForeignName(random, plan.sex);
      if (random.chance(0.003)) return drawDottedName(random, plan.sex).name;
      return own + drawGivenName(random, plan.sex, plan.year, custom);
    };
    let name = draw();
    // No family gives one name twice.
    while (people.some((other) => other.name === name)) name = draw();
    const from = plan.role === 'child' || random.chance(0.6) ? area : random.below(AREAS);
    const person: Person = {
      index: census.people++,
      name,
      sex: plan.sex,
      birthDay,
      number: passport ?? census.register.issue(from, birthDay, plan.sex),
      staleNumber: passport ? drawPassport(random) : null,
      phone: census.phones++,
      formerPhone: census.phones++,
      child: plan.role === 'child',
      twin: plan.twin,
    };
    people.push(person);
    before = person;
  }
  const mother = people.find((person) => !person.child && person.sex === 'female') ?? people[0]!;
  for (const person of people) {
    const age = (TODAY - person.birthDay) / 365.25;
    // Small children, and some old people, are reached by the telephone of somebody else at home.
    if (age < 14 || (age > 70 && random.chance(0.1))) person.phone = mother.phone;
  }
  return { people, mother, district, home, formerHome: drawHome(seed, random, districtsByPopulation.draw(random)) };
}

function drawPassport(random: Random): string {
  return `${random.pick([...'ACEGHKLNPRSTX'])}${random.pick([...'ABCDEFGHJKMN'])}${String(random.below(10_000_000)).padStart(7, '0')}`;
}

export function drawHome(seed: number, random: Random, district: District): ReturnType<typeof streetAddress> {
  return streetAddress(random, district, neighbourhood(seed, district, 1 + random.below(1 << 20)));
}
