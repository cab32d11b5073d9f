import type { Resource } from '../../fact.ts';
import { type Context, HEARSAY, reference } from '../context.ts';
import { lookUp } from '../read/codes.ts';
import { entityIdentifier, entityKey } from '../read/identifier.ts';
import { organization, practitioner } from '../read/parties.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime } from '../read/simple.ts';
import { noteText } from './clinical.ts';
import { orderControl, orderStatus, priority, serviceCategory } from './code-tables.ts';
import type { OrderGroup } from './order-groups.ts';

const ORC: readonly Rule[] = [
  [2, 'identifier[]', entityIdentifier('PLAC')],
  [3, 'identifier[]', entityIdentifier('FILL')],
  [4, 'requisition', entityIdentifier('PGN')],
  [9, 'authoredOn', dateTime],
  [12, 'requester', practitioner],
  [21, 'requester', organization],
  [16, 'reasonCode[]', coded('ORC-16')],
];

const OBR: readonly Rule[] = [
  [2, 'identifier[]', entityIdentifier('PLAC')],
  [3, 'identifier[]', entityIdentifier('FILL')],
  [4, 'code', coded('OBR-4')],
  [16, 'requester', practitioner],
  [31, 'reasonCode[]', coded('OBR-31')],
  [36, 'occurrenceDateTime', dateTime],
  [6, 'occurrenceDateTime', dateTime],
];

/** Key of an order: placer number, else filler number; '' when it has neither. */
export function orderKey(orc: SegmentReader | undefined, obr: SegmentReader | undefined): string {
  const placer = entityKey(obr?.first(2)) || entityKey(orc?.first(2));
  if (placer !== '') return placer;
  const filler = entityKey(obr?.first(3)) || entityKey(orc?.first(3));
  return filler === '' ? '' : `filler|${filler}`;
}

/** ORC-5 when it says something, else what the order control code of ORC-1 means. */
export function orderState(orc: SegmentReader | undefined, context: Context): string | undefined {
  const stated = lookUp(orderStatus, orc?.first(5), context);
  const control = lookUp(orderControl, orc?.first(1), context);
  return control === 'revoked' || control === 'entered-in-error' ? control : (stated ?? control);
}

/** When the order came to be as it is now: ORC-9 (transaction time) when usable, else the message's time. */
export function orderStamp(orc: SegmentReader | undefined, context: Context): string {
  return context.stampFrom(orc, 9) ?? context.stamp;
}

/** ORC, OBR, TQ1, NTE → ServiceRequest. Returns its key. */
export function serviceRequest(
  group: OrderGroup,
  key: string,
  context: Context,
  specimens: readonly string[],
  supporting: readonly string[],
): void {
  const { orc, obr } = group;
  const resource: Resource = { resourceType: 'ServiceRequest', intent: 'order', subject: context.subject };
  obr?.structural(1);
  if (orc) fill(resource, orc, ORC, context);
  if (obr) fill(resource, obr, OBR, context);
  distinctIdentifiers(resource);
  resource.status = orderState(orc, context) ?? 'active';
  resource.code ??= { text: 'unspecified order' };
  const urgency = urgencyOf(group, context);
  if (urgency) resource.priority = urgency;
  const category = serviceCategory(obr?.text(24).toUpperCase() ?? '');
  if (category) resource.category = [{ text: category }];
  if (context.encounter) resource.encounter = context.encounter;
  const notes = group.notes.map(noteText).filter((text) => text !== '');
  if (notes.length > 0) resource.note = notes.map((text) => ({ text }));
  if (specimens.length > 0) resource.specimen = specimens.map((one) => reference('Specimen', one));
  if (supporting.length > 0) resource.supportingInfo = supporting.map((one) => reference('Observation', one));
  context.add(key, resource, { stamp: orderStamp(orc, context) });
}

/**
 * The order behind a report, as far as the report repeats it: first-hand news of an order comes from ORM, OML or OMG, so this
 * never overrides one.
 */
export function requestBehindReport(group: OrderGroup, key: string, context: Context): void {
  const resource: Resource = {
    resourceType: 'ServiceRequest',
    status: 'completed',
    intent: 'order',
    subject: context.subject,
  };
  if (group.orc) fill(resource, group.orc, ORC, context);
  if (group.obr) fill(resource, group.obr, OBR, context);
  distinctIdentifiers(resource);
  if (context.encounter) resource.encounter = context.encounter;
  const urgency = urgencyOf(group, context);
  if (urgency) resource.priority = urgency;
  orderState(group.orc, context);
  context.add(key, resource, { stamp: HEARSAY });
}

export function urgencyOf(group: OrderGroup, context: Context): string | undefined {
  const stated = group.timings
    .map((tq1) => lookUp(priority, tq1.first(9), context))
    .find((found) => found !== undefined);
  return stated ?? lookUp(priority, group.obr?.first(5), context) ?? lookUp(priority, group.obr?.first(27), context, 6);
}

/** ORC and OBR repeat the same numbers. */
export function distinctIdentifiers(resource: Resource): void {
  const all = resource.identifier as
    | { system?: string; value: string; type?: { coding?: { code?: string }[] } }[]
    | undefined;
  if (!all) return;
  const seen = new Set<string>();
  resource.identifier = all.filter((each) => {
    const word = `${each.type?.coding?.[0]?.code}|${each.system}|${each.value}`;
    return !seen.has(word) && seen.add(word);
  });
}
