import type { Context } from '../context.ts';
import { concept } from './codes.ts';
import { parseNumber, type Quantity, type Unit } from './quantity.ts';
import type { Repetition, SegmentReader } from './segment-reader.ts';
import { backwards, parseClock } from './time.ts';

/** One value[x]: the element name and what goes in it. */
export type Value = readonly [element: string, value: unknown];
export type Attachment = { contentType?: string; data?: string; url?: string; title?: string };
type Values = { values: readonly Value[]; attachments: readonly Attachment[] };
const NO_VALUES: readonly Value[] = [];
const NO_ATTACHMENTS: readonly Attachment[] = [];

/** Decoded bytes of one attachment (ED); larger ones belong into an image or document archive. */
const ATTACHMENT_LIMIT = 20 * 1024 * 1024;

/** OBX-5 by the type in OBX-2. Text repetitions are lines of one text; other repetitions are several values. */
export function observationValues(obx: SegmentReader, measured: Unit, context: Context): Values {
  const type = obx.text(2).toUpperCase();
  const all = obx.all(5);
  if (type === 'ED' || type === 'RP') {
    const attachments = all.map((value) => (type === 'ED' ? encapsulated(value, context) : pointer(value)));
    return { values: [], attachments: attachments.filter((one) => one !== undefined) };
  }
  if (type === 'TX' || type === 'FT' || type === 'ST' || type === '') {
    const text = all.map((value) => value.whole()).join('\n');
    return { values: text === '' ? [] : [['valueString', text]], attachments: [] };
  }
  if (all.length === 1) {
    const only = single(type, all[0]!, measured, context);
    return { values: only ? [only] : NO_VALUES, attachments: NO_ATTACHMENTS };
  }
  const values = all.map((value) => single(type, value, measured, context)).filter((one) => one !== undefined);
  return { values, attachments: [] };
}

function single(type: string, value: Repetition, measured: Unit, context: Context): Value | undefined {
  switch (type) {
    case 'NM':
      return numeric(value, measured, context);
    case 'SN':
      return structuredNumeric(value, measured);
    case 'CE':
    case 'CWE':
    case 'CNE':
    case 'CF': {
      const found = concept(value, context, 'OBX-5');
      return found && ['valueCodeableConcept', found];
    }
    case 'DT':
    case 'TS':
    case 'DTM':
      return timed(value, context);
    case 'TM': {
      const clock = parseClock(value.text());
      return clock ? ['valueTime', clock] : asText(value);
    }
    case 'DR':
    case 'DR_S':
      return period(value, context);
    default:
      return asText(value);
  }
}

function numeric(value: Repetition, measured: Unit, context: Context): Value | undefined {
  const text = value.whole();
  if (text === '') return undefined;
  const number = parseNumber(text);
  if (number) return ['valueQuantity', { ...number, ...measured } satisfies Quantity];
  context.report('hl7v2.bad-number', value.path);
  return ['valueString', text];
}

/** SN: comparator ^ number ^ separator ^ number: `>^100`, `^182^-^210`, `^1^:^128`, `^2^+`. */
function structuredNumeric(value: Repetition, measured: Unit): Value | undefined {
  const [comparator, first, separator, second] = [1, 2, 3, 4].map((c) => value.text(c)) as [
    string,
    string,
    string,
    string,
  ];
  const low = parseNumber(first);
  const high = parseNumber(second);
  if (low && high && separator === '-')
    return ['valueRange', { low: { value: low.value, ...measured }, high: { value: high.value, ...measured } }];
  if (low && high && (separator === ':' || separator === '/')) {
    return ['valueRatio', { numerator: { value: low.value }, denominator: { value: high.value, ...measured } }];
  }
  if (low && separator === '' && /^(<|<=|>|>=|=|)$/.test(comparator)) {
    const sign = comparator === '' || comparator === '=' ? {} : { comparator };
    return ['valueQuantity', { value: low.value, ...sign, ...measured }];
  }
  const text = `${comparator}${first}${separator}${second}`;
  return text === '' ? undefined : ['valueString', text];
}

function timed(value: Repetition, context: Context): Value | undefined {
  const text = value.text();
  if (text === '') return undefined;
  const time = context.time(text);
  if (time) return ['valueDateTime', time.fhir];
  context.report('hl7v2.bad-date', value.path);
  return ['valueString', text];
}

function period(value: Repetition, context: Context): Value | undefined {
  const start = context.time(value.text(1));
  const end = context.time(value.text(2));
  if ((!start && !end) || (start && end && backwards(start.fhir, end.fhir))) return asText(value);
  return ['valuePeriod', { ...(start ? { start: start.fhir } : {}), ...(end ? { end: end.fhir } : {}) }];
}

/** ID, IS, EI, HD, XCN and all the rest: the text of the components. */
function asText(value: Repetition): Value | undefined {
  const components = value.raw.split(value.segment.delimiters.component);
  const text = components
    .map((_, at) => value.text(at + 1))
    .filter((part) => part !== '')
    .join(' ');
  return text === '' ? undefined : ['valueString', text];
}

const MEDIA: Record<string, string> = {
  PDF: 'application/pdf',
  JPEG: 'image/jpeg',
  JPG: 'image/jpeg',
  PNG: 'image/png',
  GIF: 'image/gif',
  TIFF: 'image/tiff',
  DICOM: 'application/dicom',
  HTML: 'text/html',
  XML: 'application/xml',
  RTF: 'application/rtf',
  TEXT: 'text/plain',
  PLAIN: 'text/plain',
  'OCTET-STREAM': 'application/octet-stream',
  BASIC: 'audio/basic',
  ZIP: 'application/zip',
};
const KINDS: Record<string, string> = {
  IM: 'image',
  IMAGE: 'image',
  TEXT: 'text',
  APPLICATION: 'application',
  AP: 'application',
  AUDIO: 'audio',
  AU: 'audio',
  VIDEO: 'video',
};

function mediaType(value: Repetition, at: number): string {
  const kind = value.text(at).toLowerCase();
  const subtype = value.text(at + 1);
  const known = MEDIA[subtype.toUpperCase()];
  if (known) return known;
  const top = KINDS[kind.toUpperCase()];
  return top && /^[\w.+-]+$/.test(subtype) ? `${top}/${subtype.toLowerCase()}` : 'application/octet-stream';
}

/** ED: source ^ type ^ subtype ^ encoding ^ data (A plain, Hex, Base64). */
function encapsulated(value: Repetition, context: Context): Attachment | undefined {
  const encoding = value.text(4).toUpperCase();
  const data = value.text(5);
  const contentType = mediaType(value, 2);
  value.take();
  if (data === '') return undefined;
  if (data.length > ATTACHMENT_LIMIT * 1.4) {
    context.report('hl7v2.attachment-too-large', value.path, String(ATTACHMENT_LIMIT));
    return undefined;
  }
  const base64 = toBase64(data, encoding);
  if (base64 !== undefined) return { contentType, data: base64 };
  context.report('hl7v2.bad-attachment', value.path);
  value.leave();
  return undefined;
}

function toBase64(data: string, encoding: string): string | undefined {
  if (encoding === 'HEX')
    return /^([0-9a-f]{2})+$/i.test(data) ? Buffer.from(data, 'hex').toString('base64') : undefined;
  if (encoding === 'BASE64') {
    const plain = data.replace(/\s/g, '');
    return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain) ? plain : undefined;
  }
  return encoding === 'A' || encoding === '' ? Buffer.from(data, 'utf8').toString('base64') : undefined;
}

/** RP: pointer ^ application ^ type ^ subtype. Only a URL points anywhere outside its sender. */
function pointer(value: Repetition): Attachment | undefined {
  const url = value.text(1);
  if (!/^(https?|urn|ftp):\S+$/i.test(url)) return undefined;
  const contentType = mediaType(value, 3);
  value.take();
  return { url, ...(contentType === 'application/octet-stream' ? {} : { contentType }) };
}
