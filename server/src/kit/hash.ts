import { hash } from 'node:crypto';

/** SM3 (GB/T 32905-2016) of text or bytes, 64 lower-case hex digits. */
export const sm3 = (data: string | Uint8Array): string => hash('sm3', data, 'hex');

/** The first 64 bits of SHA-256 as a signed integer: the internal key of whatever has a name (int8 in SQL). */
export const key64 = (text: string): bigint => hash('sha256', text, 'buffer').readBigInt64BE(0);

const mix = (hash: number, word: number): number => {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
};
const finish = (hash: number, length: number): number => {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};

/**
 * 64 bits for index words, five times cheaper than SHA-256: two MurmurHash3 (A. Appleby, x86 32-bit) over the UTF-16 units with
 * different seeds. Good spread, no secrecy: nothing may be *identified* by it alone, only found and then compared.
 */
export function quickKey64(text: string): bigint {
  let high = 0x9747b28c | 0;
  let low = 0x3c6ef372 | 0;
  const { length } = text;
  for (let i = 0; i < length; i += 2) {
    const word = text.charCodeAt(i) | (i + 1 < length ? text.charCodeAt(i + 1) << 16 : 0);
    high = mix(high, word);
    low = mix(low, word);
  }
  return (BigInt(finish(high, length)) << 32n) | BigInt(finish(low, length) >>> 0);
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32, lower case, no padding: safe in FHIR ids and URLs, and cannot be told apart by case. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits ? out + alphabet[(value << (5 - bits)) & 31] : out;
}
