import { parseResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import type { PersonKey, Resource } from '../../fact.ts';
import { type Context, personKeyText } from '../context.ts';
import { concept } from '../read/codes.ts';
import { address, telecom } from '../read/contact.ts';
import { digest } from '../read/digest.ts';
import { authorityOf, identifier, ownNumber, socialNumber } from '../read/identifier.ts';
import { humanName } from '../read/name.ts';
import { practitioner } from '../read/parties.ts';
import { type Converter, fill, type Rule } from '../read/rules.ts';
import type { Repetition, SegmentReader } from '../read/segment-reader.ts';
import { dateTime, positiveInteger, table, yesNo } from '../read/simple.ts';
import { maritalStatus, sex } from './code-tables.ts';

const MAIDEN_NAME = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName';
const RELIGION = 'http://hl7.org/fhir/StructureDefinition/patient-religion';
const BIRTH_PLACE = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace';
const NATIONALITY = 'http://hl7.org/fhir/StructureDefinition/patient-nationality';
/** Ethnic group by GB/T 3304; the code system is the one of the Chinese shared documents. */
export const ETHNIC_GROUP = 'urn:hutong:extension:ethnic-group';

/** PID → Patient. Fields whose meaning moved between versions: 2 and 4 were numbers until 2.4; 14 and 13 were TN, then XTN. */
const PID: readonly Rule[] = [
  [3, 'identifier[]', identifier],
  [2, 'identifier[]', identifier],
  [4, 'identifier[]', identifier],
  [19, 'identifier[]', socialNumber],
  [5, 'name[]', humanName],
  [9, 'name[]', alias],
  [7, 'birthDate', birthDate],
  [8, 'gender', table(sex)],
  [11, 'address[]', address],
  [13, 'telecom[]', (value, context) => telecom(value, context, 'home')],
  [14, 'telecom[]', (value, context) => telecom(value, context, 'work')],
  [40, 'telecom[]', telecom],
  [16, 'maritalStatus', table(maritalStatus)],
  [15, 'communication[]', language],
];

const EXTENSIONS: readonly Rule[] = [
  [6, 'extension[]', mothersMaidenName],
  [17, 'extension[]', (value, context) => extended(RELIGION, value, context, 'HL70006')],
  [22, 'extension[]', ethnicGroup],
  [23, 'extension[]', (value) => ({ url: BIRTH_PLACE, valueAddress: { text: value.whole() } })],
  [26, 'extension[]', nationality],
];

const PD1: readonly Rule[] = [[4, 'generalPractitioner[]', practitioner]];

/** Names the person; false when the message names nobody (reported, and the message is held). */
export function identifyPerson(pid: SegmentReader | undefined, context: Context): boolean {
  if (!pid) {
    context.report('hl7v2.required-segment-missing', 'PID', 'PID');
    return false;
  }
  let own = ownNumber(pid.all(3));
  if (!own) {
    own = ownNumber(pid.all(2));
    if (own) context.report('hl7v2.identifier-position', 'PID-3');
  }
  if (!own) {
    context.report('hl7v2.required-field-missing', pid.path(3), 'PID-3');
    return false;
  }
  context.person = personKey(own);
  return true;
}

/** CX as the name an institution gives a person. */
export function personKey(value: Repetition): PersonKey {
  return { authority: authorityOf(value, 4), localId: value.text(1) };
}

/** PID (and PD1) as the Patient fact; the mother's number as a RelatedPerson, never as an identity of the child. */
export function patient(
  pid: SegmentReader,
  pd1: SegmentReader | undefined,
  context: Context,
  active: boolean | undefined,
): void {
  const resource: Resource = { resourceType: 'Patient' };
  pid.structural(1);
  const cleared = fill(resource, pid, PID, context);
  fill(resource, pid, EXTENSIONS, context);
  if (pd1) cleared.push(...fill(resource, pd1, PD1, context));
  compareNumber(resource, pid, context);
  birthRank(resource, pid, context);
  death(resource, pid, cleared, context);
  if (active !== undefined) resource.active = active;
  context.add(personKeyText(context.person), resource, { merge: 'elements', cleared: [...new Set(cleared)] });
  mother(pid, context);
}

function birthDate(value: Repetition, context: Context): string | undefined {
  const written = value.text();
  const time = context.time(written);
  if (!time) {
    if (written !== '') {
      context.report('hl7v2.bad-date', value.path);
      value.leave();
    }
    return undefined;
  }
  if (time.date > context.today) context.report('hl7v2.birth-date-future', value.path);
  return time.date;
}

/** A resident number carries birth date and sex. A difference is told, not decided: either side may hold the typing error. */
function compareNumber(resource: Resource, pid: SegmentReader, context: Context): void {
  const numbers = (resource.identifier ?? []) as { system?: string; value: string }[];
  const number = numbers.find((one) => one.system === systems.residentNumber);
  const parsed = number && parseResidentNumber(number.value, context.today);
  if (!parsed?.ok) return;
  const { birthDate: born, sex: written } = parsed.value;
  const stated = resource.birthDate as string | undefined;
  if (stated?.length === 10 && stated !== born) context.report('hl7v2.resident-number-disagrees', pid.path(7));
  const gender = resource.gender;
  if ((gender === 'male' || gender === 'female') && gender !== written)
    context.report('hl7v2.resident-number-disagrees', pid.path(8));
}

/** PID-9: until 2.5 another name of the person. */
function alias(value: Repetition, context: Context): unknown {
  const name = humanName(value, context);
  return name && { ...name, use: name.use ?? 'nickname' };
}

function language(value: Repetition, context: Context): unknown {
  const spoken = concept(value, context, 'HL70296');
  return spoken && { language: spoken };
}

function mothersMaidenName(value: Repetition, context: Context): unknown {
  const name = humanName(value, context);
  return name?.text ? { url: MAIDEN_NAME, valueString: name.text } : undefined;
}

function extended(url: string, value: Repetition, context: Context, own: string): unknown {
  const found = concept(value, context, own);
  return found && { url, valueCodeableConcept: found };
}

/** A two-digit code without a system is GB/T 3304 (01 Han … 56 Jino); anything else keeps its own system. */
function ethnicGroup(value: Repetition, context: Context): unknown {
  const found = concept(value, context, 'HL70189');
  if (!found) return undefined;
  if (/^\d{2}$/.test(value.text(1)) && value.text(3) === '') found.coding![0]!.system = systems.ethnicGroup;
  const [first] = found.coding ?? [];
  return first
    ? { url: ETHNIC_GROUP, valueCoding: first }
    : { url: ETHNIC_GROUP, valueCoding: { display: found.text } };
}

function nationality(value: Repetition, context: Context): unknown {
  const code = concept(value, context, 'HL70171');
  return code && { url: NATIONALITY, extension: [{ url: 'code', valueCodeableConcept: code }] };
}

function birthRank(resource: Resource, pid: SegmentReader, context: Context): void {
  const order = pid.first(25);
  const multiple = pid.first(24);
  const rank = order && positiveInteger(order, context);
  const twin = multiple && yesNo(multiple, context);
  if (twin === false) resource.multipleBirthBoolean = false;
  else if (rank && twin) resource.multipleBirthInteger = rank;
  else if (twin) resource.multipleBirthBoolean = true;
  else if (rank && order) order.leave();
}

function death(resource: Resource, pid: SegmentReader, cleared: string[], context: Context): void {
  const when = pid.first(29);
  const flag = pid.first(30);
  const dead = flag && yesNo(flag, context);
  const time = when && dateTime(when, context);
  if (time && dead !== false) resource.deceasedDateTime = time;
  else if (dead !== undefined) resource.deceasedBoolean = dead;
  // The two forms of deceased[x] exclude each other, also across messages: the newer one empties the other.
  if (resource.deceasedDateTime !== undefined) cleared.push('deceasedBoolean');
  if (resource.deceasedBoolean !== undefined) cleared.push('deceasedDateTime');
  if (pid.isNull(29) && pid.isNull(30)) cleared.push('deceasedBoolean', 'deceasedDateTime');
}

function mother(pid: SegmentReader, context: Context): void {
  const number = pid.first(21);
  const found = number && identifier(number, context);
  if (!found) return;
  context.add(`${personKeyText(context.person)}|mother`, {
    resourceType: 'RelatedPerson',
    patient: context.subject,
    relationship: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH', display: 'mother' }] },
    ],
    identifier: [found],
  });
}

/** Table 0063 and GB/T 4761 first digits, to v3 RoleCode. */
const RELATIONSHIPS: Record<string, string> = {
  MTH: 'MTH',
  FTH: 'FTH',
  SPO: 'SPS',
  SPOUS: 'SPS',
  CHD: 'CHILD',
  SON: 'SON',
  DAU: 'DAU',
  BRO: 'BRO',
  SIS: 'SIS',
  SIB: 'SIB',
  GRP: 'GRPRN',
  GCH: 'GRNDCHILD',
  PAR: 'PRN',
  GRD: 'GUARD',
  FND: 'FRND',
  NBR: 'NBOR',
  EXF: 'EXT',
  DOM: 'DOMPART',
  NCH: 'NCHILD',
  FCH: 'CHLDFOST',
  SCH: 'STPCHLD',
  WRD: 'WARD',
  CGV: 'CAREGIVER',
  1: 'SPS',
  2: 'SON',
  3: 'DAU',
  4: 'GRNDCHILD',
  5: 'PRN',
  6: 'GRPRN',
  7: 'SIB',
};

const relationship: Converter = (value, context) => {
  const found = concept(value, context, 'HL70063');
  if (!found) return undefined;
  const code = RELATIONSHIPS[value.text(1).toUpperCase()];
  if (code)
    found.coding = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code }, ...(found.coding ?? [])];
  return found;
};

const NK1: readonly Rule[] = [
  [33, 'identifier[]', identifier],
  [3, 'relationship[]', relationship],
  [7, 'relationship[]', (value, context) => concept(value, context, 'HL70131')],
  [2, 'name[]', humanName],
  [30, 'name[]', humanName],
  [4, 'address[]', address],
  [32, 'address[]', address],
  [5, 'telecom[]', telecom],
  [6, 'telecom[]', (value, context) => telecom(value, context, 'work')],
  [31, 'telecom[]', telecom],
  [15, 'gender', table(sex)],
  [16, 'birthDate', birthDate],
  [8, 'period.start', dateTime],
  [9, 'period.end', dateTime],
];

/** NK1 → RelatedPerson. Set ids move when the list changes, so the key is the relative's number, else name and relationship. */
export function relative(segment: SegmentReader, context: Context): void {
  const resource: Resource = { resourceType: 'RelatedPerson', patient: context.subject };
  segment.structural(1);
  fill(resource, segment, NK1, context);
  const own = segment.first(33);
  const part = own ? own.text(1) : digest(segment.segment.fields[2] ?? '', segment.text(3));
  if (!resource.name && !own) return;
  context.add(`${personKeyText(context.person)}|${part}`, resource);
}
