import { Random } from '../random.ts';
import { monthOf } from '../time.ts';
import type { Chapter } from './chapter.ts';
import { chronicDiagnoses } from './constitution.ts';
import { DEPARTMENTS } from './departments.ts';
import type { Wanted } from './make-visit.ts';

/** The last stay. Two in five die in a hospital (the others at home, which no hospital sends). */
export function deathOf({ resident, body, region, seed }: Chapter, month: number): Wanted[] {
  const day = resident.deathDay;
  if (day === null || monthOf(day) !== month) return [];
  const random = new Random(seed, 'death', resident.number);
  if (!random.chance(0.4)) return [];
  const nights = random.between(1, 6);
  const cause = random.pick([
    { icd10: 'I63.9', zh: '脑梗死', en: 'Cerebral infarction' },
    { icd10: 'I21.9', zh: '急性心肌梗死', en: 'Acute myocardial infarction' },
    { icd10: 'C34.9', zh: '支气管或肺恶性肿瘤', en: 'Malignant neoplasm of lung' },
    { icd10: 'J44.1', zh: '慢性阻塞性肺疾病伴急性加重', en: 'COPD with acute exacerbation' },
  ]);
  return [
    {
      mark: 'z0',
      month,
      day: day - nights,
      kind: 'inpatient',
      institution: region.hospitalOf(resident, random),
      department: DEPARTMENTS.internal,
      complaint: '意识障碍1天',
      diagnoses: [cause, ...chronicDiagnoses(body)],
      panels: ['cbc', 'crp', 'kidney', 'gases', 'cardiac'],
      imaging: ['head'],
      medicines: ['ceftriaxone'],
      effects: { wbc: 4, neut: 3, crp: 40, crea: 6, urea: 5, po2: -7, tni: 12 },
      fever: 38.2,
      nights,
      died: true,
    },
  ];
}
