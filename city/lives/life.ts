import type { City } from '../options.ts';
import type { OutbreakPlan } from '../outbreaks/plan.ts';
import type { Resident } from '../people/resident.ts';
import type { Region } from '../places/region.ts';
import { dayOf, monthOf } from '../time.ts';
import { acuteVisits } from './acute.ts';
import type { Chapter } from './chapter.ts';
import { checkUps, chronicVisits } from './chronic.ts';
import { constitutionOf } from './constitution.ts';
import { deathOf } from './death.ts';
import { makeVisit, type Wanted } from './make-visit.ts';
import { outbreakVisits } from './outbreak-visits.ts';
import { pregnancyVisits } from './pregnancy.ts';
import { vaccinations } from './vaccinations.ts';
import type { Visit } from './visit.ts';

/**
 * Visits of one resident that begin inside the city's period, in order of time. Each chapter is drawn per calendar month,
 * not per period: the third of May is the same in a history of 30 days and in one of 300.
 */
export function visitsOf(city: City, region: Region, plan: OutbreakPlan, resident: Resident): Visit[] {
  const body = constitutionOf(city.seed, resident);
  const chapter: Chapter = { seed: city.seed, resident, body, region };
  const wanted: Wanted[] = [];
  for (let month = monthOf(city.firstDay); month <= monthOf(city.lastDay); month++) {
    wanted.push(
      ...acuteVisits(chapter, month),
      ...chronicVisits(chapter, month),
      ...checkUps(chapter, month),
      ...vaccinations(chapter, month),
    );
    wanted.push(...pregnancyVisits(chapter, month), ...deathOf(chapter, month));
  }
  wanted.push(...outbreakVisits(chapter, plan.infectionsOf(resident)));
  const visits: Visit[] = [];
  for (const one of wanted) {
    if (one.day < city.firstDay - 7 || one.day > city.lastDay || one.day < resident.birthDay) continue;
    if (resident.deathDay !== null && one.day >= resident.deathDay) continue;
    const visit = makeVisit(city.seed, resident, body, one);
    if (dayOf(visit.at) >= city.firstDay && visit.at <= city.now) visits.push(visit);
  }
  return visits.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
