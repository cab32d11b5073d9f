const TOKENS: Record<string, string> = {
  yyyy: '(?<y>\\d{4})',
  MM: '(?<M>\\d{2})',
  M: '(?<M>\\d{1,2})',
  dd: '(?<d>\\d{2})',
  d: '(?<d>\\d{1,2})',
  HH: '(?<H>\\d{2})',
  H: '(?<H>\\d{1,2})',
  mm: '(?<m>\\d{2})',
  ss: '(?<s>\\d{2})',
};
const patterns = new Map<string, RegExp>();

/** Formats of a column that names none. */
export const usualFormats = [
  'yyyy-MM-dd',
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm',
  'yyyy/M/d',
  'yyyy/M/d H:mm',
  'yyyy/M/d H:mm:ss',
  'yyyyMMdd',
  'yyyyMMddHHmmss',
];

/** Whether a format is made of known tokens and has a year. */
export const isFormat = (format: string): boolean =>
  format === 'excel' || (/yyyy/.test(format) && !/[A-Za-z]/.test(format.replace(/yyyy|MM?|dd?|HH?|mm|ss|T/g, '')));

function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (!pattern) {
    const body = format.replace(/yyyy|MM?|dd?|HH?|mm|ss|[^A-Za-z0-9\s]/g, (token) => TOKENS[token] ?? `\\${token}`);
    pattern = new RegExp(`^${body}$`);
    patterns.set(format, pattern);
  }
  return pattern;
}

/** FHIR date or dateTime (Asia/Shanghai) of a cell in the first format that fits; undefined when none does. */
export function readDate(text: string, formats: readonly string[]): string | undefined {
  for (const format of formats) {
    if (format === 'excel') {
      const day = Number(text);
      // Day 60 is Excel's 29 February 1900, which never was; serial days count from 1899-12-30 behind it.
      if (!/^\d{1,6}(\.\d+)?$/.test(text) || day < 61 || day > 200_000) continue;
      const iso = new Date(Math.round((day - 25_569) * 86_400) * 1000).toISOString();
      return text.includes('.') ? `${iso.slice(0, 19)}+08:00` : iso.slice(0, 10);
    }
    const groups = patternOf(format).exec(text)?.groups;
    if (!groups) continue;
    const two = (name: string): string | undefined => groups[name]?.padStart(2, '0');
    const [year, month, day, hour] = [groups.y!, two('M'), two('d'), two('H')];
    if (month !== undefined && (Number(month) < 1 || Number(month) > 12)) continue;
    if (
      day !== undefined &&
      (Number(day) < 1 || Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
    )
      continue;
    const date = [year, month, day].filter((part) => part !== undefined).join('-');
    if (hour === undefined) return date;
    const [minute, second] = [two('m') ?? '00', two('s') ?? '00'];
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) continue;
    return `${date}T${hour}:${minute}:${second}+08:00`;
  }
  return undefined;
}

/** First instant that a FHIR date of Asia/Shanghai can mean, ISO 8601 UTC with milliseconds. */
export function instantOf(fhir: string): string {
  const [year, month = '01', day = '01'] = fhir.split('T')[0]!.split('-');
  return new Date(fhir.includes('T') ? fhir : `${year}-${month}-${day}T00:00:00+08:00`).toISOString();
}
