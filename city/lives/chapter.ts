import type { Resident } from '../people/resident.ts';
import type { Region } from '../places/region.ts';
import { ageAt } from '../time.ts';
import type { Constitution } from './constitution.ts';

/** What every chapter of a life is written from. */
export type Chapter = { seed: number; resident: Resident; body: Constitution; region: Region };

/** Age band of the tables: 0-5, 6-17, 18-44, 45-64, 65+. */
export function bandOf(resident: Resident, day: number): 0 | 1 | 2 | 3 | 4 {
  const age = ageAt(resident.birthDay, day);
  return age < 6 ? 0 : age < 18 ? 1 : age < 45 ? 2 : age < 65 ? 3 : 4;
}
