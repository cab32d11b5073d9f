import { drawGivenName } from '../people/given-names.ts';
import type { Resident } from '../people/resident.ts';
import { drawSurname } from '../people/surnames.ts';
import type { Institution } from '../places/institutions.ts';
import { Random } from '../random.ts';
import { ageAt, DAY, HOUR, isHoliday, MINUTE, timeOn, weekday } from '../time.ts';
import type { Constitution } from './constitution.ts';
import type { Department } from './departments.ts';
import { STUDIES } from './imaging.ts';
import { type Circumstances, report, vitals } from './measure.ts';
import { MEDICINES } from './medicines.ts';
import type { Diagnosis, Doctor, LabReport, Visit } from './visit.ts';

export type Wanted = {
  /** Letter of the reason and a serial inside resident and month. */
  mark: string;
  month: number;
  day: number;
  kind: Visit['kind'];
  institution: Institution;
  department: Department;
  complaint: string;
  diagnoses: readonly Diagnosis[];
  panels: readonly string[];
  imaging?: readonly string[];
  medicines: readonly string[];
  effects?: Readonly<Record<string, number>>;
  fever?: number | null;
  /** Nights in hospital. */
  nights?: number;
  died?: boolean;
  outbreak?: Visit['outbreak'];
  vaccines?: Visit['vaccines'];
};

/** Turns a reason to see a doctor into a visit with times, values, reports and prescriptions. */
export function makeVisit(seed: number, resident: Resident, body: Constitution, wanted: Wanted): Visit {
  const random = new Random(
    seed,
    `visit/${wanted.mark[0]}`,
    resident.number,
    wanted.month,
    Number.parseInt(wanted.mark.slice(1), 10) || 0,
  );
  const at = timeOn(openDay(wanted), minuteOfArrival(random, wanted.kind)) + random.below(60) * 1_000;
  const where: Circumstances = {
    seed,
    resident,
    body,
    random,
    effects: wanted.effects ?? {},
    fever: wanted.fever ?? null,
    at,
  };
  const nights = wanted.nights ?? 0;
  const labs: LabReport[] = wanted.panels.map((panel, index) => report(where, panel, index, slowness(panel)));
  // In-patients are measured again: the values come back towards normal, or do not.
  for (let night = 2; night < nights; night += 2) {
    const factor = wanted.died ? 1.2 : Math.max(0, 1 - night / nights);
    const effects = Object.fromEntries(Object.entries(where.effects).map(([id, shift]) => [id, shift * factor]));
    const later: Circumstances = { ...where, effects, at: at + night * DAY - random.between(2, 8) * HOUR };
    for (const panel of wanted.panels.filter((id) => ['cbc', 'crp', 'gases', 'kidney'].includes(id)).slice(0, 2)) {
      labs.push(report(later, panel, labs.length, 1.5));
    }
  }
  const imaging = (wanted.imaging ?? []).map((id, serial) => {
    const time = at + random.between(40, 120) * MINUTE;
    return { serial, study: STUDIES[id]!, at: time, reportedAt: time + random.between(25, 240) * MINUTE };
  });
  const last = Math.max(
    at + random.between(25, 90) * MINUTE,
    ...(nights === 0 ? labs.map((lab) => Math.min(lab.reportedAt, at + 5 * HOUR)) : []),
  );
  return {
    id: `${resident.number.toString(36)}.${wanted.month.toString(36)}.${wanted.mark}`,
    resident,
    institution: wanted.institution,
    kind: wanted.kind,
    at,
    endAt: nights > 0 ? at + nights * DAY - random.between(0, 6) * HOUR : last,
    department: wanted.department,
    doctor: doctorOf(seed, wanted.institution, wanted.department, random.below(4)),
    complaint: wanted.complaint,
    diagnoses: wanted.diagnoses,
    vitals: vitals(where),
    labs,
    imaging,
    prescriptions: wanted.medicines.map((id, serial) => ({
      serial,
      medicine: MEDICINES[adjust(id, ageAt(resident.birthDay, wanted.day))]!,
    })),
    vaccines: wanted.vaccines ?? [],
    allergies: body.allergies,
    died: wanted.died ?? false,
    outbreak: wanted.outbreak ?? null,
  };
}

/** Clinics rest on Sundays and holidays: nine in ten of those visits move to the next day that is open. */
function openDay(wanted: Wanted): number {
  let day = wanted.day;
  if (wanted.kind === 'emergency' || wanted.kind === 'inpatient' || wanted.died) return day;
  const strict = wanted.kind !== 'outpatient' || wanted.day % 10 !== 0;
  while (strict && (weekday(day) === 6 || isHoliday(day))) day++;
  return day;
}

/** Two humps, at ten and at half past two, for clinics; emergencies come at all hours, most in the evening. */
function minuteOfArrival(random: Random, kind: Visit['kind']): number {
  if (kind === 'emergency' || kind === 'inpatient')
    return Math.round((((random.normal(18.5, 5) % 24) + 24) % 24) * 60) % 1440;
  const hour = random.chance(0.64) ? random.normal(9.6, 0.8) : random.normal(14.7, 0.8);
  return Math.round(Math.max(7.7, Math.min(17.2, hour)) * 60);
}

function slowness(panel: string): number {
  return panel === 'cbc' || panel === 'crp' || panel === 'flu' || panel === 'gases'
    ? 0.6
    : panel === 'measles' || panel === 'norovirus'
      ? 20
      : 2.4;
}

function adjust(medicine: string, age: number): string {
  if (age >= 12) return medicine;
  if (medicine === 'ibuprofen' || medicine === 'diclofenac') return 'ibuprofenkid';
  return medicine;
}

function doctorOf(seed: number, institution: Institution, department: Department, serial: number): Doctor {
  const random = new Random(seed, `doctor/${institution.code}/${department.code}`, serial);
  const sex = random.chance(0.5) ? 'male' : 'female';
  return {
    code: `${institution.code.slice(3)}${department.code}${serial}`,
    name: drawSurname(random, false) + drawGivenName(random, sex, random.between(1965, 1995), null),
  };
}
