import type { Resident } from '../people/resident.ts';
import { Random } from '../random.ts';
import { ageAt, dayFrom } from '../time.ts';
import type { Allergy, Diagnosis } from './visit.ts';

/** What someone carries through life: chronic diseases with a severity from 0 to 1, allergies, how often care is sought. */
export type Constitution = {
  hypertension: number | null;
  diabetes: number | null;
  copd: number | null;
  /** Drift of glycaemia and kidney function, per year, in the direction of worse. */
  drift: number;
  smoker: boolean;
  allergies: readonly Allergy[];
  /** Multiplier of visits: most people near 1, a few very often at the doctor's. */
  demand: number;
  height: number;
  bodyMass: number;
};

const EPOCH = dayFrom(2026, 1, 1);
const ALLERGIES: readonly Allergy[] = [
  { code: 'J01C', zh: '青霉素类', en: 'Penicillins', severity: 'severe', reactionZh: '皮疹、呼吸困难' },
  { code: 'J01D', zh: '头孢菌素类', en: 'Cephalosporins', severity: 'moderate', reactionZh: '荨麻疹' },
  { code: 'J01E', zh: '磺胺类', en: 'Sulfonamides', severity: 'moderate', reactionZh: '皮疹' },
  { code: 'SEAFOOD', zh: '海鲜', en: 'Seafood', severity: 'mild', reactionZh: '皮肤瘙痒' },
  { code: 'DUSTMITE', zh: '尘螨', en: 'Dust mite', severity: 'mild', reactionZh: '喷嚏、流涕' },
];

/**
 * Adult prevalence: hypertension 27.5 % (China Hypertension Survey 2018 report), diabetes 11.9 % (same survey series, 2018),
 * COPD 13.7 % from 40 years (China Pulmonary Health study, Lancet 2018); the slope with age is ours.
 */
export function constitutionOf(seed: number, resident: Resident): Constitution {
  const random = new Random(seed, 'constitution', resident.number);
  const age = ageAt(resident.birthDay, EPOCH);
  const hypertension =
    age >= 18 && random.chance(Math.min(0.66, 0.03 + 0.00018 * (age - 18) ** 2.05)) ? random.float() : null;
  const diabetes =
    age >= 18 && random.chance(Math.min(0.27, 0.015 + 0.000075 * (age - 18) ** 1.98)) ? random.float() : null;
  const smoker = age >= 18 && random.chance(resident.sex === 'male' ? 0.47 : 0.02);
  const copd = age >= 40 && random.chance((smoker ? 0.2 : 0.065) + (age - 40) * 0.0025) ? random.float() : null;
  const burden = Number(hypertension !== null) + Number(diabetes !== null) + Number(copd !== null);
  const demand = Math.exp(random.normal(-0.15, 0.55)) * (burden >= 2 ? 2.1 : 1);
  const allergies = ALLERGIES.filter((_, index) => random.chance([0.022, 0.01, 0.004, 0.012, 0.012][index]!));
  const adult = resident.sex === 'male' ? random.normal(168, 6) : random.normal(157, 5.5);
  return {
    hypertension,
    diabetes,
    copd,
    drift: random.normal(0.25, 0.5),
    smoker,
    allergies,
    demand,
    height: adult,
    bodyMass: random.normal(diabetes !== null ? 26 : 23.4, 2.8),
  };
}

export function chronicDiagnoses(body: Constitution): Diagnosis[] {
  const list: Diagnosis[] = [];
  if (body.hypertension !== null) list.push({ icd10: 'I10', zh: '原发性高血压', en: 'Essential hypertension' });
  if (body.diabetes !== null) list.push({ icd10: 'E11.9', zh: '2型糖尿病', en: 'Type 2 diabetes' });
  if (body.copd !== null)
    list.push({ icd10: 'J44.9', zh: '慢性阻塞性肺疾病', en: 'Chronic obstructive pulmonary disease' });
  return list;
}
