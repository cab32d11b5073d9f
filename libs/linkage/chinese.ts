import { characterReadings, foldName, looksAlike, namesAgree, soundClass, surnameForms } from '@hutong/china';
import type { NameReader } from './compare/chinese-name.ts';

/** Remembers answers by character: a few thousand characters make all names. */
function remember<T>(answer: (character: string) => T): (character: string) => T {
  const known = new Map<string, T>();
  return (character) => {
    let found = known.get(character);
    if (found === undefined) {
      found = answer(character);
      known.set(character, found);
    }
    return found;
  };
}

const forms = remember(surnameForms);

/** Knowledge of Chinese names from `@hutong/china`: the only tie of this library to another. */
export const chineseNames: NameReader = {
  fold: (name) => foldName(name).key,
  readings: remember(characterReadings),
  sounds: remember((character) => [...new Set(characterReadings(character).map(soundClass))]),
  looksAlike: (a, b) => looksAlike(a, b) || forms(a).includes(b),
  agreesByMark: (a, b) => (a.includes('?') || b.includes('?')) && namesAgree(a, b),
};
