import { Random } from '../random.ts';
import { firstDayOf } from '../time.ts';
import { bandOf, type Chapter } from './chapter.ts';
import { CONDITIONS, type Condition } from './conditions.ts';
import { DEPARTMENTS } from './departments.ts';
import type { Wanted } from './make-visit.ts';

/**
 * First-contact visits per person and year by age band.
 * With follow-ups, check-ups and admissions the city comes to 6.8 visits, as China did in 2023 (National Health Commission).
 */
const VISITS_A_YEAR = [7.0, 3.4, 3.3, 4.7, 6.5] as const;
const WINTER = [1.7, 1.5, 1.2, 1, 0.8, 0.6, 0.6, 0.6, 0.8, 1, 1.3, 1.6] as const;
const SUMMER = [0.5, 0.5, 0.7, 1, 1.3, 1.6, 1.7, 1.6, 1.3, 0.9, 0.6, 0.5] as const;

export function acuteVisits(chapter: Chapter, month: number): Wanted[] {
  const { resident, region, body } = chapter;
  const first = firstDayOf(month);
  if (resident.birthDay > first + 30) return [];
  const random = new Random(chapter.seed, 'acute', resident.number, month);
  const band = bandOf(resident, first + 27);
  const count = Math.min(5, random.poisson((VISITS_A_YEAR[band] * body.demand) / 12));
  const length = firstDayOf(month + 1) - first;
  return Array.from({ length: count }, (_, index): Wanted => {
    const condition = drawCondition(random, band, month % 12, resident.sex);
    const day = first + random.below(length);
    const emergency = random.chance(condition.emergency);
    const admitted = random.chance(condition.admitted);
    const kind = admitted ? 'inpatient' : emergency ? 'emergency' : 'outpatient';
    const far = random.chance(0.14);
    const nearby = kind === 'outpatient' && random.chance(0.42);
    const chinese = region.of(resident.address.area, 'tcm')[0];
    const institution = nearby
      ? condition.department === DEPARTMENTS.tcm && chinese
        ? chinese
        : region.primaryOf(resident)
      : far
        ? region.centralOf(resident, random)
        : region.hospitalOf(resident, random);
    const small = institution.tier === 1;
    return {
      mark: `a${index}`,
      month,
      day,
      kind,
      institution,
      department: small
        ? DEPARTMENTS.general
        : kind === 'emergency'
          ? DEPARTMENTS.emergency
          : band === 0 && condition.department !== DEPARTMENTS.surgery
            ? DEPARTMENTS.paediatrics
            : condition.department,
      complaint: condition.complaint,
      diagnoses: [{ icd10: condition.icd10, zh: condition.zh, en: condition.en }],
      // A small centre has no virology and no CT: it prescribes and takes a blood count.
      panels: condition.panels.filter(
        (panel) => (small ? panel === 'cbc' || panel === 'glucose' : true) && random.chance(admitted ? 1 : 0.72),
      ),
      imaging: condition.imaging && !small && random.chance(admitted ? 1 : 0.6) ? [condition.imaging] : [],
      medicines: condition.medicines,
      effects: condition.effects,
      fever: condition.fever ?? null,
      nights: admitted ? random.between(4, 10) : 0,
    };
  });
}

function drawCondition(random: Random, band: number, month: number, sex: 'male' | 'female'): Condition {
  const weights = CONDITIONS.map((condition) => {
    if (condition.sex && condition.sex !== sex) return 0;
    const season = condition.season === 'winter' ? WINTER[month]! : condition.season === 'summer' ? SUMMER[month]! : 1;
    return condition.weights[band]! * season;
  });
  return CONDITIONS[random.weighted(weights)]!;
}
