import type { Resource } from '../../fact.ts';
import { type Context, keyText, personKeyText } from '../context.ts';
import { lookUp } from '../read/codes.ts';
import { entityIdentifier, entityKey } from '../read/identifier.ts';
import { place, practitioner } from '../read/parties.ts';
import { parseNumber } from '../read/quantity.ts';
import { fill, type Rule } from '../read/rules.ts';
import type { Repetition, SegmentReader } from '../read/segment-reader.ts';
import { coded } from '../read/simple.ts';
import { noteText } from './clinical.ts';
import { appointmentStatus } from './code-tables.ts';

const SCH: readonly Rule[] = [
  [2, 'identifier[]', entityIdentifier('FILL')],
  [1, 'identifier[]', entityIdentifier('PLAC')],
  [7, 'reasonCode[]', coded('HL70276')],
  [8, 'appointmentType', coded('HL70277')],
];

/** What the event itself decides (chapter 10); otherwise SCH-25 does. */
const EVENT_STATUS: Readonly<Record<string, string>> = {
  S15: 'cancelled',
  S16: 'cancelled',
  S17: 'entered-in-error',
  S26: 'noshow',
};
const BY_EVENT: Readonly<Record<string, string>> = { S12: 'booked', S13: 'booked', S14: 'booked' };

/** FHIR lets only these stand without a time (app-3). */
const TIMELESS = new Set(['proposed', 'cancelled', 'waitlist']);

/**
 * SCH with its RGS groups → Appointment; key: filler number SCH-2, else placer number SCH-1. An appointment shared by several
 * people (a class, a family) becomes one for each of them, so that nobody's record names another.
 */
export function appointment(segments: readonly SegmentReader[], shared: boolean, context: Context): void {
  const sch = segments.find((segment) => segment.name === 'SCH');
  if (!sch) {
    context.report('hl7v2.required-segment-missing', 'SCH', 'SCH');
    return;
  }
  const filler = entityKey(sch.first(2));
  const placer = entityKey(sch.first(1));
  if (filler === '' && placer === '') {
    context.report('hl7v2.required-field-missing', sch.path(2), 'SCH-2');
    return;
  }
  const resource: Resource = { resourceType: 'Appointment' };
  fill(resource, sch, SCH, context);
  const stated = lookUp(appointmentStatus, sch.first(25), context);
  let status = EVENT_STATUS[context.header.event] ?? stated ?? BY_EVENT[context.header.event] ?? 'pending';
  const services = segments.filter((segment) => segment.name === 'AIS');
  const minutes =
    duration(sch.text(9), sch.text(10)) ?? duration(services[0]?.text(7) ?? '', services[0]?.text(8) ?? '');
  const slot = times(sch, segments, minutes, context);
  if (slot) Object.assign(resource, slot);
  else if (!TIMELESS.has(status)) status = status === 'entered-in-error' ? 'cancelled' : 'proposed';
  if (minutes) resource.minutesDuration = minutes;
  resource.status = status;
  const kinds = services.map((ais) => serviceType(ais, context)).filter((one) => one !== undefined);
  if (kinds.length > 0) resource.serviceType = kinds;
  resource.participant = participants(segments, status, context);
  const notes = segments.filter((segment) => segment.name === 'NTE').map(noteText);
  const text = notes.filter((one) => one !== '').join('\n');
  if (text !== '') resource.comment = text;
  const key = filler || `placer|${keyText(placer)}`;
  context.add(shared ? `${key}|${personKeyText(context.person)}` : key, resource);
}

function serviceType(ais: SegmentReader, context: Context): unknown {
  ais.structural(1);
  const value = ais.first(3);
  return value && coded('AIS-3')(value, context);
}

/** SCH-11 (until 2.4), TQ1, or the start of the first service with the length of the appointment. */
function times(
  sch: SegmentReader,
  segments: readonly SegmentReader[],
  minutes: number | undefined,
  context: Context,
): { start: string; end: string } | undefined {
  const tq1 = segments.find((segment) => segment.name === 'TQ1');
  const ais = segments.find(
    (segment) => /^AI[SGLP]$/.test(segment.name) && segment.text(segment.name === 'AIS' ? 4 : 6) !== '',
  );
  const candidates: [string, string][] = [
    [tq1?.text(7) ?? '', tq1?.text(8) ?? ''],
    [ais?.text(ais.name === 'AIS' ? 4 : 6) ?? '', ''],
    [sch.text(11, 4), sch.text(11, 5)],
  ];
  for (const [from, to] of candidates) {
    const start = context.time(from);
    if (!start?.withTime) continue;
    const end = context.time(to);
    if (end?.withTime && end.instant >= start.instant) return { start: start.fhir, end: end.fhir };
    const last = new Date(Date.parse(start.instant) + (minutes ?? 0) * 60_000).toISOString();
    return { start: start.fhir, end: last };
  }
  return undefined;
}

function duration(amount: string, unit: string): number | undefined {
  const number = parseNumber(amount);
  if (!number || number.value <= 0) return undefined;
  const kind = unit.toLowerCase();
  const minutes = kind.startsWith('s')
    ? number.value / 60
    : kind.startsWith('h')
      ? number.value * 60
      : kind.startsWith('d')
        ? number.value * 1440
        : number.value;
  // A positiveInt has 31 bits; an appointment of more than a year is a typing error.
  return minutes > 527_040 ? undefined : Math.max(1, Math.round(minutes));
}

const PARTIES: Readonly<Record<string, (value: Repetition, context: Context) => unknown>> = {
  AIP: practitioner,
  AIL: (value) => place(value),
  AIG: (value) => (value.text(2) || value.text(1) ? { display: value.text(2) || value.text(1) } : undefined),
};

function participants(segments: readonly SegmentReader[], status: string, context: Context): unknown[] {
  const answer = status === 'cancelled' || status === 'entered-in-error' ? 'declined' : 'accepted';
  const found: unknown[] = [{ actor: context.subject, status: answer }];
  for (const segment of segments) {
    const party = PARTIES[segment.name];
    if (!party) continue;
    segment.structural(1);
    for (const value of segment.all(3)) {
      const actor = party(value, context);
      const role = segment.first(4);
      const type = actor && role ? coded(`${segment.name}-4`)(role, context) : undefined;
      if (actor) found.push({ ...(type ? { type: [type] } : {}), actor, status: answer });
    }
  }
  return found;
}
