import {
  characterReadings,
  foldName,
  looksAlike,
  namesAgree,
  parseNewbornName,
  soundClass,
  surnameForms,
} from '@hutong/china';
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

/** Every provisional name holds one of these: spares reading the others. */
const MAY_BE_NEWBORN = /[之双婴孩宝毛]/u;

const forms = remember(surnameForms);

/** Knowledge of Chinese names from `@hutong/china`: the only tie of this library to another. */
export const chineseNames: NameReader = {
  fold: (name) => foldName(name).key,
  readings: remember(characterReadings),
  sounds: remember((character) => [...new Set(characterReadings(character).map(soundClass))]),
  looksAlike: (a, b) => looksAlike(a, b) || forms(a).includes(b),
  newborn(name) {
    const found = MAY_BE_NEWBORN.test(name) ? parseNewbornName(name) : null;
    return found && (found.order ?? 0);
  },
  agreesByMark: (a, b) => (a.includes('?') || b.includes('?')) && namesAgree(a, b),
};
