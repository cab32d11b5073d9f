import type { Resource } from '../../fact.ts';
import { type Context, keyText, personKeyText } from '../context.ts';
import { type Concept, lookUp } from '../read/codes.ts';
import { digest } from '../read/digest.ts';
import { entityIdentifier, entityKey, localSystem } from '../read/identifier.ts';
import { organization, practitioner } from '../read/parties.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, date, dateTime, positiveInteger, text } from '../read/simple.ts';
import { allergyCategory, allergySeverity } from './code-tables.ts';
import { addDiagnosis } from './visit.ts';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/condition-category';

export const one = (system: string, code: string): { coding: { system: string; code: string }[] } => ({
  coding: [{ system, code }],
});

/** The key part of a coded thing: its code, or a digest of its text when it has none. */
export function conceptKey(found: Concept | undefined): string {
  const code = found?.coding?.[0]?.code;
  return code ?? (found?.text ? digest(found.text) : '');
}

/** DG1 → Condition. DG1-4 is the text of 2.1 … 2.4, whose DG1-3 had only the code. */
const DG1: readonly Rule[] = [
  [20, 'identifier[]', entityIdentifier()],
  [3, 'code', coded('DG1-3')],
  [5, 'recordedDate', dateTime],
  [16, 'asserter', practitioner],
];

/** Table 0052 in FHIR's diagnosis-role: admitting, working, final. */
const ROLES: Record<string, string> = { A: 'AD', W: 'CC', F: 'DD', D: 'DD' };

export function diagnosis(segment: SegmentReader, context: Context): void {
  const resource: Resource = { resourceType: 'Condition', subject: context.subject };
  segment.structural(1);
  const method = segment.text(2);
  fill(resource, segment, DG1, context);
  describeCode(resource, segment.first(4)?.whole() ?? '');
  const found = resource.code as Concept | undefined;
  if (!found) {
    context.report('hl7v2.required-field-missing', segment.path(3), 'DG1-3');
    return;
  }
  // DG1-2 names the coding method of the whole list in 2.1 … 2.3, where DG1-3 has no system of its own.
  if (method !== '' && found.coding?.[0] && segment.text(3, 3) === '') {
    const stated = coded(method)(segment.first(3)!, context) as Concept | undefined;
    found.coding[0] = {
      ...found.coding[0],
      ...(stated?.coding?.[0]?.system ? { system: stated.coding[0].system } : {}),
    };
  }
  const type = segment.text(6).toUpperCase();
  const deleted = segment.text(21).toUpperCase() === 'D';
  const visit = context.visit || personKeyText(context.person);
  const key = entityKey(segment.first(20)) || `${visit}|${keyText(conceptKey(found))}|${type}`;
  condition(resource, deleted ? 'entered-in-error' : type === 'W' || type === 'A' ? 'provisional' : 'confirmed');
  resource.category = [one(CATEGORY, 'encounter-diagnosis')];
  if (context.encounter) resource.encounter = context.encounter;
  context.add(key, resource);
  const rank = segment.first(15);
  if (!deleted)
    addDiagnosis(context, key, ROLES[type] ?? '', rank && (positiveInteger(rank, context) as number | undefined));
}

function describeCode(resource: Resource, description: string): void {
  const found = resource.code as Concept | undefined;
  if (description === '') return;
  if (!found) resource.code = { text: description };
  else found.text ??= description;
}

function condition(
  resource: Resource,
  verification: 'entered-in-error' | 'provisional' | 'confirmed',
  clinical = 'active',
): void {
  resource.verificationStatus = one(VERIFICATION, verification);
  // con-5: an entry made in error has no clinical status.
  if (verification !== 'entered-in-error') resource.clinicalStatus = one(CLINICAL, clinical);
}

/** PRB → Condition of the problem list. */
const PRB: readonly Rule[] = [
  [4, 'identifier[]', entityIdentifier()],
  [3, 'code', coded('PRB-3')],
  [7, 'recordedDate', dateTime],
  [16, 'onsetDateTime', dateTime],
  [9, 'abatementDateTime', dateTime],
  [26, 'severity', coded('PRB-26')],
];

export function problem(segment: SegmentReader, context: Context): void {
  const resource: Resource = { resourceType: 'Condition', subject: context.subject };
  fill(resource, segment, PRB, context);
  const found = resource.code as Concept | undefined;
  if (!found) {
    context.report('hl7v2.required-field-missing', segment.path(3), 'PRB-3');
    return;
  }
  const action = segment.text(1).toUpperCase();
  const state = (segment.text(14) || segment.text(14, 2)).toUpperCase();
  const key = entityKey(segment.first(4)) || `${personKeyText(context.person)}|${keyText(conceptKey(found))}`;
  const stamp = context.stampFrom(segment, 2);
  const clinical = resource.abatementDateTime || /RESOLVED|INACTIVE/.test(state) ? 'resolved' : 'active';
  condition(resource, action === 'DE' || state === 'DELETED' ? 'entered-in-error' : 'confirmed', clinical);
  resource.category = [one(CATEGORY, 'problem-list-item')];
  context.add(`problem|${key}`, resource, stamp ? { stamp } : {});
}

const AL1: readonly Rule[] = [
  [3, 'code', coded('AL1-3')],
  [6, 'onsetDateTime', date],
];

/** IAM-11 is the onset in words or as a date; only a date is taken. */
const IAM: readonly Rule[] = [
  [7, 'identifier[]', entityIdentifier()],
  [3, 'code', coded('IAM-3')],
  [11, 'onsetDateTime', date],
  [13, 'recordedDate', dateTime],
  [14, 'recorder', (value) => ({ display: [value.text(2), value.text(1)].filter((part) => part !== '').join(' ') })],
  [18, 'asserter', practitioner],
  [20, 'recordedDate', dateTime],
];

/** AL1 and IAM → AllergyIntolerance; key: IAM-7, else person and substance. AL1 is a snapshot, IAM-6 adds, updates or deletes. */
export function allergy(segment: SegmentReader, context: Context): void {
  const resource: Resource = { resourceType: 'AllergyIntolerance', patient: context.subject };
  segment.structural(1);
  fill(resource, segment, segment.name === 'IAM' ? IAM : AL1, context);
  const found = resource.code as Concept | undefined;
  if (!found) return;
  const category = lookUp(allergyCategory, segment.first(2), context);
  if (category) resource.category = [category];
  const severity = lookUp(allergySeverity, segment.first(4), context);
  const manifestations = segment.all(5).map((value) => ({ text: value.whole() }));
  if (manifestations.length > 0)
    resource.reaction = [{ manifestation: manifestations, ...(severity ? { severity } : {}) }];
  else if (severity === 'severe') resource.criticality = 'high';
  else if (severity) resource.criticality = 'low';
  const iam = segment.name === 'IAM';
  const deleted = iam && segment.text(6).toUpperCase() === 'D';
  const own = iam ? entityKey(segment.first(7)) : '';
  if (!deleted)
    resource.clinicalStatus = one('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'active');
  const confirmed = iam && segment.text(17).toUpperCase().startsWith('C') ? 'confirmed' : undefined;
  const verification = deleted ? 'entered-in-error' : confirmed;
  if (verification)
    resource.verificationStatus = one(
      'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
      verification,
    );
  context.add(own || `${personKeyText(context.person)}|${keyText(conceptKey(found))}`, resource);
}

/** IN1 → Coverage, only what says who pays and how long. */
const IN1: readonly Rule[] = [
  [2, 'type', coded('HL70072')],
  [4, 'payor[]', organization],
  [12, 'period.start', dateTime],
  [13, 'period.end', dateTime],
  [17, 'relationship', coded('HL70063')],
  [36, 'subscriberId', text],
  [49, 'subscriberId', text],
  [22, 'order', positiveInteger],
];

export function coverage(segment: SegmentReader, context: Context): void {
  const resource: Resource = { resourceType: 'Coverage', status: 'active', beneficiary: context.subject };
  segment.structural(1);
  fill(resource, segment, IN1, context);
  const company = segment.first(3);
  const number = company?.text(1) ?? '';
  if (number !== '') {
    const identifier = {
      system: localSystem(context.options.institution, company!.text(4) || 'insurer'),
      value: number,
    };
    const [payor] = (resource.payor ?? []) as { identifier?: unknown }[];
    if (payor) resource.payor = [{ identifier, ...payor }];
    else resource.payor = [{ identifier }];
  }
  const plan = conceptKey(resource.type as Concept | undefined);
  resource.payor ??= plan === '' ? undefined : [{ display: (resource.type as Concept).text ?? plan }];
  if (!resource.payor) return;
  const group = segment.text(8);
  if (group !== '')
    resource.class = [{ type: one('http://terminology.hl7.org/CodeSystem/coverage-class', 'group'), value: group }];
  const policy = (resource.subscriberId as string | undefined) ?? '';
  context.add(`${personKeyText(context.person)}|${keyText(plan || number, policy)}`, resource);
}

/** PR1 → Procedure. PR1-8 (anaesthetist), 11 (surgeon) and 12 (practitioner) perform; the field itself says the function. */
const PR1: readonly Rule[] = [
  [19, 'identifier[]', entityIdentifier()],
  [3, 'code', coded('PR1-3')],
  [5, 'performedDateTime', dateTime],
  [15, 'reasonCode[]', coded('PR1-15')],
  [6, 'category', coded('HL70230')],
  [11, 'performer[]', (value, context) => performer(practitioner(value, context), 'surgeon')],
  [8, 'performer[]', (value, context) => performer(practitioner(value, context), 'anaesthetist')],
  [12, 'performer[]', (value, context) => performer(practitioner(value, context), '')],
];

function performer(actor: unknown, role: string): unknown {
  return actor ? { actor, ...(role ? { function: { text: role } } : {}) } : undefined;
}

export function procedure(segment: SegmentReader, context: Context): void {
  const resource: Resource = { resourceType: 'Procedure', status: 'completed', subject: context.subject };
  segment.structural(1);
  fill(resource, segment, PR1, context);
  describeCode(resource, segment.first(4)?.whole() ?? '');
  if (!resource.code) return;
  if (context.encounter) resource.encounter = context.encounter;
  if (segment.text(20).toUpperCase() === 'D') resource.status = 'entered-in-error';
  const where = context.visit || personKeyText(context.person);
  const own = entityKey(segment.first(19));
  const time = (resource.performedDateTime as string | undefined) ?? '';
  context.add(own || `${where}|${keyText(conceptKey(resource.code as Concept), time)}`, resource);
}

/** NTE-3 of one segment. */
export function noteText(segment: SegmentReader): string {
  segment.structural(1);
  return segment
    .all(3)
    .map((value) => value.whole())
    .join('\n');
}
