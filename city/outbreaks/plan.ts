import { blockOf, residentAt } from '../people/households.ts';
import { type Resident, schoolAt } from '../people/resident.ts';
import { HOME_DISTRICT } from '../places/districts.ts';
import { Random } from '../random.ts';
import { ageAt } from '../time.ts';
import type { OutbreakKind, OutbreakOrder } from './orders.ts';

export type Infection = {
  kind: OutbreakKind;
  onsetDay: number;
  /** Seen by a doctor; those who are not stay invisible to every institution. */
  seeks: boolean;
  confirmed: boolean;
  severe: boolean;
  /** 0 exposed to the source, 1 infected by those, 2 ... */
  generation: number;
  source: number | null;
};

/** How many residents are looked at to place an outbreak: enough to find a school, small enough for any city. */
const SEARCHED = 20_000;

/**
 * Who falls ill, decided per resident from the outbreak's name and the resident's number, so that nothing has to be
 * remembered. Only outbreaks of a handful of people (measles, pneumonia) keep a list.
 */
export class OutbreakPlan {
  seed: number;
  size: number;
  orders: readonly OutbreakOrder[];
  schools = new Map<OutbreakOrder, string>();
  listed = new Map<number, Infection[]>();

  constructor(seed: number, size: number, orders: readonly OutbreakOrder[]) {
    this.seed = seed;
    this.size = size;
    this.orders = orders;
    for (const order of orders) {
      if (order.kind === 'norovirus') this.schools.set(order, this.busiestSchool(order));
      if (order.kind === 'measles') this.chainOfMeasles(order);
      if (order.kind === 'pneumonia') this.clusterOfPneumonia(order);
    }
  }

  infectionsOf(resident: Resident): Infection[] {
    const found = [...(this.listed.get(resident.number) ?? [])];
    for (const order of this.orders) {
      const infection =
        order.kind === 'influenza'
          ? this.influenza(order, resident)
          : order.kind === 'norovirus'
            ? this.norovirus(order, resident)
            : null;
      if (infection) found.push(infection);
    }
    return found;
  }

  /** Attack rates by age follow the shape of a season (children twice adults); the wave rolls over the districts in two weeks. */
  influenza(order: OutbreakOrder, resident: Resident): Infection | null {
    const random = new Random(this.seed, 'influenza', resident.number, order.startDay);
    const age = ageAt(resident.birthDay, order.startDay);
    const attack = age < 0 ? 0 : age < 6 ? 0.17 : age < 18 ? 0.2 : age < 65 ? 0.08 : 0.07;
    if (!random.chance(attack)) return null;
    const lag = resident.address.area === order.area ? 0 : (Number(resident.address.area) * 7) % 14;
    const onsetDay = order.startDay + lag + Math.round(Math.max(0, random.normal(23, 9)));
    const seeks = random.chance(age < 18 || age >= 65 ? 0.65 : 0.45);
    return {
      kind: 'influenza',
      onsetDay,
      seeks,
      confirmed: random.chance(0.6),
      severe: random.chance(age >= 65 ? 0.12 : 0.02),
      generation: 0,
      source: null,
    };
  }

  norovirus(order: OutbreakOrder, resident: Resident): Infection | null {
    const school = this.schools.get(order);
    const random = new Random(this.seed, 'norovirus', resident.number, order.startDay);
    if (school && schoolAt(resident, ageAt(resident.birthDay, order.startDay))?.code === school && random.chance(0.7)) {
      // Incubation of 12 to 48 hours after one lunch: a point source.
      return {
        kind: 'norovirus',
        onsetDay: order.startDay + 1 + Number(random.chance(0.35)),
        seeks: random.chance(0.75),
        confirmed: random.chance(0.45),
        severe: random.chance(0.05),
        generation: 0,
        source: null,
      };
    }
    const block = blockOf(this.seed, resident.number);
    for (const member of resident.members) {
      const pupil = member === resident.number ? undefined : block[member % block.length];
      if (!pupil || schoolAt(pupil, ageAt(pupil.birthDay, order.startDay))?.code !== school) continue;
      if (random.chance(0.1))
        return {
          kind: 'norovirus',
          onsetDay: order.startDay + random.between(3, 5),
          seeks: random.chance(0.5),
          confirmed: random.chance(0.3),
          severe: false,
          generation: 1,
          source: member,
        };
    }
    return null;
  }

  busiestSchool(order: OutbreakOrder): string {
    const pupils = new Map<string, number>();
    for (const resident of this.residentsNear(order.area)) {
      const age = ageAt(resident.birthDay, order.startDay);
      const school = age >= 6 && age < 18 ? schoolAt(resident, age) : null;
      if (school) pupils.set(school.code, (pupils.get(school.code) ?? 0) + 1);
    }
    return [...pupils].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? '';
  }

  residentsNear(area: string): Resident[] {
    const here: Resident[] = [];
    const everyone: Resident[] = [];
    for (let number = 0; number < Math.min(this.size, SEARCHED); number++) {
      const resident = residentAt(this.seed, number);
      everyone.push(resident);
      if (resident.address.area === area) here.push(resident);
    }
    // A small city may have almost nobody there: then it happens where its people are.
    const enough =
      here.length >= 60 ? here : everyone.filter((resident) => resident.address.area === HOME_DISTRICT.code);
    return enough.length > 0 ? enough : everyone;
  }

  /** An adult back from abroad, then infants too young for the first dose and adults of the cohorts with gaps. */
  chainOfMeasles(order: OutbreakOrder): void {
    const random = new Random(this.seed, 'measles', order.startDay);
    const near = this.residentsNear(order.area);
    const age = (resident: Resident): number => ageAt(resident.birthDay, order.startDay);
    const adults = near.filter((resident) => age(resident) >= 24 && age(resident) <= 46);
    if (adults.length === 0) return;
    const index = random.pick(adults);
    this.list(index, {
      kind: 'measles',
      onsetDay: order.startDay,
      seeks: true,
      confirmed: true,
      severe: true,
      generation: 0,
      source: null,
    });
    const infants = near.filter(
      (resident) =>
        age(resident) === 0 && resident.birthDay <= order.startDay && order.startDay - resident.birthDay < 240,
    );
    const others = [...infants, ...shuffle(random, adults)].filter((resident) => resident.number !== index.number);
    // Serial interval of measles: 11 to 12 days on average (Vink and others, Am J Epidemiol 2014).
    for (const [turn, resident] of others.slice(0, 7).entries()) {
      const generation = turn < 4 ? 1 : 2;
      const onsetDay = order.startDay + Math.round(random.normal(11.5 * generation, 1.5));
      const source = generation === 1 ? index.number : others[turn - 4]!.number;
      this.list(resident, {
        kind: 'measles',
        onsetDay,
        seeks: true,
        confirmed: random.chance(0.85),
        severe: random.chance(0.3),
        generation,
        source,
      });
    }
  }

  clusterOfPneumonia(order: OutbreakOrder): void {
    const random = new Random(this.seed, 'pneumonia', order.startDay);
    const adults = this.residentsNear(order.area).filter((resident) => {
      const age = ageAt(resident.birthDay, order.startDay);
      return age >= 32 && age <= 78;
    });
    const cases = shuffle(random, adults).slice(0, 9);
    for (const [turn, resident] of cases.entries()) {
      const late = turn >= 6;
      const onsetDay = order.startDay + (late ? random.between(7, 10) : random.between(0, 5));
      this.list(resident, {
        kind: 'pneumonia',
        onsetDay,
        seeks: true,
        confirmed: false,
        severe: random.chance(0.75),
        generation: late ? 1 : 0,
        source: late ? cases[turn - 6]!.number : null,
      });
    }
  }

  list(resident: Resident, infection: Infection): void {
    this.listed.set(resident.number, [...(this.listed.get(resident.number) ?? []), infection]);
  }
}

function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
