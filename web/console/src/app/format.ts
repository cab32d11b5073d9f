import { type Language, useLanguage } from './language.ts';

const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const secondParts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `2026-11-23 14:05` in Asia/Shanghai. A date without a time (`1958`, `1958-03`, `1958-03-02`) stays as it is: it has no zone. */
export function moment(iso: string): string {
  if (/^\d{4}(-\d{2}(-\d{2})?)?$/.test(iso)) return iso;
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : parts.format(at);
}
export const day = (iso: string): string => moment(iso).slice(0, 10);
/** `14:05:09` in Asia/Shanghai. */
export const clock = (iso: string | number): string => secondParts.format(new Date(iso));

/** "3 minutes ago" in the language, coarse on purpose. */
export function ago(iso: string, now: number, language: Language): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(seconds, 'second');
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}

/** A span of seconds with the two largest units at most: `42 s`, `3 min 5 s`, `2 h 10 min`, `4 d`. */
export function span(seconds: number, language: Language): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    }).format(value);
  if (seconds < 60) return unit(Math.round(seconds * 10) / 10, 'second');
  const whole = Math.round(seconds);
  const join = (large: string, rest: number, small: string): string => (rest === 0 ? large : `${large} ${small}`);
  if (whole < 3600) return join(unit(Math.floor(whole / 60), 'minute'), whole % 60, unit(whole % 60, 'second'));
  if (whole < 86_400)
    return join(
      unit(Math.floor(whole / 3600), 'hour'),
      Math.floor((whole % 3600) / 60),
      unit(Math.floor((whole % 3600) / 60), 'minute'),
    );
  return unit(Math.floor(whole / 86_400), 'day');
}

export function bytes(count: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let value = count;
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}

type Named = { nameZh: string; nameEn: string };
type Sentence = { zh: string; en: string };

export type Format = {
  language: Language;
  /** The sentence in the reader's language; the other one where this one is empty. */
  pick(sentence: Sentence): string;
  name(named: Named): string;
  number(value: number): string;
  ago(iso: string): string;
  span(seconds: number): string;
  bytes(count: number): string;
};

export function useFormat(): Format {
  const language = useLanguage();
  const english = language === 'en';
  return {
    language,
    pick: ({ zh, en }) => (english ? en || zh : zh || en),
    name: ({ nameZh, nameEn }) => (english ? nameEn || nameZh : nameZh || nameEn),
    number: (value) => new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format(value),
    ago: (iso) => ago(iso, Date.now(), language),
    span: (seconds) => span(seconds, language),
    bytes: (count) => bytes(count, language),
  };
}
