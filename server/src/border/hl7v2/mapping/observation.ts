import type { Resource } from '../../fact.ts';
import { type Context, keyText } from '../context.ts';
import { type Concept, lookUp } from '../read/codes.ts';
import { entityIdentifier } from '../read/identifier.ts';
import { type Attachment, observationValues, type Value } from '../read/observation-value.ts';
import { named, organization, practitioner } from '../read/parties.ts';
import { referenceRange, unit } from '../read/quantity.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { SegmentReader } from '../read/segment-reader.ts';
import { coded, dateTime, instant, table } from '../read/simple.ts';
import { conceptKey, one } from './clinical.ts';
import { abnormalFlag, observationStatus } from './code-tables.ts';

const OBX: readonly Rule[] = [
  [21, 'identifier[]', entityIdentifier()],
  [3, 'code', coded('OBX-3')],
  [8, 'interpretation[]', table(abnormalFlag)],
  [14, 'effectiveDateTime', dateTime],
  [19, 'issued', instant],
  [17, 'method', coded('OBX-17')],
  [20, 'bodySite', coded('HL70163')],
  [16, 'performer[]', practitioner],
  [23, 'performer[]', organization],
  [15, 'performer[]', named],
  [18, 'device', (value) => (value.text(1) === '' ? undefined : { display: value.text(1) })],
];

export type Observed = { key: string; resource: Resource; attachments: readonly Attachment[]; rank: number };

/** What stands around an OBX: the key that all observations of the group begin with, and how often a code was seen. */
export type Surroundings = { prefix: string; seen: Map<string, number>; category?: string; status?: string };

/**
 * OBX → Observation (not yet a fact: its group adds subject matter and the stamp). Key: the group's key, OBX-3, OBX-4, and a
 * running number when both repeat. undefined when OBX-3 names nothing.
 */
export function observation(obx: SegmentReader, around: Surroundings, context: Context): Observed | undefined {
  const resource: Resource = { resourceType: 'Observation', subject: context.subject };
  obx.structural(1);
  fill(resource, obx, OBX, context);
  const code = resource.code as Concept | undefined;
  const measured = unit(obx.first(6), context);
  const { values, attachments } = observationValues(obx, measured, context);
  const state = lookUp(observationStatus, obx.first(11), context);
  resource.status = state ?? around.status ?? 'unknown';
  if (!code) {
    if (values.length === 0)
      return attachments.length > 0 ? { key: around.prefix, resource, attachments, rank: 0 } : undefined;
    context.report('hl7v2.required-field-missing', obx.path(3), 'OBX-3');
    return undefined;
  }
  put(resource, values, code);
  const range = obx.first(7)?.whole() ?? '';
  if (range !== '') resource.referenceRange = [referenceRange(range, measured)];
  if (around.category)
    resource.category = [one('http://terminology.hl7.org/CodeSystem/observation-category', around.category)];
  if (context.encounter) resource.encounter = context.encounter;
  if (state === 'cancelled')
    resource.dataAbsentReason = one('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'not-performed');
  const own = keyText(conceptKey(code), obx.first(4)?.whole() ?? '');
  const nth = (around.seen.get(own) ?? 0) + 1;
  around.seen.set(own, nth);
  return { key: `${around.prefix}|${own}${nth > 1 ? `|${nth}` : ''}`, resource, attachments, rank: rankOf(state) };
}

/** obs-7: a code that is the component's too leaves no value at the top, so several values are all components. */
function put(resource: Resource, values: readonly Value[], code: Concept): void {
  const [only] = values;
  if (values.length === 1 && only) resource[only[0]] = only[1];
  else if (values.length > 1) resource.component = values.map(([element, value]) => ({ code, [element]: value }));
}

/**
 * At one source time, a correction comes after the final result and that after the preliminary one. Laboratories that
 * correct without moving OBR-22 are read in the right order by this rank, however their messages arrive.
 */
export function rankOf(status: string | undefined): number {
  if (status === 'entered-in-error') return 4;
  if (status === 'corrected' || status === 'amended') return 3;
  if (status === 'final' || status === 'cancelled') return 2;
  return status === 'preliminary' || status === 'partial' ? 1 : 0;
}

/** A stamp of whole seconds takes the rank into its milliseconds. */
export function ranked(stamp: string, rank: number): string {
  return stamp.endsWith('.000Z') ? `${stamp.slice(0, -2)}${rank}Z` : stamp;
}
