import type { Live } from './harvest.ts';

export type Shape = { name: string; patientScoped: boolean; query(live: Live): string };

const one = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const year = (from: number, span: number): number => from + Math.floor(Math.random() * span);
const q = encodeURIComponent;

const about = (name: string, query: (patient: Live['patients'][0], live: Live) => string): Shape => ({
  name,
  patientScoped: true,
  query: (live) => query(one(live.patients), live),
});
const over = (name: string, query: (live: Live) => string): Shape => ({ name, patientScoped: false, query });

/** Thirty shapes of search: each kind of parameter, chains, `_has`, includes, sorts; twelve about one patient, eighteen over everybody. */
export const shapes: readonly Shape[] = [
  about('patient newest', ({ id }) => `/Observation?patient=${id}&_count=20`),
  about(
    'patient + code newest first',
    ({ id }, { codes }) => `/Observation?patient=${id}&code=${q(one(codes.measurement))}&_sort=-date&_count=20`,
  ),
  about(
    'patient + category + date',
    ({ id }) => `/Observation?patient=${id}&category=laboratory&date=ge${year(2020, 5)}-01-01&_count=50`,
  ),
  about('patient + status token', ({ id }) => `/Condition?patient=${id}&clinical-status=active`),
  about('patient sorted by date', ({ id }) => `/Encounter?patient=${id}&_sort=-date&_count=10`),
  about(
    'patient + include',
    ({ id }) => `/MedicationRequest?patient=${id}&status=active&_include=MedicationRequest:requester`,
  ),
  about('patient + include many', ({ id }) => `/DiagnosticReport?patient=${id}&_include=DiagnosticReport:result`),
  about('_id + revinclude', ({ id }) => `/Patient?_id=${id}&_revinclude=Encounter:patient`),
  about(
    'patient + composite',
    ({ id }, { codes }) => `/Observation?patient=${id}&code-value-quantity=${q(`${one(codes.measurement)}$gt5`)}`,
  ),
  about(
    'patient + date range + status',
    ({ id }) => `/Encounter?patient=${id}&date=ge${year(2020, 3)}&date=lt2026&status=finished`,
  ),
  about('reference to an encounter', (_, { encounters }) => `/Observation?encounter=Encounter/${one(encounters)}`),
  about('subject, system search', ({ id }) => `/Procedure?subject=Patient/${id}`),
  over('identifier', ({ patients }) => `/Patient?identifier=${q(one(patients).number)}`),
  over('string, beginning', ({ patients }) => `/Patient?family=${q(one(patients).family)}&_count=20`),
  over('string exact + birth date', ({ patients }) => {
    const { family, birthDate } = one(patients);
    return `/Patient?family:exact=${q(family)}&birthdate=${birthDate}`;
  }),
  over('string, contains', ({ patients }) => `/Patient?given:contains=${q(one(patients).given.slice(-1))}&_count=20`),
  over(
    'date range + token',
    () => `/Patient?birthdate=ge${year(1940, 60)}&gender=${one(['female', 'male'])}&_count=20`,
  ),
  over(
    'code + status newest first',
    ({ codes }) => `/Observation?code=${q(one(codes.measurement))}&status=final&_sort=-date&_count=20`,
  ),
  over(
    'code, last updated',
    ({ codes }) => `/Observation?code=${q(one(codes.measurement))}&_sort=-_lastUpdated&_count=20`,
  ),
  over(
    'composite code and value',
    ({ codes }) => `/Observation?code-value-quantity=${q(`${one(codes.measurement)}$gt${year(5, 150)}`)}&_count=20`,
  ),
  over(
    'quantity in another unit',
    () => `/Observation?value-quantity=${q(`gt${year(8, 6)}000|http://unitsofmeasure.org|umol/L`)}&_count=20`,
  ),
  over('date ascending', () => `/Encounter?date=ge${year(2020, 5)}-0${year(1, 9)}-01&_sort=date&_count=20`),
  over('code of a condition', ({ codes }) => `/Condition?code=${q(one(codes.disease))}&_count=20`),
  over('number', () => `/RiskAssessment?probability=gt0.9${year(0, 9)}&_count=20`),
  over('uri', () => `/Observation?_profile=${q('http://hl7.org/fhir/StructureDefinition/bp')}&_count=20`),
  over(
    'chain to an identifier',
    ({ patients, codes }) =>
      `/Observation?patient.identifier=${q(one(patients).number)}&code=${q(one(codes.measurement))}`,
  ),
  over('chain to a name', ({ patients }) => {
    const { family, given } = one(patients);
    return `/Condition?patient.family=${q(family)}&patient.given=${q(given)}&_count=20`;
  }),
  over(
    'chain of two',
    ({ patients }) => `/MedicationRequest?encounter.patient.identifier=${q(one(patients).number)}&_count=20`,
  ),
  over('_has', ({ codes }) => `/Patient?_has:Condition:patient:code=${q(one(codes.disease))}&gender=female&_count=20`),
  over(
    '_has with a value',
    ({ codes, practitioners }) =>
      `/Patient?_has:MedicationRequest:patient:code=${q(one(codes.drug))}&_has:Encounter:patient:practitioner=${one(practitioners)}&_count=20`,
  ),
];
