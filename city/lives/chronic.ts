import { Random } from '../random.ts';
import { firstDayOf } from '../time.ts';
import { bandOf, type Chapter } from './chapter.ts';
import { chronicDiagnoses } from './constitution.ts';
import { DEPARTMENTS } from './departments.ts';
import type { Wanted } from './make-visit.ts';

/**
 * Follow-ups of hypertension, diabetes and COPD: at least four a year by the national basic public health service; the
 * severe come monthly, now and then to a specialist, and end in hospital when it gets worse.
 */
export function chronicVisits(chapter: Chapter, month: number): Wanted[] {
  const { body, resident, region, seed } = chapter;
  const diagnoses = chronicDiagnoses(body);
  if (diagnoses.length === 0) return [];
  const worst = Math.max(body.hypertension ?? 0, body.diabetes ?? 0, body.copd ?? 0);
  const random = new Random(seed, 'rhythm', resident.number);
  if (random.chance(0.25)) return [];
  const period = Math.round(80 - worst * 48 - diagnoses.length * 5);
  const phase = random.below(period);
  const first = firstDayOf(month);
  const next = firstDayOf(month + 1);
  const wanted: Wanted[] = [];
  for (
    let day = first + ((((phase - first) % period) + period) % period), turn = 0;
    day < next;
    day += period, turn++
  ) {
    const visit = new Random(seed, 'follow-up', resident.number, day);
    const specialist = visit.chance(0.22 + worst * 0.25);
    const institution = specialist
      ? visit.chance(0.25)
        ? region.centralOf(resident, visit)
        : region.hospitalOf(resident, visit)
      : region.primaryOf(resident);
    const department = !specialist
      ? DEPARTMENTS.general
      : body.diabetes !== null
        ? DEPARTMENTS.endocrine
        : body.copd !== null && body.hypertension === null
          ? DEPARTMENTS.respiratory
          : DEPARTMENTS.cardiology;
    const panels = [
      ...(body.diabetes !== null ? [specialist || visit.chance(0.4) ? 'diabetes' : 'glucose'] : []),
      ...(specialist && visit.chance(0.6) ? ['lipids'] : []),
      ...(visit.chance(specialist ? 0.6 : 0.25) ? ['kidney'] : []),
      ...(body.copd !== null && specialist ? ['cbc'] : []),
    ];
    wanted.push({
      mark: `c${turn}`,
      month,
      day,
      kind: 'outpatient',
      institution,
      department,
      complaint: `${diagnoses.map((diagnosis) => diagnosis.zh).join('、')}随访`,
      diagnoses,
      panels,
      imaging: body.copd !== null && specialist && visit.chance(0.3) ? ['chest-copd'] : [],
      medicines: medicinesFor(chapter, visit),
    });
  }
  return [...wanted, ...exacerbation(chapter, month, worst)];
}

function medicinesFor({ body }: Chapter, random: Random): string[] {
  return [
    ...(body.hypertension !== null ? ['amlodipine', ...(body.hypertension > 0.55 ? ['valsartan'] : [])] : []),
    ...(body.diabetes !== null
      ? ['metformin', ...(body.diabetes > 0.45 ? ['glimepiride'] : []), ...(body.diabetes > 0.8 ? ['insulin'] : [])]
      : []),
    ...(body.copd !== null ? ['tiotropium', ...(body.copd > 0.6 ? ['salbutamol'] : [])] : []),
    ...(random.chance(0.2) ? ['atorvastatin'] : []),
  ];
}

/** Admission for a worsening: COPD in winter, uncontrolled diabetes at any time. */
function exacerbation({ body, resident, region, seed }: Chapter, month: number, worst: number): Wanted[] {
  const random = new Random(seed, 'exacerbation', resident.number, month);
  const cold = [11, 0, 1, 2].includes(month % 12);
  if (!random.chance(worst ** 2 * (body.copd !== null && cold ? 0.07 : 0.018))) return [];
  const day = firstDayOf(month) + random.below(28);
  const nights = random.between(5, 12);
  const institution = random.chance(0.3) ? region.centralOf(resident, random) : region.hospitalOf(resident, random);
  const chronic = chronicDiagnoses(body);
  const shared = { mark: 'e0', month, day, kind: 'inpatient' as const, institution, nights };
  if (body.copd !== null) {
    return [
      {
        ...shared,
        department: DEPARTMENTS.respiratory,
        complaint: '咳嗽、咳痰、气促加重3天',
        diagnoses: [
          { icd10: 'J44.1', zh: '慢性阻塞性肺疾病伴急性加重', en: 'COPD with acute exacerbation' },
          ...chronic,
        ],
        panels: ['cbc', 'crp', 'gases', 'kidney'],
        imaging: ['chest-copd'],
        medicines: ['methylprednisolone', 'moxifloxacin', 'tiotropium'],
        effects: { wbc: 2.5, neut: 2, crp: 14, po2: -5, pco2: 3 },
        fever: 37.9,
      },
    ];
  }
  if (body.diabetes !== null) {
    return [
      {
        ...shared,
        department: DEPARTMENTS.endocrine,
        complaint: '口干、多饮、血糖控制不佳1周',
        diagnoses: [
          { icd10: 'E11.6', zh: '2型糖尿病伴血糖控制不佳', en: 'Type 2 diabetes, poorly controlled' },
          ...chronic,
        ],
        panels: ['diabetes', 'kidney', 'lipids', 'cbc'],
        medicines: ['insulin', 'metformin'],
        effects: { glu: 9, hba1c: 3 },
      },
    ];
  }
  return [
    {
      ...shared,
      department: DEPARTMENTS.cardiology,
      complaint: '头晕、头痛、血压升高2天',
      diagnoses: [{ icd10: 'I11.9', zh: '高血压性心脏病', en: 'Hypertensive heart disease' }, ...chronic],
      panels: ['cardiac', 'kidney', 'lipids'],
      imaging: ['chest-elder', 'head'],
      medicines: ['amlodipine', 'valsartan'],
      effects: { tni: 0.6 },
    },
  ];
}

/** From 65 on one examination a year at the primary centre; younger adults now and then at a hospital's check-up centre. */
export function checkUps({ resident, region, seed }: Chapter, month: number): Wanted[] {
  const random = new Random(seed, 'check-up', resident.number, Math.floor(month / 12));
  const elder = bandOf(resident, firstDayOf(month)) === 4;
  const wants = random.chance(elder ? 0.7 : 0.16);
  const mine = random.below(12);
  if (!wants || mine !== month % 12 || bandOf(resident, firstDayOf(month)) < 2) return [];
  const institution = elder ? region.primaryOf(resident) : region.hospitalOf(resident, random);
  return [
    {
      mark: 'k0',
      month,
      day: firstDayOf(month) + random.below(28),
      kind: 'check-up',
      institution,
      department: DEPARTMENTS.prevention,
      complaint: elder ? '老年人年度健康体检' : '健康体检',
      diagnoses: [{ icd10: 'Z00.0', zh: '一般性医学检查', en: 'General medical examination' }],
      panels: ['cbc', 'liver', 'kidney', 'lipids', elder ? 'diabetes' : 'glucose'],
      imaging: elder ? ['chest-elder'] : ['chest-normal'],
      medicines: [],
    },
  ];
}
