/** One bit for each letter present, by the low five bits of its code: enough to rule most strangers out before the exact work. */
export function letterMask(text: string): number {
  let mask = 0;
  for (let i = 0; i < text.length; i++) mask |= 1 << (text.charCodeAt(i) & 31);
  return mask;
}

/** Number of set bits of a 32-bit number. */
export function countBits(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Lower bound of the edit distance: each edit takes away or brings at most one letter of either word. */
export function leastEdits(a: string, b: string): number {
  const gap = Math.abs(a.length - b.length);
  const maskA = letterMask(a);
  const maskB = letterMask(b);
  return Math.max(gap, countBits(maskA & ~maskB), countBits(maskB & ~maskA));
}
