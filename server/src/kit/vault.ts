import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Queryable } from './pool.ts';

/** How a value is sealed; the byte that stands in front of it. SM4 (GB/T 32907) where the law asks for it, AES where speed does. */
export const ciphers = { 'aes-256-gcm': { number: 1, keyBytes: 32 }, 'sm4-gcm': { number: 2, keyBytes: 16 } } as const;
export type CipherName = keyof typeof ciphers;
/** Node's types know GCM by the names of AES alone. */
const gcm = (cipher: CipherName): CipherGCMTypes => cipher as CipherGCMTypes;

/**
 * Encryption at rest: document and telephone numbers, and everything that may hold one, lie in the database only sealed. A sealed
 * value is `cipher (1) ‖ root (4) ‖ salt (8) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`: its key is derived (HKDF) from the platform's root key and a salt that
 * each process draws for itself, so every server opens what any other has sealed, and no two count nonces under one key. `bind`
 * ('schema.table.column') is authenticated with it: a value that is moved to another column does not open.
 */
export type Vault = {
  seal(plain: Uint8Array | string, bind: string): Buffer;
  /** @throws SealBroken for a value that was altered, moved, or sealed under a key that this server does not hold */
  open(sealed: Uint8Array, bind: string): Buffer;
  /** 16 bytes of HMAC-SM3 under a key of this platform: equal values have equal indexes, and nobody without the key can try numbers out. */
  blindIndex(kind: string, value: string): Buffer;
};

export class SealBroken extends Error {}

const rootLength = 4;
const saltLength = 8;
const headLength = 1 + rootLength + saltLength;
const nonceLength = 12;
const tagLength = 16;

/** Root keys of the databases that this process has open, and the keys derived from them so far. */
const roots = new Map<string, KeyObject>();
const derived = new Map<string, KeyObject>();
const mostDerived = 10_000;

function keyOf(head: Buffer, cipher: CipherName): KeyObject | null {
  const name = head.toString('latin1');
  let key = derived.get(name);
  if (!key) {
    const root = roots.get(head.toString('hex', 1, 1 + rootLength));
    if (!root) return null;
    key = createSecretKey(Buffer.from(hkdfSync('sha256', root, head, 'hutong vault data', ciphers[cipher].keyBytes)));
    if (derived.size >= mostDerived) derived.clear();
    derived.set(name, key);
  }
  return key;
}

const binds = new Map<string, Buffer>();
const bindBytes = (bind: string): Buffer => {
  let bytes = binds.get(bind);
  if (!bytes) {
    bytes = Buffer.from(bind);
    binds.set(bind, bytes);
  }
  return bytes;
};

/** Nonces are counted, so they never repeat under the process's own key (NIST SP 800-38D §8.2.1): 2^48 values. */
export function makeVault(cipher: CipherName, rootId: Buffer, root: KeyObject, indexKey: KeyObject): Vault {
  roots.set(rootId.toString('hex'), root);
  const head = Buffer.concat([Buffer.of(ciphers[cipher].number), rootId, randomBytes(saltLength)]);
  const key = keyOf(head, cipher) as KeyObject;
  let counter = 0;
  return {
    seal(plain, bind) {
      const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
      const sealed = Buffer.allocUnsafe(headLength + nonceLength + bytes.length + tagLength);
      head.copy(sealed, 0);
      sealed.fill(0, headLength, headLength + nonceLength);
      sealed.writeUIntBE(++counter, headLength + 6, 6);
      const sealing = createCipheriv(gcm(cipher), key, sealed.subarray(headLength, headLength + nonceLength));
      sealing.setAAD(bindBytes(bind));
      sealing.update(bytes).copy(sealed, headLength + nonceLength);
      sealing.final();
      sealing.getAuthTag().copy(sealed, sealed.length - tagLength);
      return sealed;
    },
    open: openSealed,
    blindIndex: (kind, value) => createHmac('sm3', indexKey).update(`${kind}\u0000${value}`).digest().subarray(0, 16),
  };
}

/** Opens what any server of this platform has sealed. @throws SealBroken */
export function openSealed(sealed: Uint8Array, bind: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const cipher = (Object.keys(ciphers) as CipherName[]).find((name) => ciphers[name].number === bytes[0]);
  const key =
    cipher && bytes.length >= headLength + nonceLength + tagLength
      ? keyOf(bytes.subarray(0, headLength), cipher)
      : null;
  if (!cipher || !key) throw new SealBroken(`A sealed value of ${bind} cannot be opened: its key is not known here`);
  const opening = createDecipheriv(gcm(cipher), key, bytes.subarray(headLength, headLength + nonceLength));
  opening.setAAD(bindBytes(bind));
  opening.setAuthTag(bytes.subarray(bytes.length - tagLength));
  try {
    const plain = opening.update(bytes.subarray(headLength + nonceLength, bytes.length - tagLength));
    opening.final();
    return plain;
  } catch {
    throw new SealBroken(`A sealed value of ${bind} was altered or moved`);
  }
}

const vaults = new WeakMap<object, Vault>();
export const attachVault = (pool: Queryable, vault: Vault): void => void vaults.set(pool, vault);
const poolOf = new WeakMap<object, object>();
/** Remembers whose connection a client is; called when a pool opens one. */
export const belongsTo = (client: object, pool: object): void => void poolOf.set(client, pool);

/** The vault of the database behind a pool or one of its clients. @throws Error before openVault was called for it: a bug, never a reason to store in clear */
export function vaultOf(db: object): Vault {
  const vault = vaults.get(poolOf.get(db) ?? db);
  if (!vault) throw new Error('No vault is open for this database');
  return vault;
}

let pepper: { key: KeyObject; prefix: string } | null = null;
/** The key of index words that stand for numbers of persons. One for each platform, whatever servers and databases a process opens. */
export function setPepper(key: KeyObject): void {
  if (pepper && !pepper.key.equals(key))
    throw new Error('A process speaks for one platform: another index key is in use');
  pepper = { key, prefix: key.export().toString('hex') };
}

/**
 * A name for what is made of numbers that must not be found by trying them all: SM3 over the platform's index key and the text. A third of HMAC's
 * time; a key in front is enough where, as here, only a part of the digest is ever shown (nothing can be appended to it).
 */
export function pepperedHash(text: string): Buffer {
  if (!pepper) throw new Error('No vault is open: names and index words of numbers cannot be made');
  return hash('sm3', pepper.prefix + text, 'buffer').subarray(0, 20);
}

/** The first 64 bits of {@link pepperedHash}, as PostgreSQL's int8. */
export const pepperedKey64 = (text: string): bigint => pepperedHash(text).readBigInt64BE(0);
