import { makeResidentNumber, SYNTHETIC_AREAS } from '@hutong/china';
import { Random } from '../random.ts';
import { dayFrom, isoDate } from '../time.ts';

const FIRST_DAY = dayFrom(1900, 1, 1);
const DAYS = 366 * 140;
/** Places of one sex per area and day: 001, 003 .. 997 and 002, 004 .. 998. */
const PLACES = 499;

/** Gives out resident numbers, each once. Those of one area, day and sex stand side by side, as a police station gives them to twins. */
export type NumberRegister = { issue: (area: number, birthDay: number, sex: 'male' | 'female') => string };

/** How many areas there are; none was ever issued, so no number is a living person's. */
export const AREAS = SYNTHETIC_AREAS.length;

export function openRegister(seed: number): NumberRegister {
  const given = new Uint16Array(AREAS * DAYS * 2);
  return {
    issue(area, birthDay, sex) {
      for (let step = 0; step < AREAS; step++) {
        const own = (area + step) % AREAS;
        const at = ((birthDay - FIRST_DAY) * AREAS + own) * 2 + (sex === 'male' ? 0 : 1);
        const count = given[at]!;
        if (count >= PLACES) continue; // this area is full for the day
        given[at] = count + 1;
        const start = new Random(seed, 'sequence', own, birthDay).below(PLACES);
        const place = (start + count) % PLACES;
        return makeResidentNumber({
          areaCode: SYNTHETIC_AREAS[own]!,
          birthDate: isoDate(birthDay),
          sequence: place * 2 + (sex === 'male' ? 1 : 2),
        });
      }
      throw new RangeError('more people born on one day than there are numbers');
    },
  };
}
