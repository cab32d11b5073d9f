import type { Translation } from '../fact.ts';
import { Context, type TranslateOptions } from './context.ts';
import { type Family, families } from './families.ts';
import { adtEvents, beside, type EventRule } from './mapping/events.ts';
import { identifyPerson, patient, personKey } from './mapping/person.ts';
import { encounter, visitKey } from './mapping/visit.ts';
import type { SegmentReader } from './read/segment-reader.ts';
import { kindOf } from './wire/describe.ts';
import type { Message } from './wire/message.ts';

/**
 * One message as facts. Pure: the same message and options always give the same translation. It never throws; whatever is
 * wrong is an issue, and an issue of severity 'error' means that the facts must not be written.
 */
export function translate(message: Message, options: TranslateOptions): Translation {
  const context = new Context(message, options);
  const found = judgeHeader(context);
  readStamp(context);
  if (found && context.header.controlId !== '') {
    const people = personGroups(context.segments);
    for (const group of people) tellPerson(group, found.rule, context, found.family.translate);
  }
  return finish(context, found !== undefined);
}

/**
 * What MSH alone says of a message: its kind, its number and what is wrong with them; no facts. For an accept acknowledgement, which
 * promises safe keeping and says nothing of the content ({@link envelope} reads that much of the bytes).
 */
export function translateHeader(message: Message, options: TranslateOptions): Translation {
  const context = new Context(message, options);
  judgeHeader(context);
  return finish(context, false);
}

/** MSH-9, MSH-10 and MSH-12, and who reads such a message; undefined for one that nobody does. */
function judgeHeader(context: Context): { family: Family; rule: EventRule } | undefined {
  const { header } = context;
  if (header.type === '') context.report('hl7v2.required-field-missing', 'MSH-9', 'MSH-9');
  if (header.controlId === '') context.report('hl7v2.required-field-missing', 'MSH-10', 'MSH-10');
  if (!/^2\.[1-9]/.test(header.version)) {
    if (header.version === '' || /^2/.test(header.version)) context.report('hl7v2.version-assumed', 'MSH-12', '2.5');
    else context.report('hl7v2.version-not-supported', 'MSH-12');
  }
  const { type, event } = header;
  const family = Object.hasOwn(families, type) ? families[type] : undefined;
  const rule = type === 'ADT' ? adtEvents[event] : beside;
  if (family && rule && (family.events === undefined || family.events.has(event))) return { family, rule };
  context.report('hl7v2.event-not-supported', 'MSH-9', kindOf(header));
  return undefined;
}

/** One person with everything that is said about them. */
export type PersonGroup = {
  pid?: SegmentReader;
  segments: SegmentReader[];
  /** true when the message speaks of other people too. */
  oneOfMany: boolean;
};

/**
 * Every PID begins a new person: an ORU may report on several people, an A40 merge several pairs. What stands before the
 * first PID belongs to the first.
 */
function personGroups(segments: readonly SegmentReader[]): PersonGroup[] {
  const oneOfMany = segments.filter((segment) => segment.name === 'PID').length > 1;
  const groups: PersonGroup[] = [{ segments: [], oneOfMany }];
  for (const segment of segments) {
    const current = groups.at(-1)!;
    if (segment.name !== 'PID') current.segments.push(segment);
    else if (current.pid) groups.push({ pid: segment, segments: [], oneOfMany });
    else current.pid = segment;
  }
  return groups;
}

function tellPerson(
  group: PersonGroup,
  rule: EventRule,
  context: Context,
  rest: (group: PersonGroup, context: Context) => void,
): void {
  if (!identifyPerson(group.pid, context)) return;
  const find = (name: string): SegmentReader | undefined => group.segments.find((segment) => segment.name === name);
  patient(group.pid!, find('PD1'), context, rule.active);
  if (rule.merges) mergePerson(find('MRG'), context);
  const pv1 = find('PV1');
  context.visit = pv1 ? visitKey(pv1, group.pid, context) : '';
  context.visitFact = undefined;
  if (pv1 && context.visit !== '') encounter(pv1, find('PV2'), context, rule);
  else if (pv1 && rule.visit) context.report('hl7v2.required-field-missing', pv1.path(19), 'PV1-19');
  else if (!pv1 && rule.visit) context.report('hl7v2.required-segment-missing', 'PV1', 'PV1');
  if (rule.partial) context.report('hl7v2.partial-support', 'MSH-9', kindOf(context.header));
  rest(group, context);
}

function mergePerson(mrg: SegmentReader | undefined, context: Context): void {
  const retired = mrg?.first(1);
  if (!retired?.text(1)) {
    context.report('hl7v2.required-field-missing', 'MRG-1', 'MRG-1');
    return;
  }
  retired.text(5);
  const survivor = context.person;
  const named = personKey(retired);
  // MRG often leaves the authority out that PID-3 states: two numbers of one merge come from one list.
  const gone = named.authority === '' ? { ...named, authority: survivor.authority } : named;
  if (gone.localId === survivor.localId && gone.authority === survivor.authority) {
    context.report('hl7v2.merge-with-self', 'MRG-1');
    return;
  }
  context.merges.push({ survivor, retired: gone, stamp: context.stamp });
}

/** When the message was made: EVN-2, else MSH-7. */
function readStamp(context: Context): void {
  const msh = context.segments[0]!;
  msh.structural(1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 15, 16, 18);
  const evn = context.find('EVN');
  evn?.structural(1);
  const found = context.stampFrom(evn, 2) ?? context.stampFrom(msh, 7);
  if (found) context.stamp = found;
  else context.report('hl7v2.time-missing', 'MSH-7');
}

function finish(context: Context, supported: boolean): Translation {
  const counts = new Map<string, number>();
  if (supported) {
    for (const segment of context.segments) segment.unread((path) => counts.set(path, (counts.get(path) ?? 0) + 1));
  }
  const sent = context.time(context.header.time)?.instant;
  return {
    kind: kindOf(context.header),
    controlId: context.header.controlId,
    ...(sent ? { sentAt: sent } : {}),
    facts: context.facts,
    merges: context.merges,
    unmapped: [...counts].map(([path, count]) => ({ path, count })),
    issues: context.issues,
  };
}
