import { BLOCK, blockOf } from '../people/households.ts';
import type { Resident } from '../people/resident.ts';
import { Random } from '../random.ts';
import { monthOf } from '../time.ts';
import type { Chapter } from './chapter.ts';
import { DEPARTMENTS } from './departments.ts';
import type { Wanted } from './make-visit.ts';

const WEEKS = [7, 12, 16, 20, 24, 28, 30, 32, 34, 36, 37, 38, 39] as const;

/** Antenatal visits, delivery and the visit after 42 days of a mother; the stay of the child born. Births stand in the household plan. */
export function pregnancyVisits(chapter: Chapter, month: number): Wanted[] {
  const { resident, seed, region } = chapter;
  const wanted: Wanted[] = [];
  const block = blockOf(seed, resident.number);
  for (const number of resident.children) {
    const child = block[number % BLOCK];
    if (child && resident.sex === 'female' && child.birthOrder !== 2) wanted.push(...ofMother(chapter, child, month));
  }
  if (monthOf(resident.birthDay) === month && resident.mother !== null) {
    const mother = block[resident.mother % BLOCK]!;
    wanted.push({
      mark: 'n0',
      month,
      day: resident.birthDay,
      kind: 'inpatient',
      institution: region.maternityOf(mother),
      department: DEPARTMENTS.paediatrics,
      complaint: '新生儿',
      diagnoses: [
        {
          icd10: resident.twin === null ? 'Z38.0' : 'Z38.3',
          zh: resident.twin === null ? '单胎活产，院内出生' : '双胎活产，院内出生',
          en: 'Liveborn infant',
        },
      ],
      panels: ['cbc'],
      medicines: [],
      nights: 3,
    });
  }
  return wanted;
}

function ofMother({ resident, seed, region }: Chapter, child: Resident, month: number): Wanted[] {
  const conception = child.birthDay - 280;
  const institution = region.maternityOf(resident);
  const near = region.primaryOf(resident);
  const wanted: Wanted[] = [];
  const shared = { month, department: DEPARTMENTS.obstetrics };
  for (const [turn, week] of WEEKS.entries()) {
    const day = conception + week * 7;
    if (monthOf(day) !== month) continue;
    const random = new Random(seed, 'antenatal', resident.number, day);
    const anaemic = random.chance(0.3) && week >= 24;
    wanted.push({
      ...shared,
      mark: `p${turn}`,
      day: day + random.below(3),
      kind: 'outpatient',
      institution: week > 16 || random.chance(0.5) ? institution : near,
      complaint: `孕${week}周产前检查`,
      diagnoses: [
        {
          icd10: week < 13 ? 'Z32.1' : 'Z34.9',
          zh: week < 13 ? '妊娠确认' : '正常妊娠监督',
          en: 'Supervision of normal pregnancy',
        },
        ...(anaemic ? [{ icd10: 'O99.0', zh: '妊娠合并贫血', en: 'Anaemia complicating pregnancy' }] : []),
      ],
      panels:
        week === 7
          ? ['pregnancy', 'cbc', 'thyroid']
          : week === 12
            ? ['cbc', 'liver', 'kidney']
            : week === 24
              ? ['diabetes', 'cbc']
              : ['cbc'],
      imaging: [12, 24, 30, 37].includes(week) ? ['fetus'] : [],
      medicines: week <= 12 ? ['folic'] : anaemic ? ['iron'] : [],
      effects: { hcg: week === 7 ? 40_000 : 0, hgb: anaemic ? -4 : -1.6, wbc: 1.2, alb: -2 },
    });
  }
  if (monthOf(child.birthDay) === month) {
    const caesarean = new Random(seed, 'delivery', child.number).chance(0.44);
    wanted.push({
      ...shared,
      mark: 'd0',
      day: child.birthDay,
      kind: 'inpatient',
      institution,
      complaint: '停经39周，阵发性腹痛3小时',
      diagnoses: [
        {
          icd10: caesarean ? 'O82.9' : 'O80.9',
          zh: caesarean ? '经剖宫产术分娩' : '头位顺产',
          en: caesarean ? 'Delivery by caesarean section' : 'Spontaneous delivery',
        },
        {
          icd10: child.twin === null ? 'Z37.0' : 'Z37.2',
          zh: child.twin === null ? '单胎活产' : '双胎活产',
          en: 'Live birth',
        },
      ],
      panels: ['cbc', 'liver', 'kidney'],
      medicines: ['iron'],
      nights: caesarean ? 5 : 3,
      effects: { wbc: 3, hgb: -2.4, neut: 1.5 },
    });
  }
  if (monthOf(child.birthDay + 42) === month) {
    wanted.push({
      ...shared,
      mark: 'p90',
      day: child.birthDay + 42,
      kind: 'outpatient',
      institution,
      complaint: '产后42天检查',
      diagnoses: [{ icd10: 'Z39.2', zh: '常规产后随诊', en: 'Routine postpartum follow-up' }],
      panels: ['cbc'],
      medicines: [],
    });
  }
  return wanted;
}
