import type { Infection } from '../outbreaks/plan.ts';
import { Random } from '../random.ts';
import { monthOf } from '../time.ts';
import type { Chapter } from './chapter.ts';
import { DEPARTMENTS } from './departments.ts';
import type { Wanted } from './make-visit.ts';

/** What an infection looks like to a hospital. Letters of the marks: f influenza, g norovirus, m measles, q pneumonia. */
export function outbreakVisits(chapter: Chapter, infections: readonly Infection[]): Wanted[] {
  return infections.filter((infection) => infection.seeks).map((infection) => asVisit(chapter, infection));
}

function asVisit({ seed, resident, region }: Chapter, infection: Infection): Wanted {
  const random = new Random(seed, `case/${infection.kind}`, resident.number, infection.onsetDay);
  const outbreak: Wanted['outbreak'] = {
    kind: infection.kind,
    onsetDay: infection.onsetDay,
    confirmed: infection.confirmed,
    generation: infection.generation,
    source: infection.source,
  };
  const hospital = region.hospitalOf(resident, random);
  const delay = random.between(infection.kind === 'norovirus' ? 0 : 1, infection.kind === 'norovirus' ? 1 : 2);
  const shared = { month: monthOf(infection.onsetDay), outbreak, institution: hospital };
  switch (infection.kind) {
    case 'influenza': {
      const primary = !infection.severe && !infection.confirmed && random.chance(0.6);
      return {
        ...shared,
        mark: 'f0',
        day: infection.onsetDay + delay - 1,
        kind: infection.severe ? 'inpatient' : random.chance(0.15) ? 'emergency' : 'outpatient',
        institution: primary ? region.primaryOf(resident) : hospital,
        department: primary ? DEPARTMENTS.general : DEPARTMENTS.fever,
        complaint: '发热、咳嗽、全身酸痛1天',
        diagnoses: [
          infection.confirmed
            ? { icd10: 'J10.1', zh: '流行性感冒，甲型流感病毒检出', en: 'Influenza, type A virus identified' }
            : { icd10: 'J11.1', zh: '流行性感冒', en: 'Influenza, virus not identified' },
        ],
        panels: primary ? ['cbc'] : ['cbc', 'crp', 'flu'],
        imaging: infection.severe ? ['chest-viral'] : [],
        medicines: ['oseltamivir', 'ibuprofen'],
        effects: { flua: infection.confirmed ? 1 : 0, wbc: -1.4, lymph: -1, lymphn: -1.6, crp: 5 },
        fever: 39,
        nights: infection.severe ? random.between(4, 8) : 0,
      };
    }
    case 'norovirus':
      return {
        ...shared,
        mark: 'g0',
        day: infection.onsetDay + delay,
        kind: random.chance(0.3) ? 'emergency' : 'outpatient',
        department: DEPARTMENTS.enteric,
        complaint: '呕吐、腹泻半天，同班多人有类似症状',
        diagnoses: [
          infection.confirmed
            ? { icd10: 'A08.1', zh: '诺如病毒急性胃肠病', en: 'Acute gastroenteropathy due to norovirus' }
            : { icd10: 'A09.9', zh: '感染性腹泻', en: 'Infectious gastroenteritis' },
        ],
        panels: ['cbc', 'norovirus'],
        medicines: ['ors', 'smectite'],
        effects: { noro2: infection.confirmed ? 1 : 0, wbc: 1.6, neut: 1.6, k: -1.2 },
        fever: 37.8,
      };
    case 'measles':
      return {
        ...shared,
        mark: 'm0',
        day: infection.onsetDay + delay + 2,
        kind: infection.severe ? 'inpatient' : 'outpatient',
        department: DEPARTMENTS.infection,
        complaint: infection.generation === 0 ? '发热4天，皮疹1天，两周前自境外返回' : '发热4天，全身红色斑丘疹1天',
        diagnoses: [{ icd10: 'B05.9', zh: '麻疹', en: 'Measles' }],
        panels: ['cbc', 'crp', 'measles'],
        imaging: infection.severe ? ['chest-normal'] : [],
        medicines: ['vitamina', 'ibuprofen'],
        effects: { measles: infection.confirmed ? 45 : 3, wbc: -1.8, lymphn: -1.8 },
        fever: 39.3,
        nights: infection.severe ? random.between(4, 7) : 0,
      };
    case 'pneumonia':
      return {
        ...shared,
        mark: 'q0',
        day: infection.onsetDay + delay + 2,
        kind: infection.severe ? 'inpatient' : 'outpatient',
        department: infection.severe ? DEPARTMENTS.respiratory : DEPARTMENTS.fever,
        complaint: '发热、干咳5天，气促1天，曾到同一农贸市场',
        diagnoses: [
          { icd10: 'J12.9', zh: '病毒性肺炎，病原待查', en: 'Viral pneumonia, cause unknown' },
          { icd10: 'R06.0', zh: '呼吸困难', en: 'Dyspnoea' },
        ],
        panels: ['cbc', 'crp', 'pct', 'respiratory', 'gases', 'liver'],
        imaging: ['chest-viral'],
        medicines: ['moxifloxacin', 'methylprednisolone'],
        effects: { wbc: -1.6, lymph: -3, lymphn: -4.4, crp: 22, po2: -6, alt: 2, ast: 2 },
        fever: 38.9,
        nights: infection.severe ? random.between(8, 14) : 0,
      };
  }
}
