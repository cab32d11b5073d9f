import { Random } from '../random.ts';
import { firstDayOf, monthOf } from '../time.ts';
import { bandOf, type Chapter } from './chapter.ts';
import { DEPARTMENTS } from './departments.ts';
import type { Wanted } from './make-visit.ts';
import { CHILD_VACCINES, FLU_VACCINE, type Vaccine } from './vaccines.ts';

/** Doses given at the neighbourhood centre; the district's immunisation system (of the CDC) tells the region. */
export function vaccinations({ seed, resident, region }: Chapter, month: number): Wanted[] {
  const first = firstDayOf(month);
  const random = new Random(seed, 'vaccination', resident.number, month);
  const cdc = region.cdcOf(resident.address.area);
  const place = region.primaryOf(resident);
  const given: Vaccine[] = [];
  if (bandOf(resident, first) <= 1 && resident.birthDay < first + 31) {
    const age = month - monthOf(resident.birthDay);
    // One child in thirty misses an appointment; the dose is not made up for here.
    for (const vaccine of CHILD_VACCINES) if (vaccine.month === age && !random.chance(0.033)) given.push(vaccine);
  }
  const autumn = month % 12 >= 8 && month % 12 <= 10;
  if (autumn && bandOf(resident, first) === 4 && random.chance(0.09)) given.push(FLU_VACCINE);
  if (given.length === 0) return [];
  const newborn = monthOf(resident.birthDay) === month;
  const day = newborn ? resident.birthDay + 1 : first + random.between(2, 27);
  return [
    {
      mark: 'v0',
      month,
      day,
      kind: 'immunization',
      institution: cdc,
      department: DEPARTMENTS.prevention,
      complaint: '预防接种',
      diagnoses: [],
      panels: [],
      medicines: [],
      vaccines: given.map((vaccine) => ({
        vaccine,
        lot: `${vaccine.code}${String(random.between(1, 999)).padStart(3, '0')}`,
        place,
      })),
    },
  ];
}
