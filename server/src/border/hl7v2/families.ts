import { type Context, personKeyText } from './context.ts';
import { appointment } from './mapping/appointment.ts';
import { allergy, coverage, diagnosis, problem, procedure } from './mapping/clinical.ts';
import { documentOf } from './mapping/document.ts';
import { immunization } from './mapping/immunization.ts';
import { dispensing, prescription } from './mapping/medication.ts';
import { ORDER_START, orderGroups } from './mapping/order-groups.ts';
import { relative } from './mapping/person.ts';
import { referral } from './mapping/referral.ts';
import { attachedDocument, observed, order, report } from './mapping/report.ts';
import { orderKey } from './mapping/request.ts';
import type { Attachment } from './read/observation-value.ts';
import type { SegmentReader } from './read/segment-reader.ts';
import type { PersonGroup } from './translate.ts';

export type Family = {
  /** Trigger events taken; absent when the family has its own table or takes all. */
  events?: ReadonlySet<string>;
  /** What follows person and visit. */
  translate: (group: PersonGroup, context: Context) => void;
};

const events = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Segments that stand beside the person and the visit in many families, and what each becomes. */
const BESIDE: Readonly<Record<string, (segment: SegmentReader, context: Context) => void>> = {
  NK1: relative,
  AL1: allergy,
  IAM: allergy,
  DG1: diagnosis,
  PR1: procedure,
  IN1: coverage,
  PRB: problem,
};

function tellBeside(segments: readonly SegmentReader[], context: Context): void {
  for (const segment of segments) BESIDE[segment.name]?.(segment, context);
}

/** HL7 v2.8.2: which message families the border takes, and how each is read. ADT has its own table of events. */
export const families: Readonly<Record<string, Family>> = {
  ADT: { translate: administration },
  BAR: { events: events('P01 P02 P05 P12'), translate: accounts },
  DFT: { events: events('P03 P11'), translate: accounts },
  MDM: { events: events('T01 T02 T05 T06 T09 T10 T11'), translate: documents },
  OMG: { events: events('O19'), translate: orders },
  OML: { events: events('O21 O33 O35'), translate: orders },
  ORM: { events: events('O01'), translate: orders },
  ORU: { events: events('R01 R30 R31 R32'), translate: results },
  OUL: { events: events('R21 R22 R23 R24'), translate: results },
  PPR: { events: events('PC1 PC2 PC3'), translate: administration },
  RDE: { events: events('O01 O11 O25'), translate: orders },
  RDS: { events: events('O01 O13'), translate: orders },
  REF: { events: events('I12 I13 I14'), translate: referrals },
  SIU: { events: events('S12 S13 S14 S15 S16 S17 S26'), translate: appointments },
  VXU: { events: events('V04'), translate: orders },
};

/** Cuts a message where its orders begin; what comes before is about the person and the visit. */
function cut(segments: readonly SegmentReader[]): [before: readonly SegmentReader[], from: readonly SegmentReader[]] {
  const start = segments.findIndex((segment) => ORDER_START.has(segment.name));
  return start < 0 ? [segments, []] : [segments.slice(0, start), segments.slice(start)];
}

function administration(group: PersonGroup, context: Context): void {
  tellBeside(group.segments, context);
  measurements(group.segments, context);
}

/** OBX that stand with the visit (height, weight, why the person came) and not under an order. */
function measurements(segments: readonly SegmentReader[], context: Context): void {
  const lines = segments.filter((segment) => segment.name === 'OBX').map((obx) => ({ obx, notes: [] }));
  const place = context.visit === '' ? `person|${personKeyText(context.person)}` : `visit|${context.visit}`;
  const seen = new Map<string, number>();
  const attachments: Attachment[] = [];
  for (const line of lines) {
    // The day keeps two measurements of one visit apart: weight on Monday is not corrected by weight on Friday.
    const prefix = `${place}|${line.obx.text(14)}`;
    observed([line], { prefix, seen }, {}, { base: context.stamp }, attachments, context);
  }
  if (attachments.length > 0) attachedDocument(attachments, place, context.stamp, context);
}

function results(group: PersonGroup, context: Context): void {
  const [before, from] = cut(group.segments);
  tellBeside(before, context);
  measurements(before, context);
  if (from.length === 0) context.report('hl7v2.required-segment-missing', 'OBR', 'OBR');
  tellOrders(from, context);
}

function orders(group: PersonGroup, context: Context): void {
  const [before, from] = cut(group.segments);
  tellBeside(before, context);
  measurements(before, context);
  if (from.length === 0) context.report('hl7v2.required-segment-missing', 'ORC', 'ORC');
  tellOrders(from, context);
}

/** One group at a time: a vaccination, a prescription or dispense, a report, or an order. */
function tellOrders(segments: readonly SegmentReader[], context: Context): void {
  const { type, event } = context.header;
  const reporting = type === 'ORU' || type === 'OUL';
  for (const group of orderGroups(segments, type, event)) {
    const has = (name: string): boolean => group.pharmacy.some((segment) => segment.name === name);
    if (has('RXA')) immunization(group, context);
    else if (has('RXE') || has('RXO')) dispensing(group, prescription(group, context), context);
    else if (has('RXD')) dispensing(group, orderKey(group.orc, undefined), context);
    else if (reporting && group.obr) report(group, context);
    else order(group, context);
  }
}

function documents(group: PersonGroup, context: Context): void {
  const at = group.segments.findIndex((segment) => segment.name === 'TXA');
  if (at < 0) {
    context.report('hl7v2.required-segment-missing', 'TXA', 'TXA');
    return;
  }
  const [before, from] = cut(group.segments.slice(0, at));
  tellBeside(before, context);
  const bodies = group.segments.slice(at + 1).filter((segment) => segment.name === 'OBX');
  documentOf(group.segments[at]!, orderGroups(from, 'MDM', context.header.event), bodies, context);
}

function appointments(group: PersonGroup, context: Context): void {
  const beside = group.segments.filter((segment) => segment.name !== 'OBX');
  tellBeside(beside, context);
  measurements(group.segments, context);
  appointment(context.segments, group.oneOfMany, context);
}

function referrals(group: PersonGroup, context: Context): void {
  const [before, from] = cut(group.segments);
  tellBeside(before, context);
  const rf1 = context.find('RF1');
  if (rf1) {
    const providers = context.segments.filter((segment) => segment.name === 'PRD');
    referral(rf1, providers, context);
  } else context.report('hl7v2.required-segment-missing', 'RF1', 'RF1');
  // What a referral brings along are results that are ready, not orders to be carried out.
  for (const one of orderGroups(from, 'ORU', 'R01')) if (one.obr) report(one, context);
}

/** Person, visit, diagnoses, procedures and insurance; the money itself (FT1, GT1, BLG) has no place in a health record. */
function accounts(group: PersonGroup, context: Context): void {
  tellBeside(group.segments, context);
  context.report('hl7v2.partial-support', 'MSH-9', context.header.type);
}
