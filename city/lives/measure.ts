import type { Resident } from '../people/resident.ts';
import { Random } from '../random.ts';
import { ageAt, dayOf, HOUR, MINUTE } from '../time.ts';
import { ANALYTES, type Analyte, PANELS } from './analytes.ts';
import type { Constitution } from './constitution.ts';
import type { LabReport, LabResult, Vitals } from './visit.ts';

/** Children below 14: interval and mean where they differ much from adults'. */
const CHILD: Readonly<Record<string, readonly [low: number, high: number, mean: number]>> = {
  wbc: [4.3, 11.3, 7.6],
  neut: [23, 64, 43],
  lymph: [23, 64, 46],
  lymphn: [1.5, 4.6, 3.2],
  hgb: [112, 149, 128],
  rbc: [4.0, 5.5, 4.7],
  hct: [34, 43, 38.5],
  crea: [19, 66, 38],
  alt: [7, 30, 16],
};

export type Circumstances = {
  seed: number;
  resident: Resident;
  body: Constitution;
  random: Random;
  /** Shifts in standard deviations; words: 1 makes a qualitative test positive. */
  effects: Readonly<Record<string, number>>;
  fever: number | null;
  at: number;
};

export function report(where: Circumstances, panelId: string, serial: number, delayHours: number): LabReport {
  const panel = PANELS[panelId]!;
  const collectedAt = where.at + where.random.between(10, 50) * MINUTE;
  const reportedAt = collectedAt + Math.round((delayHours + where.random.float() * delayHours) * HOUR);
  return { serial, panel, collectedAt, reportedAt, results: panel.items.map((id) => measure(where, ANALYTES[id]!)) };
}

function measure(where: Circumstances, analyte: Analyte): LabResult {
  const effect = where.effects[analyte.id] ?? 0;
  if (analyte.qualitative) return { analyte, value: null, positive: effect > 0, low: null, high: null };
  const age = ageAt(where.resident.birthDay, dayOf(where.at));
  const child = age < 14 ? CHILD[analyte.id] : undefined;
  const female = where.resident.sex === 'female' ? analyte.female : undefined;
  const [low, high] = child ? [child[0], child[1]] : (female ?? [analyte.low, analyte.high]);
  let mean = child?.[2] ?? analyte.mean;
  if (female && !child && analyte.low !== null && analyte.high !== null)
    mean -= (analyte.low + analyte.high - female[0] - female[1]) / 2;
  // Everyone has levels of their own, around which days vary: this is what makes trends across hospitals readable.
  const own = new Random(where.seed, `level/${analyte.id}`, where.resident.number).normal(0, 0.6);
  const chronic = chronicLevel(where, analyte.id);
  const value = (chronic ?? mean + own * analyte.sd) + (effect + where.random.normal(0, 0.35)) * analyte.sd;
  return { analyte, value: Math.max(floorOf(analyte), value), positive: null, low, high };
}

function floorOf(analyte: Analyte): number {
  return analyte.id === 'ph' ? 6.9 : analyte.unit === '%' ? 0.1 : analyte.mean * 0.08;
}

/** Level that a chronic disease holds, drifting with the years; null when none of them moves this analyte. */
function chronicLevel(where: Circumstances, id: string): number | null {
  const { body } = where;
  const years = (dayOf(where.at) - 20_000) / 365.25;
  if (body.diabetes !== null) {
    // Treatment works for some months and then slackens: control swings over about nine months, wider where it is worse.
    const swing =
      Math.sin(((dayOf(where.at) + where.resident.number * 37) / 270) * 2 * Math.PI) * (0.3 + body.diabetes * 1.1);
    const hba1c = Math.max(5.6, 6.5 + body.diabetes * 3.1 + body.drift * years * 0.35 + swing);
    if (id === 'hba1c') return hba1c;
    // Estimated average glucose (ADAG study, Diabetes Care 2008): 1.59 x HbA1c - 2.59; fasting lies a little below.
    if (id === 'glu') return Math.max(4.5, (1.59 * hba1c - 2.59) * 0.88);
    if (id === 'crea' && body.diabetes > 0.75) return 105 + body.diabetes * 40 + Math.max(0, body.drift) * years * 9;
    if (id === 'tg') return 1.6 + body.diabetes * 1.5;
  }
  if (body.hypertension !== null && id === 'ldl') return 2.9 + body.hypertension * 1.1;
  if (body.hypertension !== null && id === 'tc') return 4.9 + body.hypertension * 1.2;
  if (body.copd !== null && id === 'po2') return 88 - body.copd * 26;
  if (body.copd !== null && id === 'pco2') return 41 + body.copd * 11;
  return null;
}

export function vitals(where: Circumstances): Vitals {
  const { random, body, resident } = where;
  const age = ageAt(resident.birthDay, dayOf(where.at));
  const fever = where.fever ?? 0;
  const temperature = fever > 0 ? random.normal(fever, 0.3) : random.normal(36.5, 0.2);
  const pressure =
    body.hypertension !== null ? 132 + body.hypertension * 32 : 112 + Math.min(20, Math.max(0, age - 30) * 0.35);
  const grown = age >= 18 ? 1 : age < 1 ? 0.32 : 0.44 + (age / 18) * 0.56;
  const height = Math.round(body.height * grown);
  const mass = age >= 18 ? body.bodyMass : 16 + age * 0.25;
  return {
    temperature: round(Math.min(41, temperature), 1),
    systolic: Math.round(random.normal(age < 14 ? 95 + age : pressure, 6)),
    diastolic: Math.round(random.normal(age < 14 ? 60 : pressure * 0.62, 4)),
    pulse: Math.round(random.normal(age < 6 ? 108 : 76, 7) + (temperature > 37.5 ? (temperature - 37) * 9 : 0)),
    respiration: Math.round(random.normal(age < 6 ? 26 : 18, 1.5)),
    height,
    weight: round((mass * height * height) / 10_000, 1),
    spo2: Math.min(
      100,
      Math.round(random.normal(body.copd !== null ? 97 - body.copd * 6 : 98, 0.8) + (where.effects.po2 ?? 0) * 0.5),
    ),
  };
}

export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
