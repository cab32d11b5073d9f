import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';
import type { Charset } from './charset.ts';
import { CONTROL, trimmed, unescapeText } from './escape.ts';
import { type Delimiters, type Header, type Message, Segment } from './message.ts';

/** What one message may be. Depth needs no limit: the grammar has exactly five levels. */
export type Limits = { characters: number; segments: number; fields: number; repetitions: number };

export const limits: Limits = { characters: 32 * 1024 * 1024, segments: 50_000, fields: 512, repetitions: 200_000 };

const NAME = /^[A-Z][A-Z0-9]{2}$/;

/**
 * One message into segments. Terminators CR, LF and CRLF are read; a lone LF inside a CR-terminated message that does not
 * begin a segment is a line break in text and is kept with a warning. Never throws.
 */
export function parse(
  text: string,
  charset: Charset = 'UNICODE UTF-8',
  within: Limits = limits,
): Message | BorderIssue {
  if (text.length > within.characters) return issue('hl7v2.limit-exceeded', 'MSH', `${within.characters} characters`);
  const warnings: BorderIssue[] = [];
  const clean = withoutControls(text, warnings);
  const delimiters = readDelimiters(clean);
  if (!('field' in delimiters)) return delimiters;
  const segments: Segment[] = [];
  const withCr = clean.includes('\r');
  let at = 0;
  let number = 0;
  while (at < clean.length) {
    const end = nextTerminator(clean, at, withCr);
    const line = clean.slice(at, end);
    at = end + 1;
    number += 1;
    if (withCr && line.includes('\n')) {
      const problem = addLines(line, segments, delimiters, warnings, number);
      if (problem) return problem;
    } else if (line.trim() !== '') {
      const problem = add(line, segments, delimiters, number);
      if (problem) return problem;
    }
    if (segments.length > within.segments) return issue('hl7v2.limit-exceeded', 'MSH', `${within.segments} segments`);
  }
  if (countAbove(clean, delimiters.repetition, within.repetitions))
    return issue('hl7v2.limit-exceeded', 'MSH', `${within.repetitions} repetitions`);
  for (const segment of segments) {
    if (segment.text.length > within.fields && countAbove(segment.text, delimiters.field, within.fields))
      return issue('hl7v2.limit-exceeded', segment.name, `${within.fields} fields`);
  }
  if (segments.length === 0) return issue('hl7v2.not-a-message', 'MSH');
  return { delimiters, segments, charset, warnings };
}

const headers = new WeakMap<Message, Header>();

/** MSH as plain words. Read once: who sent it, what it means and what answers it all begin with it. */
export function header(message: Message): Header {
  let known = headers.get(message);
  if (!known) {
    known = readHeader(message);
    headers.set(message, known);
  }
  return known;
}

function readHeader(message: Message): Header {
  const fields = message.segments[0]!.fields;
  const { component, subcomponent, subcomponents } = message.delimiters;
  const part = (n: number, c = 1): string => {
    const field = fields[n];
    if (field === undefined || field === '') return '';
    const whole = piece(field, component, c);
    const raw = trimmed(subcomponents ? piece(whole, subcomponent, 1) : whole);
    return raw === '""' ? '' : unescapeText(raw, message.delimiters, message.charset);
  };
  return {
    sendingApplication: part(3),
    sendingFacility: part(4),
    receivingApplication: part(5),
    receivingFacility: part(6),
    time: part(7),
    type: part(9).toUpperCase(),
    event: (part(9, 2) || part(9, 3).split('_')[1] || impliedEvent(message, part(9))).toUpperCase(),
    controlId: part(10),
    processingId: part(11),
    version: part(12),
    acceptAcknowledgement: part(15).toUpperCase(),
    applicationAcknowledgement: part(16).toUpperCase(),
  };
}

/** The n-th piece between marks; '' where there is none. */
function piece(text: string, mark: string, n: number): string {
  if (!text.includes(mark)) return n === 1 ? text : '';
  return text.split(mark)[n - 1] ?? '';
}

/** Until 2.2, and in senders that stayed there, MSH-9 is only the type: EVN-1 or the type itself says the event. */
function impliedEvent(message: Message, type: string): string {
  if (type === 'ORU') return 'R01';
  if (type === 'ORM') return 'O01';
  const evn = message.segments.find((segment) => segment.name === 'EVN');
  return type === 'ADT' ? (evn?.fields[1]?.trim() ?? '') : '';
}

function withoutControls(text: string, warnings: BorderIssue[]): string {
  // \u001c and \u000b are MLLP frame marks that some senders leave in files.
  CONTROL.lastIndex = 0;
  if (!CONTROL.test(text)) return text.trimStart();
  warnings.push(issue('hl7v2.control-characters', 'MSH'));
  return text.replace(CONTROL, '').trimStart();
}

function readDelimiters(text: string): Delimiters | BorderIssue {
  if (!text.startsWith('MSH') || text.length < 8) return issue('hl7v2.not-a-message', 'MSH');
  const field = text[3]!;
  const behind = text.indexOf(field, 4) < 0 ? 10 : text.indexOf(field, 4);
  const rest = text.slice(4, behind);
  const encoding = rest.split(/[\r\n]/)[0]!;
  const [component, repetition = '', escapeMark = '', subcomponent = '', truncation] = [...encoding];
  const all = [field, component, repetition, escapeMark, subcomponent, truncation].filter((mark) => mark);
  const valid =
    component !== undefined &&
    encoding.length <= 5 &&
    new Set(all).size === all.length &&
    !all.some((mark) => /[A-Za-z0-9\s"]/.test(mark!));
  if (!valid) return issue('hl7v2.delimiters', 'MSH-2');
  // An unused delimiter must never match: split('') would cut every character.
  const unused = (mark: string, stand: string) => (mark === '' ? stand : mark);
  return {
    field,
    component,
    repetition: unused(repetition, '\u0000'),
    escape: escapeMark,
    subcomponent: unused(subcomponent, '\u0001'),
    ...(truncation ? { truncation } : {}),
    escapes: escapeMark !== '' && text.includes(escapeMark, behind),
    subcomponents: subcomponent !== '' && text.includes(subcomponent, behind),
  };
}

function nextTerminator(text: string, from: number, withCr: boolean): number {
  const at = text.indexOf(withCr ? '\r' : '\n', from);
  return at < 0 ? text.length : at;
}

function addLines(
  line: string,
  segments: Segment[],
  delimiters: Delimiters,
  warnings: BorderIssue[],
  number: number,
): BorderIssue | undefined {
  for (const [index, piece] of line.split('\n').entries()) {
    const starts = NAME.test(piece.slice(0, 3)) && (piece.length === 3 || piece[3] === delimiters.field);
    if (piece.trim() === '' && index === 0) continue;
    const last = segments.at(-1);
    if (!starts && index > 0 && last) {
      if (piece.trim() === '') continue;
      segments[segments.length - 1] = new Segment(last.name, `${last.text}\n${piece}`, delimiters.field);
      warnings.push(issue('hl7v2.line-break-in-text', last.name));
    } else {
      const problem = add(piece, segments, delimiters, number);
      if (problem) return problem;
    }
  }
  return undefined;
}

function add(line: string, segments: Segment[], delimiters: Delimiters, number: number): BorderIssue | undefined {
  const name = line.slice(0, 3);
  if (!NAME.test(name) || (line.length > 3 && line[3] !== delimiters.field && line.trim().length > 3))
    return issue('hl7v2.segment-name', `line ${number}`, String(number));
  if (name === 'MSH' && segments.length > 0) return issue('hl7v2.segment-name', `line ${number}`, String(number));
  segments.push(new Segment(name, line, delimiters.field));
  return undefined;
}

function countAbove(text: string, mark: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    count += 1;
    if (count > limit) return true;
  }
  return false;
}
