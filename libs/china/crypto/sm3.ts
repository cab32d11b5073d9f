import { createHash, createHmac, hash } from 'node:crypto';

/** SM3 (GB/T 32905-2016) of bytes or of the UTF-8 of a text: 64 lower-case hexadecimal characters. */
export function sm3Hex(data: string | Uint8Array): string {
  return hash('sm3', data, 'hex');
}

/** SM3 (GB/T 32905-2016) of bytes or of the UTF-8 of a text: 32 bytes. */
export function sm3(data: string | Uint8Array): Buffer {
  return createHash('sm3').update(data).digest();
}

/** HMAC-SM3 (GB/T 15852.2): 32 bytes. */
export function hmacSm3(key: string | Uint8Array, data: string | Uint8Array): Buffer {
  return createHmac('sm3', key).update(data).digest();
}
