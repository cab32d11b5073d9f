import type { Resource } from '../../fact.ts';
import { type Context, HEARSAY, keyText, personKeyText, reference } from '../context.ts';
import { lookUp } from '../read/codes.ts';
import { digest } from '../read/digest.ts';
import { authorityOf, identifier, localSystem } from '../read/identifier.ts';
import { type Party, place, practitioner } from '../read/parties.ts';
import { type Converter, fill, listOf, type Rule } from '../read/rules.ts';
import type { Repetition, SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime } from '../read/simple.ts';
import { backwards } from '../read/time.ts';
import { type ActClass, encounterClass, UNKNOWN_CLASS } from './code-tables.ts';
import type { EventRule } from './events.ts';

const participant =
  (code: string, display: string): Converter =>
  (value, context) => {
    const individual = practitioner(value, context);
    const type = [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code, display }] },
    ];
    return individual && { type, individual };
  };

const at =
  (status: string): Converter =>
  (value) => {
    const location = place(value);
    return location && { location, status };
  };

/** PV1 → Encounter. PV1-52 (other provider) is withdrawn since 2.7; PV1-10 is the service, PV1-14 where the person came from. */
const PV1: readonly Rule[] = [
  [3, 'location[]', at('active')],
  [42, 'location[]', at('planned')],
  [11, 'location[]', at('active')],
  [6, 'location[]', at('completed')],
  [7, 'participant[]', participant('ATND', 'attender')],
  [8, 'participant[]', participant('REF', 'referrer')],
  [9, 'participant[]', participant('CON', 'consultant')],
  [17, 'participant[]', participant('ADM', 'admitter')],
  [52, 'participant[]', participant('PART', 'Participation')],
  [4, 'type[]', coded('HL70007')],
  [18, 'type[]', coded('HL70018')],
  [10, 'serviceType', coded('HL70069')],
  [14, 'hospitalization.admitSource', coded('HL70023')],
  [13, 'hospitalization.reAdmission', coded('HL70092')],
  [15, 'hospitalization.specialArrangement[]', coded('HL70009')],
  [16, 'hospitalization.specialCourtesy[]', coded('HL70099')],
  [38, 'hospitalization.dietPreference[]', coded('HL70114')],
  [36, 'hospitalization.dischargeDisposition', coded('HL70112')],
  [37, 'hospitalization.destination', (value) => destination(value)],
  [5, 'hospitalization.preAdmissionIdentifier', identifier],
  [44, 'period.start', dateTime],
  [45, 'period.end', dateTime],
];

const PV2: readonly Rule[] = [
  [3, 'reasonCode[]', coded('HL70129')],
  [11, 'length', (value) => days(value)],
];

function destination(value: Repetition): Party | undefined {
  const display = value.text(9) || value.text(2) || value.text(1);
  return display === '' ? undefined : { display };
}

function days(value: Repetition): unknown {
  const count = Number(value.text());
  if (!Number.isFinite(count) || count < 0) {
    value.leave();
    return undefined;
  }
  return { value: count, unit: 'd', system: 'http://unitsofmeasure.org', code: 'd' };
}

/**
 * The visit's key: PV1-19 with its authority; else PV1-50; else the account number PID-18; else, when PV1-44 says when it began,
 * a digest of person, class and that time. '' when none is there: then nothing can be said about a visit that another message
 * would find again.
 */
export function visitKey(pv1: SegmentReader, pid: SegmentReader | undefined, context: Context): string {
  const number = pv1.first(19);
  if (number?.text(1)) return keyText(authorityOf(number, 4), number.text(1));
  const alternate = pv1.first(50);
  if (alternate?.text(1)) return `alternate|${keyText(authorityOf(alternate, 4), alternate.text(1))}`;
  const account = pid?.first(18);
  if (account?.text(1)) return `account|${keyText(authorityOf(account, 4), account.text(1))}`;
  const start = pv1.text(44);
  if (start === '') return '';
  context.report('hl7v2.key-by-content', pv1.path(19));
  return `content|${digest(personKeyText(context.person), pv1.text(2), context.time(start)?.instant ?? start)}`;
}

/**
 * PV1 and PV2 as facts of one Encounter. An event that decides the status (admission, discharge, cancellation) says so in the
 * fact with its own stamp. Any other message says nothing about the status: its fact goes without one, and a second fact of
 * the same key, with the oldest possible stamp, gives the status that the visit has if nobody ever says more. So the order in
 * which messages arrive never decides whether a discharged visit is open.
 */
export function encounter(
  pv1: SegmentReader,
  pv2: SegmentReader | undefined,
  context: Context,
  event: EventRule,
): void {
  const resource: Resource = { resourceType: 'Encounter' };
  const stated = stateClass(pv1, context, event.administrative);
  const cleared = fill(resource, pv1, PV1, context);
  pv1.structural(1);
  if (pv2) cleared.push(...fill(resource, pv2, PV2, context));
  resource.subject = context.subject;
  resource.identifier = visitNumbers(pv1, context);
  const ended = (resource.period as { end?: string } | undefined)?.end !== undefined;
  const status = event.visit ?? (ended && event.administrative ? 'finished' : undefined);
  eventTimes(resource, event, context);
  if (event.reopens) {
    cleared.push('length');
    if (resource.period) delete (resource.period as { end?: string }).end;
    else cleared.push('period');
    const stay = resource.hospitalization as Record<string, unknown> | undefined;
    if (stay) {
      delete stay.dischargeDisposition;
      delete stay.destination;
    } else cleared.push('hospitalization');
  }
  if (stated) resource.class = stated;
  prune(resource);
  const key = context.visit;
  const rest = {
    merge: 'elements',
    cleared: [...new Set(cleared)].filter((name) => resource[name] === undefined),
  } as const;
  if (status && stated) {
    context.visitFact = context.add(key, { ...resource, status }, { ...rest });
    return;
  }
  const assumed = ended ? 'finished' : 'unknown';
  const floor: Resource = {
    resourceType: 'Encounter',
    status: assumed,
    class: stated ?? UNKNOWN_CLASS,
    subject: context.subject,
  };
  if (!status && !event.administrative) {
    context.visitFact = context.add(key, { ...floor, ...resource }, { merge: 'elements', stamp: HEARSAY });
    return;
  }
  context.add(key, floor, { merge: 'elements', stamp: HEARSAY });
  context.visitFact = context.add(key, status ? { ...resource, status } : resource, { ...rest });
}

/** Diagnosis references collected while the DG1 segments are read; they hang on the visit's main fact. */
export function addDiagnosis(context: Context, conditionKey: string, use: string, rank: number | undefined): void {
  const target = context.visitFact;
  if (!target) return;
  const role = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/diagnosis-role', code: use }] };
  listOf(target.resource, 'diagnosis').push({
    condition: reference('Condition', conditionKey),
    ...(use ? { use: role } : {}),
    ...(rank ? { rank } : {}),
  });
}

function stateClass(pv1: SegmentReader, context: Context, administrative: boolean): ActClass | undefined {
  const found = lookUp(encounterClass, pv1.first(2), context);
  if (administrative && pv1.all(2).length === 0) context.report('hl7v2.required-field-missing', pv1.path(2), 'PV1-2');
  return found;
}

function visitNumbers(pv1: SegmentReader, context: Context): unknown[] | undefined {
  const numbers = [...pv1.all(19), ...pv1.all(50)]
    .map((value) => identifier(value, context))
    .filter((one) => one !== undefined);
  if (numbers.length > 0) return numbers;
  const [kind, ...rest] = context.visit.split('|');
  return kind === 'account'
    ? [{ system: localSystem(context.options.institution, 'account'), value: rest.join('|') }]
    : undefined;
}

/** Admission and discharge whose PV1 forgot the time happened when EVN says the event happened. */
function eventTimes(resource: Resource, event: EventRule, context: Context): void {
  const evn = context.find('EVN');
  const when = evn?.first(6) ?? evn?.first(2);
  if (!event.begins && !event.ends) return;
  const period = (resource.period ?? {}) as { start?: string; end?: string };
  if (event.begins && !period.start && when) period.start = dateTime(when, context) as string | undefined;
  if (event.ends && !period.end && when) period.end = dateTime(when, context) as string | undefined;
  if (period.start || period.end) resource.period = period;
}

/** A period that ends before it begins is a typing error: FHIR refuses it, so only the beginning is kept. */
function prune(resource: Resource): void {
  const period = resource.period as { start?: string; end?: string } | undefined;
  if (period?.start && period.end && backwards(period.start, period.end)) delete period.end;
  for (const element of ['period', 'hospitalization'] as const) {
    const value = resource[element] as Record<string, unknown> | undefined;
    if (value && Object.values(value).every((one) => one === undefined)) delete resource[element];
  }
  if (resource.identifier === undefined) delete resource.identifier;
}
