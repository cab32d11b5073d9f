import type { Resource } from '../../fact.ts';
import { type Context, keyText, personKeyText, reference } from '../context.ts';
import { type Concept, lookUp } from '../read/codes.ts';
import { entityIdentifier, entityKey } from '../read/identifier.ts';
import { place, practitioner } from '../read/parties.ts';
import { parseNumber, unit } from '../read/quantity.ts';
import { fill, listOf, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, date, dateTime, text } from '../read/simple.ts';
import { conceptKey, noteText } from './clinical.ts';
import { completionStatus } from './code-tables.ts';
import type { OrderGroup } from './order-groups.ts';
import { observed } from './report.ts';

const FUNCTION = 'http://terminology.hl7.org/CodeSystem/v2-0443';

const performer = (code: string): Rule[2] => {
  return (value, context) => {
    const actor = practitioner(value, context);
    return actor && { function: { coding: [{ system: FUNCTION, code }] }, actor };
  };
};

/** RXA → Immunization. RXA-9 '00' is a new record by the giver; every other code says that it is history told by somebody. */
const RXA: readonly Rule[] = [
  [3, 'occurrenceDateTime', dateTime],
  [5, 'vaccineCode', coded('RXA-5')],
  [10, 'performer[]', performer('AP')],
  [27, 'location', place],
  [11, 'location', (value) => place(value)],
  [15, 'lotNumber', text],
  [16, 'expirationDate', date],
  [17, 'manufacturer', (value) => ({ display: value.text(2) || value.text(1) })],
  [18, 'statusReason', coded('NIP002')],
  [19, 'reasonCode[]', coded('RXA-19')],
];

const ORC: readonly Rule[] = [
  [3, 'identifier[]', entityIdentifier('FILL')],
  [2, 'identifier[]', entityIdentifier('PLAC')],
  [12, 'performer[]', performer('OP')],
];

const RXR: readonly Rule[] = [
  [1, 'route', coded('HL70162')],
  [2, 'site', coded('HL70163')],
];

/** ORC, RXA, RXR, OBX → Immunization. Key: ORC-3, else ORC-2, else person, vaccine and day (a person gets one dose of it a day). */
export function immunization(group: OrderGroup, context: Context): void {
  for (const rxa of group.pharmacy.filter((one) => one.name === 'RXA')) {
    const resource: Resource = { resourceType: 'Immunization', patient: context.subject };
    rxa.structural(1, 4);
    if (group.orc) fill(resource, group.orc, ORC, context);
    fill(resource, rxa, RXA, context);
    const route = group.pharmacy[group.pharmacy.indexOf(rxa) + 1];
    if (route?.name === 'RXR') fill(resource, route, RXR, context);
    if (!resource.vaccineCode) {
      context.report('hl7v2.required-field-missing', rxa.path(5), 'RXA-5');
      continue;
    }
    if (!resource.occurrenceDateTime) {
      context.report('hl7v2.required-field-missing', rxa.path(3), 'RXA-3');
      continue;
    }
    state(resource, rxa, context);
    const dose = parseNumber(rxa.text(6));
    // 999 in RXA-6 is HL7's "amount not known".
    if (dose && dose.value > 0 && dose.value !== 999)
      resource.doseQuantity = { value: dose.value, ...unit(rxa.first(7), context) };
    if (context.encounter) resource.encounter = context.encounter;
    const notes = group.notes.map(noteText).filter((one) => one !== '');
    if (notes.length > 0) resource.note = notes.map((one) => ({ text: one }));
    const code = conceptKey(resource.vaccineCode as Concept);
    const own = entityKey(group.orc?.first(3)) || entityKey(group.orc?.first(2));
    const key =
      own || `${personKeyText(context.person)}|${keyText(code, String(resource.occurrenceDateTime).slice(0, 10))}`;
    const rest = group.results.filter((line) => !protocol(resource, line.obx, context));
    settleProtocol(resource);
    observed(
      rest,
      { prefix: `immunization|${key}`, seen: new Map() },
      { partOf: [reference('Immunization', key)] },
      { base: context.stamp },
      [],
      context,
    );
    context.add(key, resource);
  }
}

function state(resource: Resource, rxa: SegmentReader, context: Context): void {
  const completion = lookUp(completionStatus, rxa.first(20), context) ?? 'completed';
  resource.status = rxa.text(21).toUpperCase() === 'D' ? 'entered-in-error' : completion;
  if (rxa.text(20).toUpperCase() === 'PA') resource.isSubpotent = true;
  const source = rxa.first(9);
  const code = source?.text(1) ?? '';
  if (code === '') return;
  resource.primarySource = code === '00';
  if (code !== '00') resource.reportOrigin = coded('NIP001')(source!, context);
  else source!.take();
}

type Protocol = { doseNumberPositiveInt?: number; seriesDosesPositiveInt?: number; targetDisease?: unknown[] };

/** Observations that R4's Immunization has its own place for, by LOINC code. true when the line was one of them. */
function protocol(resource: Resource, obx: SegmentReader, context: Context): boolean {
  const code = obx.text(3);
  const value = obx.first(5);
  if (!value) return false;
  switch (code) {
    case '30973-2':
    case '59782-3': {
      const number = Number(value.text(1));
      if (!Number.isInteger(number) || number < 1) return false;
      const applied = firstOf<Protocol>(resource, 'protocolApplied');
      if (code === '30973-2') applied.doseNumberPositiveInt = number;
      else applied.seriesDosesPositiveInt = number;
      break;
    }
    case '64994-7':
      resource.programEligibility = [coded('HL70064')(value, context)];
      break;
    case '30963-3':
      resource.fundingSource = coded('OBX-5')(value, context);
      break;
    case '29768-9':
    case '29769-7': {
      const time = dateTime(value, context);
      if (!time) return false;
      const education = firstOf<Record<string, unknown>>(resource, 'education');
      education[code === '29768-9' ? 'publicationDate' : 'presentationDate'] = time;
      break;
    }
    default:
      return false;
  }
  // The rest of the line (type, status, sub-id) repeats what the element itself says.
  obx.structural(1, 2, 3, 4, 11, 14);
  return true;
}

function firstOf<T>(resource: Resource, element: string): T {
  const list = listOf(resource, element);
  if (list.length === 0) list.push({});
  return list[0] as T;
}

/** protocolApplied needs a dose number (R4: 1..1), and education needs a type or a reference. */
function settleProtocol(resource: Resource): void {
  const applied = (resource.protocolApplied as Protocol[] | undefined)?.[0];
  if (applied && applied.doseNumberPositiveInt === undefined) delete resource.protocolApplied;
  const education = (resource.education as Record<string, unknown>[] | undefined)?.[0];
  if (education) education.documentType = 'vaccine information statement';
}
