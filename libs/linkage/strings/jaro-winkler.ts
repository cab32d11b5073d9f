import { countBits, letterMask } from './letters.ts';

let flagsA = new Uint8Array(64);
let flagsB = new Uint8Array(64);

/** Jaro-Winkler similarity, 0 to 1 (W. Winkler 1990; prefix weight 0.1, at most four units). Symmetric. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  // One greedy direction only, so that the answer does not depend on the order of the arguments.
  if (a.length > b.length || (a.length === b.length && a > b)) return jaroWinkler(b, a);
  if (a.length === 0) return 0;
  if (flagsB.length < b.length) {
    flagsA = new Uint8Array(b.length * 2);
    flagsB = new Uint8Array(b.length * 2);
  }
  flagsA.fill(0, 0, a.length);
  flagsB.fill(0, 0, b.length);
  const reach = Math.max(0, (b.length >> 1) - 1);
  let shared = 0;
  for (let i = 0; i < a.length; i++) {
    const unit = a.charCodeAt(i);
    const end = Math.min(b.length - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= end; j++) {
      if (flagsB[j] === 1 || b.charCodeAt(j) !== unit) continue;
      flagsA[i] = 1;
      flagsB[j] = 1;
      shared++;
      break;
    }
  }
  if (shared === 0) return 0;
  let outOfOrder = 0;
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    if (flagsA[i] === 0) continue;
    while (flagsB[j] === 0) j++;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) outOfOrder++;
    j++;
  }
  const jaro = (shared / a.length + shared / b.length + (shared - outOfOrder / 2) / shared) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Upper bound of `jaroWinkler`, from the letters each word has and the other lacks. */
export function mostJaroWinkler(a: string, b: string): number {
  const maskA = letterMask(a);
  const maskB = letterMask(b);
  const shared = Math.min(a.length - countBits(maskA & ~maskB), b.length - countBits(maskB & ~maskA));
  if (shared <= 0) return 0;
  const jaro = (shared / a.length + shared / b.length + 1) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}
