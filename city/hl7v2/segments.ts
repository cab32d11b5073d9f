import type { SourceIdentity } from '../dirt/source-identity.ts';
import type { Diagnosis, Visit } from '../lives/visit.ts';
import type { Planned } from '../messages/message.ts';
import { residentAt } from '../people/households.ts';
import { localDiagnosisCode } from '../places/local-codes.ts';
import { addressText } from '../places/streets.ts';
import { compactTime, timeOn } from '../time.ts';

const OID_NUMBER = '2.16.156.10011.1.3';

/** Escapes the five delimiters (HL7 v2.8.2, 2.7). */
export function esc(text: string): string {
  return /[\\|^~&\r\n]/.test(text)
    ? text
        .replaceAll('\\', '\\E\\')
        .replaceAll('|', '\\F\\')
        .replaceAll('^', '\\S\\')
        .replaceAll('~', '\\R\\')
        .replaceAll('&', '\\T\\')
        .replace(/\r?\n/g, '\\.br\\')
    : text;
}

/** Joins fields; trailing empty ones are not written. */
export function segment(...fields: (string | number)[]): string {
  let end = fields.length;
  while (end > 1 && fields[end - 1] === '') end--;
  return fields.slice(0, end).join('|');
}

export function time(message: Planned, at: number): string {
  return compactTime(at, message.institution.quirks.zone);
}

const CHARSETS = { 'UTF-8': 'UNICODE UTF-8', GB18030: 'GB 18030-2000', GBK: 'GBK' } as const;
const STRUCTURES: Record<string, string> = {
  'ADT^A04': 'ADT_A01',
  'ADT^A08': 'ADT_A01',
  'ADT^A28': 'ADT_A05',
  'ADT^A31': 'ADT_A05',
  'ADT^A11': 'ADT_A09',
  'ADT^A13': 'ADT_A01',
  'ADT^A40': 'ADT_A39',
};

export function msh(message: Planned, application: string): string {
  const { quirks, code } = message.institution;
  const kind = message.broken === 'unknown-event' ? 'ADT^Z99' : message.kind;
  const structure =
    quirks.version === '2.3.1' || quirks.version === '2.4' ? '' : `^${STRUCTURES[kind] ?? kind.replace('^', '_')}`;
  return segment(
    'MSH',
    '^~\\&',
    application,
    code,
    'HUTONG',
    'REGION',
    time(message, message.writtenAt),
    '',
    kind + structure,
    message.controlId,
    'P',
    quirks.version,
    '',
    '',
    quirks.vendor === 3 ? 'AL' : '',
    quirks.vendor === 3 ? 'NE' : '',
    'CHN',
    CHARSETS[quirks.charset],
    quirks.version === '2.3.1' ? '' : 'zh',
  );
}

export function evn(message: Planned): string {
  return segment('EVN', message.kind.slice(4), time(message, message.writtenAt));
}

function identifiers(message: Planned, identity: SourceIdentity): string {
  if (message.broken === 'no-patient-id') return '';
  const { quirks, code } = message.institution;
  const list = [`${identity.localId}^^^${code}^MR`];
  if (identity.number && quirks.idField === 'pid3-oid') list.push(`${esc(identity.number)}^^^&${OID_NUMBER}&ISO^NI`);
  if (identity.number && quirks.idField === 'pid3') list.push(`${esc(identity.number)}^^^GA^SFZ`);
  if (identity.passport) list.push(`${identity.passport}^^^^PPN`);
  return list.join('~');
}

function personName(message: Planned, identity: SourceIdentity): string {
  if (
    message.institution.quirks.nameStyle === 'whole' ||
    !identity.name.startsWith(identity.resident.surname) ||
    identity.name.includes(' ')
  )
    return `${esc(identity.name)}^^^^^^L`;
  return `${esc(identity.resident.surname)}^${esc(identity.name.slice(identity.resident.surname.length))}^^^^^L`;
}

export function pid(message: Planned, seed: number, identity: SourceIdentity = message.identity): string {
  const { resident } = identity;
  const { quirks } = message.institution;
  const birth = message.broken === 'future-birth-date' ? '20991231' : identity.birthDate.replaceAll('-', '');
  const address = `${esc(`${identity.address.subDistrict}${identity.address.street}${identity.address.door}`)}^^${esc(identity.address.district)}^重庆市^^CHN^H^^${identity.address.area}`;
  const dead = message.visit.died && message.writtenAt >= message.visit.endAt;
  const mother =
    resident.mother !== null && message.visit.at < timeOn(resident.namedDay) ? residentAt(seed, resident.mother) : null;
  return segment(
    'PID',
    1,
    '',
    identifiers(message, identity),
    '',
    personName(message, identity),
    mother && quirks.version !== '2.3.1' ? esc(mother.name) : '',
    birth,
    resident.sex === 'male' ? 'M' : 'F',
    '',
    '',
    address,
    '',
    identity.phone,
    '',
    '',
    '',
    '',
    '',
    identity.number && quirks.idField === 'pid19' ? esc(identity.number) : '',
    '',
    '',
    `${resident.ethnic.code}^${resident.ethnic.zh}^GB3304`,
    '',
    resident.birthOrder === null ? '' : 'Y',
    resident.birthOrder ?? '',
    'CHN',
    '',
    '',
    dead ? time(message, message.visit.endAt) : '',
    dead ? 'Y' : '',
  );
}

const CLASS = { outpatient: 'O', emergency: 'E', inpatient: 'I', 'check-up': 'O', immunization: 'O' } as const;

export function visitNumber(visit: Visit): string {
  return visit.id.replaceAll('.', '-').toUpperCase();
}

export function doctor(visit: Visit): string {
  return `${visit.doctor.code}^${esc(visit.doctor.name)}`;
}

export function pv1(message: Planned, ended: boolean): string {
  const { visit } = message;
  const { code } = message.institution;
  const stay = visit.kind === 'inpatient';
  const ward = `${visit.department.code}^${stay ? `${1 + (visit.resident.number % 40)}^${1 + (visit.resident.number % 3)}` : '^'}^${code}`;
  const fields = [
    'PV1',
    1,
    CLASS[visit.kind],
    ward,
    visit.kind === 'emergency' ? 'E' : '',
    '',
    '',
    doctor(visit),
    '',
    '',
    visit.department.code,
  ];
  const rest: (string | number)[] = Array.from({ length: 41 }, () => '');
  const set = (field: number, value: string): void => {
    rest[field - 11] = value;
  };
  set(19, `${visitNumber(visit)}^^^${code}^VN`);
  if (ended) set(36, visit.died ? '20' : '01');
  set(44, time(message, visit.at));
  if (ended) set(45, time(message, visit.endAt));
  return segment(...fields, ...rest);
}

/** ICD-10, ICD-10 with the local code beside it, or the local code alone. */
export function diagnosisCode(message: Planned, diagnosis: Diagnosis): string {
  const { diagnosisCodes, vendor } = message.institution.quirks;
  const local = localDiagnosisCode(vendor, diagnosis.icd10);
  if (diagnosisCodes === 'icd10') return `${diagnosis.icd10}^${esc(diagnosis.zh)}^I10`;
  if (diagnosisCodes === 'both')
    return `${diagnosis.icd10}^${esc(diagnosis.zh)}^I10^${local}^${esc(diagnosis.zh)}^99ZD`;
  return `${local}^${esc(diagnosis.zh)}^99ZD`;
}

export function dg1(message: Planned): string[] {
  const { visit } = message;
  return visit.diagnoses.map((diagnosis, index) =>
    segment(
      'DG1',
      index + 1,
      '',
      diagnosisCode(message, diagnosis),
      esc(diagnosis.zh),
      time(message, visit.at + 900_000),
      index === 0 && visit.kind === 'inpatient' ? 'A' : 'W',
    ),
  );
}

export function al1(message: Planned): string[] {
  const severity = { mild: 'MI', moderate: 'MO', severe: 'SV' } as const;
  return message.visit.allergies.map((allergy, index) =>
    segment(
      'AL1',
      index + 1,
      allergy.code.startsWith('J') ? 'DA' : allergy.code === 'SEAFOOD' ? 'FA' : 'EA',
      `${allergy.code}^${esc(allergy.zh)}^${allergy.code.startsWith('J') ? 'ATC' : '99ALG'}`,
      severity[allergy.severity],
      esc(allergy.reactionZh),
    ),
  );
}

/** Parents of a minor. */
export function nk1(message: Planned, seed: number): string[] {
  const { resident } = message.visit;
  const parents = [
    [resident.mother, 'MTH', '母亲'],
    [resident.father, 'FTH', '父亲'],
  ] as const;
  if (resident.role !== 'child' || message.visit.at - timeOn(resident.birthDay) > 18 * 365.25 * 86_400_000) return [];
  return parents
    .flatMap(([number, code, zh]) => {
      if (number === null) return [];
      const parent = residentAt(seed, number);
      return [`${esc(parent.name)}|${code}^${zh}^HL70063|${esc(addressText(parent.address))}|${parent.phone}`];
    })
    .map((text, index) => `NK1|${index + 1}|${text}`);
}
