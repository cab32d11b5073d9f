/** A TS of HL7 v3, or D8/DT15 of the national data elements, to the precision it has. */
export type Time = {
  /** FHIR date or dateTime. */
  fhir: string;
  date: string;
  /** First instant it can mean, ISO 8601 UTC with milliseconds. */
  instant: string;
};

const PATTERN =
  /^(\d{4})-?(?:(\d{2})-?(?:(\d{2})(?:[T ]?(\d{2}):?(?:(\d{2}):?(?:(\d{2})(?:\.(\d{1,6}))?)?)?)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const SHANGHAI = 480;

/** `YYYY[MM[DD[HH[MM[SS]]]]]`, with or without `T`, `-`, `:` and zone; without a zone it is Asia/Shanghai. */
export function parseTime(text: string): Time | undefined {
  const parts = PATTERN.exec(text.trim());
  if (!parts) return undefined;
  const [, year = '', month, day, hour, minute, second, fraction, zone] = parts;
  if (!exists(Number(year), Number(month ?? 1), Number(day ?? 1))) return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return undefined;
  const minutes = zoneMinutes(zone);
  if (minutes === undefined) return undefined;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  const clock = `${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`;
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0');
  const epoch = Date.parse(`${year}-${month ?? '01'}-${day ?? '01'}T${clock}.${milliseconds}Z`) - minutes * 60_000;
  const instant = new Date(epoch).toISOString();
  if (hour === undefined) return { fhir: date, date, instant };
  return { fhir: `${date}T${clock}${fraction ? `.${milliseconds}` : ''}${zoneText(minutes)}`, date, instant };
}

/** FHIR date or dateTime as TS in Asia/Shanghai: '20260301', '20260301090000'; '' when it is no time. */
export function writeTime(fhir: string | undefined): string {
  if (fhir === undefined) return '';
  if (/^\d{4}(-\d{2}(-\d{2})?)?$/.test(fhir)) return fhir.replaceAll('-', '');
  const epoch = Date.parse(fhir);
  if (!Number.isFinite(epoch)) return '';
  const local = new Date(epoch + SHANGHAI * 60_000).toISOString();
  const fraction = local.slice(20, 23);
  return local.slice(0, 19).replace(/[-:T]/g, '') + (fraction === '000' ? '' : `.${fraction}`);
}

function exists(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return SHANGHAI;
  if (zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  if (Number(digits.slice(3, 5)) > 59 || minutes > 14 * 60) return undefined;
  return digits[0] === '-' ? -minutes : minutes;
}

function zoneText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
