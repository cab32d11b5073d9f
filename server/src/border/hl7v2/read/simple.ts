import type { Context } from '../context.ts';
import { type CodeTable, concept, lookUp } from './codes.ts';
import type { Converter } from './rules.ts';
import type { Repetition } from './segment-reader.ts';
import { backwards, type Time } from './time.ts';

/** First component as text. */
export const text: Converter = (value) => value.text() || undefined;

/** A fixed table: unknown codes are reported and not consumed. */
export function table<V>(codes: CodeTable<V>): Converter {
  return (value, context) => lookUp(codes, value, context);
}

/** CE, CWE, IS → CodeableConcept. `own` names the sender's list for codes that state no system: 'HL70116', 'OBX-3'. */
export function coded(own?: string): Converter {
  return (value, context) => concept(value, context, own);
}

/** FHIR dateTime to the precision given. */
export const dateTime: Converter = (value, context) => read(value, context)?.fhir;

/** FHIR date: a time of day is cut off. */
export const date: Converter = (value, context) => read(value, context)?.date;

/** FHIR instant: needs a time of day; a bare date is not one. */
export const instant: Converter = (value, context) => {
  const time = read(value, context);
  return time?.withTime ? time.fhir : undefined;
};

/** 'Y' and 'N' (table 0136); anything else is reported. */
export const yesNo: Converter = (value, context) => lookUp(YES_NO, value, context);

const YES_NO: CodeTable<boolean> = {
  number: '0136',
  values: { Y: true, YES: true, 1: true, N: false, NO: false, 0: false },
};

export const positiveInteger: Converter = (value, context) => {
  const found = value.text();
  if (/^[1-9]\d{0,8}$/.test(found)) return Number(found);
  context.report('hl7v2.bad-number', value.path);
  value.leave();
  return undefined;
};

function read(value: Repetition, context: Context): Time | undefined {
  const written = value.text();
  if (written === '') return undefined;
  const time = context.time(written);
  if (!time) {
    context.report('hl7v2.bad-date', value.path);
    value.leave();
  }
  return time;
}

/** Effective and expiry components as a FHIR Period; undefined when both are empty or unreadable. */
export function periodOf(
  value: Repetition,
  from: number,
  to: number,
  context: Context,
): { start?: string; end?: string } | undefined {
  const start = componentTime(value, from, context);
  let end = componentTime(value, to, context);
  if (start && end && backwards(start, end)) {
    context.report('hl7v2.bad-date', `${value.path}.${to}`);
    end = undefined;
  }
  return start || end ? { ...(start ? { start } : {}), ...(end ? { end } : {}) } : undefined;
}

/** A time inside a component; an unreadable one is reported with its component. */
export function componentTime(value: Repetition, c: number, context: Context): string | undefined {
  const written = value.text(c);
  if (written === '') return undefined;
  const time = context.time(written);
  if (!time) context.report('hl7v2.bad-date', `${value.path}.${c}`);
  return time?.fhir;
}
