import { sm2 } from 'sm-crypto-v2';
import { DEFAULT_SIGNER_ID, type Sm2KeyPair, type Sm2SignOptions } from './provider.ts';

// node:crypto cannot set the signer id of SM2 (OpenSSL 3.5 signs with an empty one), so the curve comes from a library.

type Point = ReturnType<typeof sm2.precomputePublicKey>;

/** Verifying with a prepared point is about five times faster; a platform verifies for few issuers, again and again. */
const prepared = new Map<string, Point | null>();
const PREPARED_MOST = 64;

export function sm2KeyPair(): Sm2KeyPair {
  return sm2.generateKeyPairHex();
}

export function sm2PublicKey(privateKey: string): string {
  return sm2.getPublicKeyFromPrivateKey(privateKey);
}

export function sm2Sign(data: Uint8Array, privateKey: string, options: Sm2SignOptions = {}): Uint8Array {
  const publicKey = options.publicKey ?? sm2PublicKey(privateKey);
  const userId = options.signerId ?? DEFAULT_SIGNER_ID;
  return Buffer.from(sm2.doSignature(data, privateKey, { hash: true, publicKey, userId }), 'hex');
}

export function sm2Verify(
  data: Uint8Array,
  signature: Uint8Array,
  publicKey: string,
  signerId: string = DEFAULT_SIGNER_ID,
): boolean {
  if (signature.length !== 64 || !/^04[0-9a-f]{128}$/i.test(publicKey)) return false;
  try {
    const key = preparedKey(publicKey);
    if (key === null) return false;
    const hex = Buffer.from(signature).toString('hex');
    return sm2.doVerifySignature(data, hex, key, { hash: true, userId: signerId });
  } catch {
    // The library throws on r or s out of range instead of answering.
    return false;
  }
}

/** The point of a key, prepared on its second use (preparing costs more than one plain verification). */
function preparedKey(publicKey: string): string | Point | null {
  const known = prepared.get(publicKey);
  if (known) return known;
  if (known === null) {
    const point = sm2.precomputePublicKey(publicKey);
    prepared.set(publicKey, point);
    return point;
  }
  if (!sm2.verifyPublicKey(publicKey)) return null;
  if (prepared.size >= PREPARED_MOST) prepared.delete(prepared.keys().next().value!);
  prepared.set(publicKey, null);
  return publicKey;
}

export function sm2Encrypt(data: Uint8Array, publicKey: string): Uint8Array {
  // GB/T 32918.4 clause 6.1 knows no empty message: the key stream would hide nothing.
  if (data.length === 0) throw new RangeError('sm2 cannot encrypt an empty message');
  return Buffer.from(`04${sm2.doEncrypt(data, publicKey, 1)}`, 'hex');
}

export function sm2Decrypt(data: Uint8Array, privateKey: string): Uint8Array | null {
  // 1 mark + 64 point + 32 hash, and at least one byte of content.
  if (data.length <= 97 || data[0] !== 4) return null;
  try {
    const opened = sm2.doDecrypt(Buffer.from(data.subarray(1)).toString('hex'), privateKey, 1, { output: 'array' });
    return opened.length === data.length - 97 ? opened : null;
  } catch {
    return null;
  }
}
