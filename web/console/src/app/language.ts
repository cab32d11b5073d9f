import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'hutong.language';

function remembered(): Language {
  if (typeof document === 'undefined') return 'zh-CN';
  try {
    const kept = localStorage.getItem(storageKey);
    if (kept === 'zh-CN' || kept === 'en') return kept;
  } catch {
    // Storage can be forbidden by the browser; the language is then chosen anew on each visit.
  }
  return 'zh-CN';
}

export const i18n = i18next.createInstance();
i18n.use(initReactI18next).init({
  lng: remembered(),
  fallbackLng: 'zh-CN',
  supportedLngs: [...languages],
  resources: {},
  ns: [],
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  initAsync: false,
  react: { useSuspense: false },
});

export const currentLanguage = (): Language => (i18n.language === 'en' ? 'en' : 'zh-CN');

export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // See above.
  }
  void i18n.changeLanguage(language);
}

export function useLanguage(): Language {
  const { i18n: instance } = useTranslation(undefined, { i18n });
  return instance.language === 'en' ? 'en' : 'zh-CN';
}

/** All dictionaries that were registered, for the parity test. */
export const dictionaries = new Map<string, { zh: Record<string, string>; en: Record<string, string> }>();

export type Say<Key extends string> = (key: Key, values?: Record<string, string | number>) => string;

/**
 * Registers a screen's dictionary and returns the hook that speaks it. Chinese is the source; the type of `en` makes a missing
 * or superfluous English key a type error, because i18next itself falls back silently.
 */
export function words<const Zh extends Record<string, string>>(
  namespace: string,
  zh: Zh,
  en: { [Key in keyof Zh]: string },
): () => Say<keyof Zh & string> {
  dictionaries.set(namespace, { zh, en });
  i18n.addResourceBundle('zh-CN', namespace, zh);
  i18n.addResourceBundle('en', namespace, en);
  // biome-ignore lint/correctness/noComponentHookFactories: called once per dictionary, when its module is read, never while drawing
  return function useWords() {
    const { t } = useTranslation(namespace, { i18n });
    return t as unknown as Say<keyof Zh & string>;
  };
}
