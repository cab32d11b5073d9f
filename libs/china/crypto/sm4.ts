import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Sm4GcmOptions, Sm4Options } from './provider.ts';

const BLOCK = 16;
const TAG = 16;

/** OpenSSL knows it; the type declarations list only the AES names of GCM. */
const SM4_GCM = 'sm4-gcm' as 'aes-128-gcm';

export function sm4Encrypt(data: Uint8Array, options: Sm4Options): Uint8Array {
  const cipher = createCipheriv(`sm4-${options.mode}`, options.key, initial(options));
  if (options.mode !== 'ctr') cipher.setAutoPadding(options.padding ?? false);
  return join(cipher.update(data), cipher.final());
}

export function sm4Decrypt(data: Uint8Array, options: Sm4Options): Uint8Array | null {
  if (options.mode !== 'ctr' && (data.length % BLOCK !== 0 || (options.padding && data.length === 0))) return null;
  const decipher = createDecipheriv(`sm4-${options.mode}`, options.key, initial(options));
  if (options.mode !== 'ctr') decipher.setAutoPadding(options.padding ?? false);
  const head = decipher.update(data);
  // Whole blocks came in, so the only thing final() can dislike is the padding.
  if (!options.padding || options.mode === 'ctr') return join(head, decipher.final());
  try {
    return join(head, decipher.final());
  } catch {
    return null;
  }
}

export function sm4Seal(data: Uint8Array, options: Sm4GcmOptions): Uint8Array {
  const cipher = createCipheriv(SM4_GCM, options.key, nonce(options), { authTagLength: TAG });
  if (options.associated) cipher.setAAD(options.associated);
  const head = cipher.update(data);
  return Buffer.concat([head, cipher.final(), cipher.getAuthTag()]);
}

export function sm4Open(sealed: Uint8Array, options: Sm4GcmOptions): Uint8Array | null {
  if (sealed.length < TAG) return null;
  const decipher = createDecipheriv(SM4_GCM, options.key, nonce(options), { authTagLength: TAG });
  if (options.associated) decipher.setAAD(options.associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  const head = decipher.update(sealed.subarray(0, sealed.length - TAG));
  try {
    return join(head, decipher.final());
  } catch {
    return null;
  }
}

function initial(options: Sm4Options): Uint8Array | null {
  if (options.mode === 'ecb') return null;
  if (options.iv?.length !== BLOCK) throw new RangeError(`sm4-${options.mode} needs an iv of 16 bytes`);
  return options.iv;
}

function nonce(options: Sm4GcmOptions): Uint8Array {
  if (options.nonce.length !== 12) throw new RangeError('sm4-gcm needs a nonce of 12 bytes');
  return options.nonce;
}

function join(head: Buffer, tail: Buffer): Buffer {
  return tail.length === 0 ? head : Buffer.concat([head, tail]);
}
