import { useSettings } from './settings.ts';
import { en, type Key, zh } from './words.ts';

export type Say = (key: Key, values?: Record<string, string | number>) => string;

export function useSay(): Say {
  const { language } = useSettings();
  const words: Record<Key, string> = language === 'en' ? en : zh;
  return (key, values = {}) => words[key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The text of something that comes in both languages. */
export function usePick(): (both: { zh: string; en: string }) => string {
  const { language } = useSettings();
  return (both) => (language === 'en' ? both.en : both.zh);
}

const zone = 'Asia/Shanghai';
const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
/** `2026-11-30 16:05` in Asia/Shanghai. */
export const moment = (iso: string): string => parts.format(new Date(iso));
export const day = (iso: string): string => moment(iso).slice(0, 10);
export const minute = (iso: string): string => moment(iso).slice(11);
