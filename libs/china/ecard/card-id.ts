import { nodeCrypto } from '../crypto/node-provider.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

/** What the national algorithm hashes: the two-digit document type (CV02.01.101), the number and the name as written. */
export type CardIdentity = { documentType: string; documentNumber: string; name: string };

/**
 * Length of the enciphered block. The specification's example fills two SM4 blocks; for short numbers public
 * implementations differ, so it is stated: `fixed` always gives 64 hexadecimal characters, `shortest` 32 where one
 * block is enough. The reading side takes both.
 */
export type CardIdLength = 'fixed' | 'shortest';

/**
 * Master-index id: SM3 over the UTF-8 of type, number and name without separators; 64 upper-case hexadecimal
 * characters. It is an unsalted hash of things one can guess, so treat it as the document number itself.
 */
export function masterIndexId(identity: CardIdentity, crypto: CryptoProvider = nodeCrypto): string {
  return upperHex(crypto.hash(`${identity.documentType}${identity.documentNumber}${identity.name}`));
}

/** Dispersion factor: the four 8-byte groups of the master-index id, XORed; 16 upper-case hexadecimal characters. */
export function dispersionFactor(masterIndex: string): string {
  const id = bytesOf(masterIndex, 32);
  const factor = Buffer.alloc(8);
  for (let place = 0; place < 32; place++) factor[place % 8]! ^= id[place]!;
  return upperHex(factor);
}

/**
 * User key of one card: SM4-ECB, security root key, over the factor followed by its bitwise complement
 * (the dispersion of the 2012 resident health card). 32 upper-case hexadecimal characters.
 */
export function userKey(factor: string, securityRootKey: string, crypto: CryptoProvider = nodeCrypto): string {
  const block = Buffer.alloc(16);
  for (const [place, value] of bytesOf(factor, 8).entries()) {
    block[place] = value;
    block[place + 8] = value ^ 0xff;
  }
  return upperHex(crypto.sm4Encrypt(block, { mode: 'ecb', key: bytesOf(securityRootKey, 16) }));
}

/**
 * E-health-card id: SM4-ECB under the user key over document type and number, zero-padded.
 * `securityRootKey` is 32 hexadecimal characters. 64 (or 32, see `CardIdLength`) upper-case hexadecimal characters.
 */
export function cardId(
  identity: CardIdentity,
  securityRootKey: string,
  length: CardIdLength = 'fixed',
  crypto: CryptoProvider = nodeCrypto,
): string {
  const key = userKey(dispersionFactor(masterIndexId(identity, crypto)), securityRootKey, crypto);
  const plain = plainBlock(identity, length);
  return upperHex(crypto.sm4Encrypt(plain, { mode: 'ecb', key: bytesOf(key, 16) }));
}

/**
 * The document inside a card id, for the card centre that holds the resident's user key: null when the key is another
 * resident's. The type is the first two characters.
 */
export function openCardId(
  id: string,
  key: string,
  crypto: CryptoProvider = nodeCrypto,
): { documentType: string; documentNumber: string } | null {
  const plain = crypto.sm4Decrypt(Buffer.from(id, 'hex'), { mode: 'ecb', key: bytesOf(key, 16) });
  const text = plain === null ? '' : Buffer.from(plain).toString('utf8').replace(/\0+$/, '');
  if (!/^[0-9]{2}[^\p{C}\uFFFD]+$/u.test(text)) return null;
  return { documentType: text.slice(0, 2), documentNumber: text.slice(2) };
}

function plainBlock(identity: CardIdentity, length: CardIdLength): Uint8Array {
  const text = Buffer.from(identity.documentType + identity.documentNumber, 'utf8');
  const least = length === 'fixed' ? 32 : 16;
  const plain = Buffer.alloc(Math.max(least, Math.ceil(text.length / 16) * 16));
  text.copy(plain);
  return plain;
}

function bytesOf(hex: string, length: number): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length !== length || hex.length !== length * 2)
    throw new RangeError(`expected ${length} bytes in hexadecimal`);
  return bytes;
}

function upperHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}
