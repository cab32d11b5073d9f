import { hash } from 'node:crypto';

/** SM3 (GB/T 32905-2016) of text or bytes, 64 lower-case hex digits. */
export const sm3 = (data: string | Uint8Array): string => hash('sm3', data, 'hex');

/** The first 64 bits of SHA-256 as a signed integer: the internal key of whatever has a name (int8 in SQL). */
export const key64 = (text: string): bigint => hash('sha256', text, 'buffer').readBigInt64BE(0);

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
