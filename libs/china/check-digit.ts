/** Weights 2^(17-i) mod 11 of the first 17 places (GB 11643-1999 clause 3.3, ISO 7064 MOD 11-2). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** Remainder 0..10 to check character; X stands for ten. */
const CHARACTERS = '10X98765432';

/**
 * The check character of an 18-place number: `first17` are exactly 17 ASCII digits (the caller has made sure),
 * the answer is `'0'..'9'` or `'X'`. ISO 7064 MOD 11-2 catches every single wrong digit and every swap of two places.
 */
export function checkDigit(first17: string): string {
  let sum = 0;
  for (let place = 0; place < 17; place++) sum += (first17.charCodeAt(place) - 48) * WEIGHTS[place]!;
  return CHARACTERS[sum % 11]!;
}
