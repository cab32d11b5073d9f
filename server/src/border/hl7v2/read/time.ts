/** A time as HL7 v2 writes it (TS, DTM, DT), read to the precision it has. */
export type Time = {
  /** FHIR date or dateTime: '2012', '2012-08', '2012-08-14', '2012-08-14T10:05:00+08:00'. */
  fhir: string;
  /** FHIR date: never with a time. */
  date: string;
  /** First instant the text can mean, ISO 8601 UTC with milliseconds. */
  instant: string;
  withTime: boolean;
};

/** Asia/Shanghai, in minutes. Without daylight saving since 1991; the platform's zone for zone-less dates. */
export const SHANGHAI = 480;

const PATTERN = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?)?)?)?([+-]\d{4})?$/;

/**
 * Reads `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][±ZZZZ]`. A time without a zone gets `zone` (minutes east of UTC): HL7 v2.5.1, 2.A.77
 * makes the zone of MSH-7 the default of the whole message. undefined when the text is no such time.
 */
export function parseTime(text: string, zone = SHANGHAI): Time | undefined {
  const parts = PATTERN.exec(text);
  if (!parts) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, offset] = parts;
  if (!exists(Number(year), Number(month ?? 1), Number(day ?? 1))) return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return undefined;
  const minutes = offset ? offsetMinutes(offset) : zone;
  if (minutes === undefined) return undefined;
  const date = month === undefined ? year : day === undefined ? `${year}-${month}` : `${year}-${month}-${day}`;
  const clock = `${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`;
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0');
  const withTime = hour !== undefined;
  let known: string | undefined;
  return {
    fhir: withTime ? `${date}T${clock}${fraction ? `.${milliseconds}` : ''}${zoneText(minutes)}` : date,
    date,
    withTime,
    get instant() {
      if (known === undefined) {
        const local = Date.parse(`${year}-${month ?? '01'}-${day ?? '01'}T${clock}.${milliseconds}Z`);
        known = new Date(local - minutes * 60_000).toISOString();
      }
      return known;
    },
  };
}

/** `±HHMM` at the end of a time, in minutes; undefined when absent or beyond what FHIR can carry (14 hours). */
export function zoneOf(text: string): number | undefined {
  const offset = /[+-]\d{4}$/.exec(text)?.[0];
  return offset ? offsetMinutes(offset) : undefined;
}

/** true when a FHIR date or dateTime surely lies behind another: at the precision that both have. */
export function backwards(start: string, end: string): boolean {
  if (start.length > 10 && end.length > 10) return Date.parse(start) > Date.parse(end);
  const precision = Math.min(start.length, end.length, 10);
  return start.slice(0, precision) > end.slice(0, precision);
}

/** HH[MM[SS[.S]]] (TM) as FHIR time; undefined when it is none. */
export function parseClock(text: string): string | undefined {
  const parts = /^(\d{2})(?:(\d{2})(?:(\d{2})(\.\d{1,4})?)?)?(?:[+-]\d{4})?$/.exec(text);
  if (!parts) return undefined;
  const [, hour = '', minute = '00', second = '00', fraction = ''] = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${hour}:${minute}:${second}${fraction}`;
}

function exists(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function offsetMinutes(offset: string): number | undefined {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  if (Number(offset.slice(3, 5)) > 59 || minutes > 14 * 60) return undefined;
  return offset[0] === '-' ? -minutes : minutes;
}

function zoneText(minutes: number): string {
  if (minutes === SHANGHAI) return '+08:00';
  const size = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
