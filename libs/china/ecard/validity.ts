import { dayExists } from '../calendar.ts';
import { nodeCrypto } from '../crypto/node-provider.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

/** Time zone of the block; China has kept no daylight saving since 1991. */
const SHANGHAI = 8 * 60 * 60 * 1000;

/**
 * Validity block of a dynamic code: SM4-ECB, protection root key (32 hexadecimal characters), over the end of validity
 * as seven BCD bytes YYYYMMDDHHMMSS in Asia/Shanghai, zero-padded. 32 upper-case hexadecimal characters. Fractions of a
 * second are cut. The block is bound to nothing but the time: anybody can splice it onto another card id, therefore
 * a code with a good block identifies and never authorises.
 */
export function sealValidity(until: Date, protectRootKey: string, crypto: CryptoProvider = nodeCrypto): string {
  const local = new Date(until.getTime() + SHANGHAI);
  const year = local.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) throw new RangeError('validity needs a year of four digits');
  const digits = local.toISOString().slice(0, 19).replace(/[-T:]/g, '');
  const block = Buffer.alloc(16);
  block.write(digits, 'hex');
  const sealed = crypto.sm4Encrypt(block, { mode: 'ecb', key: rootKey(protectRootKey) });
  return Buffer.from(sealed).toString('hex').toUpperCase();
}

/** End of validity inside a block, or null when it was not made with this key (the padding or the date is impossible). */
export function openValidity(block: string, protectRootKey: string, crypto: CryptoProvider = nodeCrypto): Date | null {
  if (!/^[0-9A-F]{32}$/i.test(block)) return null;
  const plain = crypto.sm4Decrypt(Buffer.from(block, 'hex'), { mode: 'ecb', key: rootKey(protectRootKey) });
  const hex = plain === null ? '' : Buffer.from(plain).toString('hex');
  const found = /^([1-9][0-9]{3})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})0{18}$/.exec(hex);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!dayExists(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second) - SHANGHAI);
}

function rootKey(hex: string): Buffer {
  const key = Buffer.from(hex, 'hex');
  if (key.length !== 16 || hex.length !== 32) throw new RangeError('expected a key of 16 bytes in hexadecimal');
  return key;
}
