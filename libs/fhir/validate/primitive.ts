// Formats of the FHIR primitives (http://hl7.org/fhir/R4/datatypes.html#primitive), written by hand where a regular
// expression would be slow. Differences from the published patterns, all deliberate:
// - dates must exist in the calendar (the pattern lets 2023-02-31 pass, the prose does not);
// - the pattern of `string` ([ \r\n\t\S]+) would refuse U+3000, the space of Chinese text, which the prose allows.
import { isCalendarDate } from '../search/date.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what FHIR forbids
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const BLANK = /^\s*$/;
const CODE = /^[^\s]+(?:\s[^\s]+)*$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const NO_SPACE = /^\S+$/;
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?$/;
const DATE = /^[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?$/;
const DATE_TIME =
  /^[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?)?)?$/;
const BASE64 = /^[A-Za-z0-9+/\s]*(?:=\s*){0,2}$/;
const MAX_STRING = 1024 * 1024;
const MAX_INTEGER = 2147483647;

function isText(x: unknown): boolean {
  return typeof x === 'string' && x.length > 0 && !CONTROL.test(x) && x.isWellFormed() && !BLANK.test(x);
}

function isUri(x: unknown): boolean {
  return typeof x === 'string' && NO_SPACE.test(x) && !CONTROL.test(x) && x.isWellFormed();
}

function isIntegerFrom(least: number): (x: unknown) => boolean {
  return (x) => typeof x === 'number' && Number.isInteger(x) && x >= least && x <= MAX_INTEGER;
}

function isBase64(x: unknown): boolean {
  return typeof x === 'string' && x.length > 0 && BASE64.test(x) && (x.length % 4 === 0 || /\s/.test(x));
}

/** Primitive type name -> whether a JSON value is a well-formed value of it. */
export const isPrimitive: Readonly<Record<string, (x: unknown) => boolean>> = {
  boolean: (x) => x === true || x === false,
  // A decimal as large as 1e400 becomes Infinity in JSON.parse.
  decimal: (x) => typeof x === 'number' && Number.isFinite(x),
  integer: isIntegerFrom(-MAX_INTEGER - 1),
  unsignedInt: isIntegerFrom(0),
  positiveInt: isIntegerFrom(1),
  string: (x) => isText(x) && (x as string).length <= MAX_STRING,
  markdown: isText,
  xhtml: isText,
  code: (x) => typeof x === 'string' && CODE.test(x) && !CONTROL.test(x) && x.isWellFormed(),
  id: (x) => typeof x === 'string' && ID.test(x),
  uri: isUri,
  url: isUri,
  canonical: isUri,
  oid: (x) => typeof x === 'string' && OID.test(x),
  uuid: (x) => typeof x === 'string' && UUID.test(x),
  date: (x) => typeof x === 'string' && DATE.test(x) && isCalendarDate(x),
  dateTime: (x) => typeof x === 'string' && DATE_TIME.test(x) && isCalendarDate(x),
  instant: (x) => typeof x === 'string' && x.length >= 20 && DATE_TIME.test(x) && isCalendarDate(x),
  time: (x) => typeof x === 'string' && TIME.test(x),
  base64Binary: isBase64,
};

/** BCP 13 media type, loosely: type/subtype with optional parameters; also the short forms FHIR itself uses. */
export function isMediaType(x: string): boolean {
  return /^[A-Za-z0-9!#$&^_.+*-]+(?:\/[A-Za-z0-9!#$&^_.+*-]+)?(?:\s*;.*)?$/.test(x);
}
