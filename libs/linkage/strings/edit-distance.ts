// Optimal string alignment distance (insert, delete, replace, swap of neighbours), bit-parallel:
// H. Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances" (2003), after G. Myers (1999).
import { leastEdits } from './letters.ts';

/** Bit masks of the pattern by UTF-16 unit. One table for the thread: only touched cells are cleared, so a call allocates nothing. */
const masks = new Int32Array(65536);
let rowBefore = new Int32Array(64);
let rowLast = new Int32Array(64);
let rowNow = new Int32Array(64);

/** Edit distance with swaps of neighbours (each place edited once). Symmetric; counts UTF-16 units. */
export function editDistance(a: string, b: string): number {
  if (a === b) return 0;
  const pattern = a.length <= b.length ? a : b;
  const text = a.length <= b.length ? b : a;
  if (pattern.length === 0) return text.length;
  return pattern.length <= 32 ? bitParallel(pattern, text) : dynamic(pattern, text);
}

/** Edit distance where it is at most `most`, else `most + 1`: strangers are told by their letters alone. */
export function editDistanceUpTo(a: string, b: string, most: number): number {
  if (a === b) return 0;
  if (leastEdits(a, b) > most) return most + 1;
  return Math.min(editDistance(a, b), most + 1);
}

function bitParallel(pattern: string, text: string): number {
  const length = pattern.length;
  for (let i = 0; i < length; i++) masks[pattern.charCodeAt(i)]! |= 1 << i;
  const last = 1 << (length - 1);
  let plus = -1;
  let minus = 0;
  let diagonal = 0;
  let maskBefore = 0;
  let score = length;
  for (let j = 0; j < text.length; j++) {
    const mask = masks[text.charCodeAt(j)]!;
    const swap = ((~diagonal & mask) << 1) & maskBefore;
    // The carry beyond bit 32 is dropped on purpose: bits above the pattern are never read.
    diagonal = ((((mask & plus) + plus) | 0) ^ plus) | mask | minus | swap;
    let horizontalPlus = minus | ~(diagonal | plus);
    let horizontalMinus = diagonal & plus;
    if ((horizontalPlus & last) !== 0) score++;
    else if ((horizontalMinus & last) !== 0) score--;
    horizontalPlus = (horizontalPlus << 1) | 1;
    horizontalMinus <<= 1;
    plus = horizontalMinus | ~(diagonal | horizontalPlus);
    minus = horizontalPlus & diagonal;
    maskBefore = mask;
  }
  for (let i = 0; i < length; i++) masks[pattern.charCodeAt(i)] = 0;
  return score;
}

function dynamic(a: string, b: string): number {
  if (rowNow.length <= b.length) {
    rowBefore = new Int32Array(b.length * 2);
    rowLast = new Int32Array(b.length * 2);
    rowNow = new Int32Array(b.length * 2);
  }
  for (let j = 0; j <= b.length; j++) rowLast[j] = j;
  for (let i = 1; i <= a.length; i++) {
    rowNow[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let best = Math.min(rowLast[j]! + 1, rowNow[j - 1]! + 1, rowLast[j - 1]! + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) best = Math.min(best, rowBefore[j - 2]! + 1);
      rowNow[j] = best;
    }
    [rowBefore, rowLast, rowNow] = [rowLast, rowNow, rowBefore];
  }
  return rowLast[b.length]!;
}
