import { useSyncExternalStore } from 'react';

export type Language = 'zh-CN' | 'en';
/** What the resident has chosen on this phone. `elder`: larger letters and targets, fewer things at once (工信部适老化规范: 18 dp, 60 dp). */
export type Settings = { language: Language; elder: boolean };

const key = 'hutong.resident.settings';
/** The console of the same site keeps the language under this name. */
const sharedLanguage = 'hutong.language';

function read(): Settings {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Settings>;
    const language = kept.language ?? localStorage.getItem(sharedLanguage);
    return { language: language === 'en' ? 'en' : 'zh-CN', elder: kept.elder === true };
  } catch {
    return { language: 'zh-CN', elder: false };
  }
}

let settings = read();
const listeners = new Set<() => void>();

export function applySettings(): void {
  document.documentElement.lang = settings.language;
  document.documentElement.dataset.elder = settings.elder ? 'yes' : 'no';
}

export function choose(change: Partial<Settings>): void {
  settings = { ...settings, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Storage can be forbidden; the choice then lasts for this visit.
  }
  applySettings();
  for (const listener of listeners) listener();
}

export const useSettings = (): Settings =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => settings,
  );
