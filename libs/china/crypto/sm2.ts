import { sm2 } from 'sm-crypto-v2';
import { DEFAULT_SIGNER_ID, type Sm2KeyPair, type Sm2SignOptions } from './provider.ts';
import { type Signer, sign, signer, type Verifier, verifier, verify } from './sm2-signature.ts';

// node:crypto cannot set the signer id of SM2 (OpenSSL 3.5 signs with an empty one), so the curve comes from a library; what signs or verifies with
// one key again and again has tables of its own (sm2-signature.ts), four times as fast.

/** Keys seen so far; null: once. A table costs as much as a hundred signatures, so it is made on the second use. */
const signers = new Map<string, Signer | null>();
const verifiers = new Map<string, Verifier | null>();
const KEPT_MOST = 64;

function onSecondUse<T>(kept: Map<string, T | null>, name: string, make: () => T): T | null {
  const known = kept.get(name);
  if (known) return known;
  if (known === undefined) {
    if (kept.size >= KEPT_MOST) kept.delete(kept.keys().next().value as string);
    kept.set(name, null);
    return null;
  }
  const made = make();
  kept.set(name, made);
  return made;
}

export function sm2KeyPair(): Sm2KeyPair {
  return sm2.generateKeyPairHex();
}

export function sm2PublicKey(privateKey: string): string {
  return sm2.getPublicKeyFromPrivateKey(privateKey);
}

export function sm2Sign(data: Uint8Array, privateKey: string, options: Sm2SignOptions = {}): Uint8Array {
  const userId = options.signerId ?? DEFAULT_SIGNER_ID;
  const kept = onSecondUse(signers, `${privateKey.toLowerCase()} ${userId}`, () =>
    signer(privateKey, sm2PublicKey(privateKey), userId),
  );
  if (kept) return sign(kept, data);
  const publicKey = options.publicKey ?? sm2PublicKey(privateKey);
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
    // Only a key that was found on the curve is kept; looking again costs little beside the library's own way.
    const name = `${publicKey.toLowerCase()} ${signerId}`;
    if (!verifiers.has(name) && !sm2.verifyPublicKey(publicKey)) return false;
    const kept = onSecondUse(verifiers, name, () => verifier(publicKey, signerId));
    if (kept) return verify(kept, data, signature);
    const hex = Buffer.from(signature).toString('hex');
    return sm2.doVerifySignature(data, hex, publicKey, { hash: true, userId: signerId });
  } catch {
    // The library throws on r or s out of range instead of answering.
    return false;
  }
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
