import { systems } from '@hutong/contract/systems.ts';
import type { Resource } from '../../fact.ts';
import { type Context, personKeyText, reference } from '../context.ts';
import type { Concept } from '../read/codes.ts';
import { digest } from '../read/digest.ts';
import { entityIdentifier, localSystem } from '../read/identifier.ts';
import { practitioner } from '../read/parties.ts';
import { parseNumber, unit } from '../read/quantity.ts';
import { fill, listOf, type Rule } from '../read/rules.ts';
import type { Repetition, SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime } from '../read/simple.ts';
import { backwards } from '../read/time.ts';
import { conceptKey, diagnosis, noteText } from './clinical.ts';
import type { OrderGroup } from './order-groups.ts';
import { observed } from './report.ts';
import { distinctIdentifiers, orderKey, orderStamp, orderState, urgencyOf } from './request.ts';

const ORC: readonly Rule[] = [
  [2, 'identifier[]', entityIdentifier('PLAC')],
  [3, 'identifier[]', entityIdentifier('FILL')],
  [9, 'authoredOn', dateTime],
  [12, 'requester', practitioner],
  [16, 'reasonCode[]', coded('ORC-16')],
];

/** Field numbers of the same content in RXE (encoded order) and RXO (order as asked). */
type Layout = {
  code: number;
  dose: number;
  most: number;
  unit: number;
  instruction: number;
  quantity: number;
  quantityUnit: number;
  refills: number;
  substitution: number;
  prescriber: number;
};

const RXE: Layout = {
  code: 2,
  dose: 3,
  most: 4,
  unit: 5,
  instruction: 7,
  quantity: 10,
  quantityUnit: 11,
  refills: 12,
  substitution: 9,
  prescriber: 13,
};
const RXO: Layout = {
  code: 1,
  dose: 2,
  most: 3,
  unit: 4,
  instruction: 7,
  quantity: 11,
  quantityUnit: 12,
  refills: 13,
  substitution: 9,
  prescriber: 14,
};

/** ORC + RXE (or RXO) + RXR + TQ1 → MedicationRequest. Returns its key, '' when the group has no drug. */
export function prescription(group: OrderGroup, context: Context): string {
  const drug = group.pharmacy.find((one) => one.name === 'RXE') ?? group.pharmacy.find((one) => one.name === 'RXO');
  if (!drug) return '';
  const layout = drug.name === 'RXE' ? RXE : RXO;
  const resource: Resource = { resourceType: 'MedicationRequest', intent: 'order', subject: context.subject };
  if (group.orc) fill(resource, group.orc, ORC, context);
  fill(
    resource,
    drug,
    [[layout.code, 'medicationCodeableConcept', coded(drug.name === 'RXE' ? 'RXE-2' : 'RXO-1')]],
    context,
  );
  if (!resource.requester) fill(resource, drug, [[layout.prescriber, 'requester', practitioner]], context);
  resource.medicationCodeableConcept ??= { text: 'unspecified drug' };
  const number = drug.name === 'RXE' ? drug.text(15) : '';
  if (number !== '') {
    listOf(resource, 'identifier').push({
      system: localSystem(context.options.institution, 'prescription'),
      value: number,
    });
  }
  distinctIdentifiers(resource);
  resource.status = statusOf(orderState(group.orc, context));
  const urgency = urgencyOf(group, context);
  if (urgency) resource.priority = urgency;
  resource.dosageInstruction = [dosage(group, drug, layout, context)];
  dispense(resource, drug, layout, context);
  if (context.encounter) resource.encounter = context.encounter;
  const notes = group.notes.map(noteText).filter((text) => text !== '');
  if (notes.length > 0) resource.note = notes.map((text) => ({ text }));
  const key =
    orderKey(group.orc, undefined) ||
    (number === '' ? '' : `prescription|${number}`) ||
    contentKey(group, resource, context);
  context.add(key, resource, { stamp: orderStamp(group.orc, context) });
  for (const segment of group.diagnoses) diagnosis(segment, context);
  observed(group.results, { prefix: `prescription|${key}`, seen: new Map() }, {}, { base: context.stamp }, [], context);
  return key;
}

function contentKey(group: OrderGroup, resource: Resource, context: Context): string {
  context.report('hl7v2.key-by-content', 'ORC-2');
  const code = conceptKey(resource.medicationCodeableConcept as Concept);
  return `content|${digest(personKeyText(context.person), code, group.orc?.text(9) ?? '')}`;
}

function statusOf(state: string | undefined): string {
  if (state === 'revoked') return 'cancelled';
  return state ?? 'active';
}

function dosage(group: OrderGroup, drug: SegmentReader, layout: Layout, context: Context): unknown {
  const texts = [...drug.all(layout.instruction), ...(drug.name === 'RXO' ? drug.all(6) : drug.all(21))].map(
    (value) => value.text(2) || value.text(1),
  );
  const parts = texts.filter((text) => text !== '');
  const route = group.pharmacy.find((one) => one.name === 'RXR');
  const way = route ? coded('HL70162')(route.first(1)!, context) : undefined;
  const site = route?.first(2) ? coded('HL70163')(route.first(2)!, context) : undefined;
  const measured = unit(drug.first(layout.unit), context);
  const least = parseNumber(drug.text(layout.dose));
  const most = parseNumber(drug.text(layout.most));
  const amount =
    least && most && most.value > least.value
      ? { doseRange: { low: { value: least.value, ...measured }, high: { value: most.value, ...measured } } }
      : least
        ? { doseQuantity: { value: least.value, ...measured } }
        : undefined;
  const timing = timingOf(group, drug, context);
  return {
    ...(parts.length > 0 ? { text: parts.join('; ') } : {}),
    ...(timing ? { timing } : {}),
    ...(way ? { route: way } : {}),
    ...(site ? { site } : {}),
    ...(amount ? { doseAndRate: [amount] } : {}),
  };
}

/** FHIR takes a duration only in UCUM. */
const DURATIONS = new Map(
  Object.entries({
    d: 'd',
    day: 'd',
    days: 'd',
    天: 'd',
    日: 'd',
    h: 'h',
    hr: 'h',
    hour: 'h',
    小时: 'h',
    min: 'min',
    m: 'min',
    minute: 'min',
    分钟: 'min',
    s: 's',
    sec: 's',
    w: 'wk',
    wk: 'wk',
    week: 'wk',
    周: 'wk',
    mo: 'mo',
    mon: 'mo',
    month: 'mo',
    月: 'mo',
    l: 'mo',
    a: 'a',
    y: 'a',
    year: 'a',
    年: 'a',
  }),
);

/** TQ1 (2.5 and later) or the TQ inside ORC-7 and RXE-1: repeat pattern, first and last day. */
function timingOf(group: OrderGroup, drug: SegmentReader, context: Context): unknown {
  const tq1 = group.timings[0];
  const old = group.orc?.first(7) ?? (drug.name === 'RXE' ? drug.first(1) : undefined);
  const pattern = tq1 ? tq1.first(3)?.text(1) : old?.text(2);
  const start = tq1 ? time(tq1.first(7), context) : oldTime(old, 4, context);
  const stated = tq1 ? time(tq1.first(8), context) : oldTime(old, 5, context);
  const end = start && stated && backwards(start, stated) ? undefined : stated;
  const lasts = tq1?.first(6);
  const duration = !start && !end && lasts ? parseNumber(lasts.text(1)) : undefined;
  const period = start || end ? { boundsPeriod: { ...(start ? { start } : {}), ...(end ? { end } : {}) } } : undefined;
  const length = duration && DURATIONS.get((lasts!.text(2) || lasts!.text(2, 2)).toLowerCase());
  const bounds =
    period ??
    (length
      ? { boundsDuration: { value: duration!.value, unit: length, system: systems.ucum, code: length } }
      : undefined);
  if (!pattern && !bounds) return undefined;
  return { ...(bounds ? { repeat: bounds } : {}), ...(pattern ? { code: { text: pattern } } : {}) };
}

function time(value: Repetition | undefined, context: Context): string | undefined {
  return value && (dateTime(value, context) as string | undefined);
}

function oldTime(value: Repetition | undefined, c: number, context: Context): string | undefined {
  return context.time(value?.text(c) ?? '')?.fhir;
}

function dispense(resource: Resource, drug: SegmentReader, layout: Layout, context: Context): void {
  const quantity = parseNumber(drug.text(layout.quantity));
  const refills = drug.text(layout.refills);
  const request = {
    ...(quantity ? { quantity: { value: quantity.value, ...unit(drug.first(layout.quantityUnit), context) } } : {}),
    ...(/^\d{1,3}$/.test(refills) ? { numberOfRepeatsAllowed: Number(refills) } : {}),
  };
  if (Object.keys(request).length > 0) resource.dispenseRequest = request;
  const substitution = drug.text(layout.substitution).toUpperCase();
  if (substitution !== '') resource.substitution = { allowedBoolean: substitution !== 'N' && substitution !== '0' };
}

const RXD: readonly Rule[] = [
  [2, 'medicationCodeableConcept', coded('RXD-2')],
  [3, 'whenHandedOver', dateTime],
  [10, 'performer[]', (value, context) => ({ actor: practitioner(value, context) })],
  [9, 'note[]', (value) => ({ text: value.whole() })],
  [13, 'location', (value) => ({ display: value.text(4) || value.text(1) })],
];

/** RXD → MedicationDispense; key: prescription number (or the order's key) and the dispense counter RXD-1. */
export function dispensing(group: OrderGroup, request: string, context: Context): void {
  for (const rxd of group.pharmacy.filter((one) => one.name === 'RXD')) {
    const resource: Resource = { resourceType: 'MedicationDispense', status: 'completed', subject: context.subject };
    fill(resource, rxd, RXD, context);
    resource.medicationCodeableConcept ??= { text: 'unspecified drug' };
    const quantity = parseNumber(rxd.text(4));
    if (quantity) resource.quantity = { value: quantity.value, ...unit(rxd.first(5), context) };
    if (request !== '') resource.authorizingPrescription = [reference('MedicationRequest', request)];
    if (context.encounter) resource.context = context.encounter;
    const route = group.pharmacy[group.pharmacy.indexOf(rxd) + 1];
    if (route?.name === 'RXR') resource.dosageInstruction = [{ route: coded('HL70162')(route.first(1)!, context) }];
    const performers = (resource.performer as { actor?: unknown }[] | undefined)?.filter((one) => one.actor);
    if (performers) resource.performer = performers;
    if (performers?.length === 0) delete resource.performer;
    const state = orderState(group.orc, context);
    if (state === 'revoked') resource.status = 'cancelled';
    if (state === 'entered-in-error') resource.status = state;
    const number = rxd.text(7);
    const key = `${number === '' ? request : `prescription|${number}`}|${rxd.text(1)}`;
    context.add(
      key === '|' ? `content|${digest(personKeyText(context.person), rxd.text(2), rxd.text(3))}` : key,
      resource,
    );
  }
}
