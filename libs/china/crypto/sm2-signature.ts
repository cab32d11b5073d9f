import { hash, randomBytes } from 'node:crypto';
import { type FixedBase, fixedBase, G, hasX, invert, N, P, sumOfMultiples, xOf } from './sm2-fixed-base.ts';

// SM2 signatures (GB/T 32918.2-2016) for keys that are used again and again: tables of the generator and of the keys that verify are kept.

const B = '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93';
const hex = (value: bigint): string => value.toString(16).padStart(64, '0');
const bytes = (value: bigint): Buffer => Buffer.from(hex(value), 'hex');
const number = (data: Uint8Array): bigint => BigInt(`0x${Buffer.from(data).toString('hex')}`);
const modN = (value: bigint): bigint => ((value % N) + N) % N;

const system = Buffer.from(hex(P - 3n) + B + hex(G[0]) + hex(G[1]), 'hex');

/** Who signs (clause 5.5): SM3 over the length in bits of the signer id, the id, the curve and the public key (65 bytes, 04 first). */
function signerDigest(publicKey: string, signerId: string): Buffer {
  const id = Buffer.from(signerId);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length * 8);
  return hash('sm3', Buffer.concat([length, id, system, Buffer.from(publicKey.slice(2), 'hex')]), 'buffer');
}

const digestOf = (signer: Buffer, data: Uint8Array): bigint =>
  number(hash('sm3', Buffer.concat([signer, data]), 'buffer'));

let generator: FixedBase | undefined;
const ofGenerator = (): FixedBase => (generator ??= fixedBase(G));

export type Signer = { signer: Buffer; secret: bigint; inverse: bigint };

export function signer(privateKey: string, publicKey: string, signerId: string): Signer {
  const secret = BigInt(`0x${privateKey}`);
  return { signer: signerDigest(publicKey, signerId), secret, inverse: invert(modN(secret + 1n), N) };
}

/** Clause 6.1 with the nonce k given. @returns null where this k must not be used (A5, A6) */
export function signatureWith(key: Signer, data: Uint8Array, k: bigint): Buffer | null {
  const r = (digestOf(key.signer, data) + xOf(sumOfMultiples([[bytes(k), ofGenerator()]]))) % N;
  if (r === 0n || r + k === N) return null;
  const s = (key.inverse * modN(k - r * key.secret)) % N;
  return s === 0n ? null : Buffer.concat([bytes(r), bytes(s)]);
}

export function sign(key: Signer, data: Uint8Array): Buffer {
  for (;;) {
    const k = number(randomBytes(32));
    const signature = k === 0n || k >= N ? null : signatureWith(key, data, k);
    if (signature) return signature;
  }
}

export type Verifier = { signer: Buffer; base: FixedBase };

/** @param publicKey 130 hexadecimal digits of a point that was found to be on the curve */
export const verifier = (publicKey: string, signerId: string): Verifier => ({
  signer: signerDigest(publicKey, signerId),
  base: fixedBase([BigInt(`0x${publicKey.slice(2, 66)}`), BigInt(`0x${publicKey.slice(66)}`)]),
});

/** Clause 7.1. */
export function verify(key: Verifier, data: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32))];
  if (r === 0n || r >= N || s === 0n || s >= N) return false;
  const t = (r + s) % N;
  if (t === 0n) return false;
  const sum = sumOfMultiples([
    [bytes(s), ofGenerator()],
    [bytes(t), key.base],
  ]);
  return hasX(sum, modN(r - digestOf(key.signer, data)));
}
