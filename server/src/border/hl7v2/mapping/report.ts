import type { Resource } from '../../fact.ts';
import { type Context, keyText, personKeyText, reference } from '../context.ts';
import { type Concept, lookUp } from '../read/codes.ts';
import { digest } from '../read/digest.ts';
import { entityIdentifier, entityKey } from '../read/identifier.ts';
import type { Attachment } from '../read/observation-value.ts';
import { interpreter } from '../read/parties.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime, instant } from '../read/simple.ts';
import { conceptKey, diagnosis, noteText } from './clinical.ts';
import { reportStatus, serviceCategory } from './code-tables.ts';
import { type Observed, observation, ranked, rankOf, type Surroundings } from './observation.ts';
import type { ObservedLine, OrderGroup } from './order-groups.ts';
import { distinctIdentifiers, orderKey, requestBehindReport, serviceRequest } from './request.ts';
import { sourceOfSpecimen, specimen } from './specimen.ts';

/** R4's DiagnosticReport has no note; R5 has, and this is R5's own extension for it. */
const REPORT_NOTE = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-DiagnosticReport.note';

const OBR: readonly Rule[] = [
  [3, 'identifier[]', entityIdentifier('FILL')],
  [2, 'identifier[]', entityIdentifier('PLAC')],
  [4, 'code', coded('OBR-4')],
  [24, 'category[]', coded('HL70074')],
  [7, 'effectivePeriod.start', dateTime],
  [8, 'effectivePeriod.end', dateTime],
  [22, 'issued', instant],
  [32, 'resultsInterpreter[]', (value, context) => interpreter(value, context)?.actor],
  [34, 'performer[]', (value, context) => interpreter(value, context)?.actor],
];

/**
 * Key of a report: filler number (OBR-3, ORC-3) and the code of OBR-4, because laboratories give all panels of one tube the
 * same number; else the placer number and the code; else a digest of person, code and time of observation (reported).
 */
function reportKey(group: OrderGroup, context: Context): string {
  const { orc, obr } = group;
  const code = obr?.text(4) || obr?.text(4, 2) || '';
  const filler = entityKey(obr?.first(3)) || entityKey(orc?.first(3));
  if (filler !== '') return `${filler}|${keyText(code)}`;
  const placer = entityKey(obr?.first(2)) || entityKey(orc?.first(2));
  if (placer !== '') return `placer|${placer}|${keyText(code)}`;
  context.report('hl7v2.key-by-content', obr?.path(3) ?? 'OBR-3');
  return `content|${digest(personKeyText(context.person), code, obr?.text(7) ?? '')}`;
}

/** One OBR with its OBX: DiagnosticReport, Observations, Specimens, and the order behind them. */
export function report(group: OrderGroup, context: Context): void {
  const obr = group.obr!;
  const key = reportKey(group, context);
  const resource: Resource = { resourceType: 'DiagnosticReport', subject: context.subject };
  obr.structural(1);
  fill(resource, obr, OBR, context);
  distinctIdentifiers(resource);
  resource.code ??= { text: 'unspecified report' };
  collapsePeriod(resource);
  const status = lookUp(reportStatus, obr.first(25), context) ?? 'unknown';
  resource.status = status;
  const base = context.stampFrom(obr, 22) ?? context.stamp;
  const order = orderKey(group.orc, obr);
  const withOrder = order !== '' && !order.startsWith('filler|');
  if (withOrder) requestBehindReport(group, order, context);
  const specimens = group.specimens.map((spm, at) => specimen(spm, `${key}|specimen|${at + 1}`, base, context));
  if (specimens.length === 0 && sourceOfSpecimen(obr, `${key}|specimen`, base, context))
    specimens.push(`${key}|specimen`);
  const around: Surroundings = {
    prefix: key,
    seen: new Map(),
    category: serviceCategory(obr.text(24).toUpperCase()) ?? 'laboratory',
  };
  around.status = status === 'partial' ? 'preliminary' : status;
  const shared: Partial<Resource> = {
    ...(withOrder ? { basedOn: [reference('ServiceRequest', order)] } : {}),
    ...(specimens[0] ? { specimen: reference('Specimen', specimens[0]) } : {}),
  };
  const attachments: Attachment[] = [];
  const tell = (lines: readonly ObservedLine[]): string[] =>
    observed(lines, around, shared, { base, resource }, attachments, context);
  const results = tell(group.results);
  results.push(...tell(group.ofSpecimen));
  if (results.length > 0) resource.result = results.map((one) => reference('Observation', one));
  if (specimens.length > 0) resource.specimen = specimens.map((one) => reference('Specimen', one));
  if (withOrder) resource.basedOn = shared.basedOn;
  if (attachments.length > 0) resource.presentedForm = attachments;
  if (context.encounter) resource.encounter = context.encounter;
  const notes = group.notes.map(noteText).filter((text) => text !== '');
  if (notes.length > 0) resource.extension = notes.map((text) => ({ url: REPORT_NOTE, valueAnnotation: { text } }));
  for (const segment of group.diagnoses) diagnosis(segment, context);
  context.add(key, resource, { stamp: ranked(base, rankOf(status)) });
}

/** An order message: ServiceRequest, and what was observed for it. */
export function order(group: OrderGroup, context: Context): void {
  const { orc, obr } = group;
  let key = orderKey(orc, obr);
  if (key === '') {
    key = `content|${digest(personKeyText(context.person), obr?.text(4) ?? '', obr?.text(6) || obr?.text(7) || orc?.text(9) || '')}`;
    context.report('hl7v2.key-by-content', obr?.path(2) ?? orc?.path(2) ?? 'ORC-2');
  }
  const base = context.stamp;
  const specimens = group.specimens.map((spm, at) => specimen(spm, `order|${key}|specimen|${at + 1}`, base, context));
  const around: Surroundings = { prefix: `order|${key}`, seen: new Map() };
  const attachments: Attachment[] = [];
  const shared = { basedOn: [reference('ServiceRequest', key)] };
  const lines = [...group.results, ...group.ofSpecimen];
  const supporting = observed(lines, around, shared, { base }, attachments, context);
  serviceRequest(group, key, context, specimens, supporting);
  if (attachments.length > 0) attachedDocument(attachments, `order|${key}`, base, context);
  for (const segment of group.diagnoses) diagnosis(segment, context);
}

/** OBX lines as Observation facts; returns their keys. Attachments go to the report or a document, R4 observations hold none. */
export function observed(
  lines: readonly ObservedLine[],
  around: Surroundings,
  shared: Partial<Resource>,
  report: { base: string; resource?: Resource },
  attachments: Attachment[],
  context: Context,
): string[] {
  const keys: string[] = [];
  for (const { obx, notes } of lines) {
    const found = observation(obx, around, context);
    if (!found) continue;
    if (found.attachments.length > 0) {
      const title = titleOf(found);
      attachments.push(...found.attachments.map((one) => ({ ...one, ...(title ? { title } : {}) })));
    }
    if (found.attachments.length > 0 || !found.resource.code) continue;
    complete(found, notes, shared, report.resource);
    conclude(obx, found, report.resource);
    context.add(found.key, found.resource, { stamp: ranked(report.base, found.rank) });
    keys.push(found.key);
  }
  return keys;
}

function complete(
  found: Observed,
  notes: readonly SegmentReader[],
  shared: Partial<Resource>,
  parent: Resource | undefined,
): void {
  if (notes.length > 0) {
    const texts = notes.map(noteText).filter((text) => text !== '');
    if (texts.length > 0) found.resource.note = texts.map((text) => ({ text }));
  }
  if (shared.basedOn) found.resource.basedOn = shared.basedOn;
  if (shared.specimen) found.resource.specimen = shared.specimen;
  if (!parent) return;
  if (!found.resource.effectiveDateTime) {
    const period = parent.effectivePeriod as { start?: string } | undefined;
    const when = parent.effectiveDateTime ?? period?.start;
    if (when) found.resource.effectiveDateTime = when;
  }
  if (!found.resource.issued && parent.issued) found.resource.issued = parent.issued;
}

/** An impression (OBX-3 with the suffix IMP, or LOINC 19005-8) is also the report's conclusion. */
function conclude(obx: SegmentReader, found: Observed, parent: Resource | undefined): void {
  const suffix = obx.text(3, 1, 2).toUpperCase();
  const impression = suffix === 'IMP' || conceptKey(found.resource.code as Concept) === '19005-8';
  if (parent && impression && typeof found.resource.valueString === 'string')
    parent.conclusion ??= found.resource.valueString;
}

function titleOf(found: Observed): string | undefined {
  const code = found.resource.code as Concept | undefined;
  return code?.text ?? code?.coding?.[0]?.display ?? code?.coding?.[0]?.code;
}

/** Documents that came with an order or a visit and have no report to hang on. */
export function attachedDocument(
  attachments: readonly Attachment[],
  key: string,
  stamp: string,
  context: Context,
): void {
  const content = attachments.map((attachment) => ({ attachment }));
  const resource: Resource = {
    resourceType: 'DocumentReference',
    status: 'current',
    subject: context.subject,
    content,
  };
  if (context.encounter) resource.context = { encounter: [context.encounter] };
  context.add(`attached|${key}`, resource, { stamp });
}

function collapsePeriod(resource: Resource): void {
  const period = resource.effectivePeriod as { start?: string; end?: string } | undefined;
  if (!period) return;
  if (period.end && period.start) return;
  delete resource.effectivePeriod;
  const when = period.start ?? period.end;
  if (when) resource.effectiveDateTime = when;
}
