import { identityAt } from './dirt/source-identity.ts';
import { constitutionOf } from './lives/constitution.ts';
import { DEPARTMENTS } from './lives/departments.ts';
import { makeVisit } from './lives/make-visit.ts';
import type { Visit } from './lives/visit.ts';
import { encodeMessage } from './messages/encode.ts';
import type { CityMessage, MessageKind, Planned } from './messages/message.ts';
import { readOptions } from './options.ts';
import { residentAt } from './people/households.ts';
import { cityInstitutions } from './places/institutions.ts';
import { Region } from './places/region.ts';
import { Random } from './random.ts';
import { ageAt, dayOf, firstDayOf, MINUTE, monthOf, timeOn } from './time.ts';

/**
 * A fever clinic's messages about one resident of the city (ADT^A04, then ORU^R01 with a blood count and ORU^R01 with
 * influenza A positive), written at `at` (ISO 8601). Another second, another visit; the same second, the same bytes.
 */
export function feverCase(options: { seed?: number; size?: number; at: string }): CityMessage[] {
  const city = readOptions({
    seed: options.seed ?? 1,
    size: options.size ?? 1_000,
    days: 1,
    until: options.at,
    dirt: 0,
  });
  const region = new Region(cityInstitutions(city));
  const second = Math.floor(city.now / 1_000);
  const random = new Random(city.seed, 'fever-case', second | 0, Math.floor(second / 4_294_967_296));
  for (let tries = 0; tries < 2_000; tries++) {
    const resident = residentAt(city.seed, random.below(city.size));
    const age = ageAt(resident.birthDay, city.lastDay);
    const institution = region.of(resident.address.area, 'hospital').find((one) => one.protocol === 'hl7v2-mllp');
    if (!institution || age < 5 || (resident.deathDay !== null && resident.deathDay <= city.lastDay)) continue;
    const month = monthOf(city.lastDay);
    const visit = makeVisit(city.seed, resident, constitutionOf(city.seed, resident), {
      mark: `h${second - Math.floor(timeOn(firstDayOf(month)) / 1_000)}`,
      month,
      day: city.lastDay,
      kind: 'emergency',
      institution,
      department: DEPARTMENTS.fever,
      complaint: '发热、咳嗽、全身酸痛1天',
      diagnoses: [{ icd10: 'J10.1', zh: '流行性感冒，甲型流感病毒检出', en: 'Influenza, type A virus identified' }],
      panels: ['cbc', 'flu'],
      medicines: ['oseltamivir', 'ibuprofen'],
      effects: { flua: 1, wbc: -1.4, lymphn: -1.6 },
      fever: 39.1,
    });
    const seen = beginningAt(visit, city.now - 40 * MINUTE, city.now - 5 * MINUTE);
    const identity = identityAt(city, resident, institution, dayOf(city.now));
    const plan = (kind: MessageKind, name: string, more: Partial<Planned>): Planned => ({
      institution,
      at: city.now,
      writtenAt: city.now,
      controlId: `F${second.toString(36).toUpperCase()}${resident.number.toString(36).toUpperCase()}${name}`,
      kind,
      visit: seen,
      identity,
      dirt: [],
      ...more,
    });
    return [plan('ADT^A04', 'A04', {}), ...seen.labs.map((lab) => plan('ORU^R01', `R${lab.serial}`, { lab }))].map(
      (planned) => encodeMessage(planned, city.seed),
    );
  }
  return [];
}

/** The same visit at another time: reports come between `at` and `reported`. */
function beginningAt(visit: Visit, at: number, reported: number): Visit {
  return {
    ...visit,
    at,
    endAt: reported,
    labs: visit.labs.map((lab) => ({ ...lab, collectedAt: at + 12 * MINUTE, reportedAt: reported })),
  };
}
