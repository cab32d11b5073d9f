import { Converter } from 'opencc-js/t2cn';
import { CODE_POINT_FOLDS } from './radicals.ts';
import { VARIANTS } from './variants.ts';

// One character at a time, so that OpenCC's phrase tables (made for running text) never touch a name.
const fromTraditional = Converter({ from: 't', to: 'cn' });
const fromHongKong = Converter({ from: 'hk', to: 'cn' });

/**
 * Characters OpenCC simplifies although names keep them: 乾 (qián) is written so in simplified names as well, and 徵 in
 * names is mostly zhǐ. Merging them with 干 and 征 would join different people.
 */
const KEPT = new Set(['乾', '徵']);

const known = new Map<string, string>();

/** One character to its simplified standard form; idempotent. Characters outside Han come back as they are. */
export function foldCharacter(character: string): string {
  const remembered = known.get(character);
  if (remembered !== undefined) return remembered;
  let folded = character;
  // Chains are short (radical -> traditional -> simplified); the bound only guards against a cycle in the tables.
  for (let step = 0; step < 6; step++) {
    const next = foldOnce(folded);
    if (next === folded) break;
    folded = next;
  }
  known.set(character, folded);
  return folded;
}

function foldOnce(character: string): string {
  const plain = CODE_POINT_FOLDS.get(character) ?? VARIANTS.get(character);
  if (plain !== undefined) return plain;
  if (KEPT.has(character) || !HAN.test(character)) return character;
  const simplified = fromTraditional(character);
  return simplified === character ? fromHongKong(character) : simplified;
}

const HAN = /\p{Script=Han}/u;
