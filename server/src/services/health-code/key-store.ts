import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type CardIdentity,
  cardId,
  DEFAULT_SIGNER_ID,
  judgeValidity,
  nodeCrypto,
  sealValidity,
  type ValidityJudgement,
} from '@hutong/china';
import type { PublishedKeys } from '@hutong/contract/health-code.ts';
import { liveSeconds } from './model.ts';
import { keyIdOf } from './own-code.ts';
import { openSm2Pool, type SigningKey } from './sm2/pool.ts';

/**
 * Whatever holds the keys of the cards: the soft store below, or a crypto machine behind the same few questions. No key ever leaves it.
 */
export type KeyStore = {
  /** Who issues: stands in every code of ours. */
  readonly issuer: string;
  /** The national card id of a person, 64 upper-case hexadecimal digits (security root key, SM3/SM4). */
  cardId(identity: CardIdentity): string;
  /** The time block of a national dynamic code (protection root key, SM4). */
  sealValidity(until: Date): string;
  judgeValidity(block: string, now: Date): ValidityJudgement;
  /** SM2 signatures with the present key over each text, in their order. */
  sign(data: Uint8Array[]): Promise<Uint8Array[]>;
  /** null: no key of that id is known here. */
  verify(keyId: string, data: Uint8Array, signature: Uint8Array): Promise<boolean | null>;
  /** The key that signs now. */
  readonly keyId: string;
  published(): PublishedKeys;
  close(): Promise<void>;
};

export type KeyFile = {
  issuer: string;
  /** 32 hexadecimal digits each. */
  securityRootKey: string;
  protectRootKey: string;
  /** SM2 private keys, 64 hexadecimal digits; the first signs, the others only verify what is still about. */
  signing: string[];
};

export class KeyFileError extends Error {}

/** Keys that stand in specifications and examples; whoever uses one has no secret. */
const published = new Set(['0123456789ABCDEFFEDCBA9876543210', '00000000000000000000000000000000']);

/** Keeps the keys in memory and computes with node:crypto and sm-crypto-v2. @throws KeyFileError for keys that cannot be used */
export function softKeyStore(file: KeyFile): KeyStore {
  for (const key of [file.securityRootKey, file.protectRootKey]) {
    if (typeof key !== 'string' || !/^[0-9A-Fa-f]{32}$/.test(key))
      throw new KeyFileError('a root key of the cards must be 32 hexadecimal digits');
    if (published.has(key.toUpperCase()) || new Set(key.toUpperCase()).size < 6)
      throw new KeyFileError('a root key of the cards is a published or guessable one');
  }
  if (!/^[\x21-\x7e]{1,32}$/.test(file.issuer ?? ''))
    throw new KeyFileError('the issuer must be 1 to 32 printable ASCII characters');
  if (
    !Array.isArray(file.signing) ||
    file.signing.length === 0 ||
    !file.signing.every((key) => /^[0-9a-fA-F]{64}$/.test(key))
  )
    throw new KeyFileError('signing must list at least one SM2 private key of 64 hexadecimal digits');
  const keys = file.signing.map((privateKey): SigningKey => {
    const publicKey = nodeCrypto.sm2PublicKey(privateKey);
    return { id: keyIdOf(publicKey), privateKey, publicKey };
  });
  const [current] = keys as [SigningKey];
  const pool = openSm2Pool(keys);
  return {
    issuer: file.issuer,
    keyId: current.id,
    cardId: (identity) => cardId(identity, file.securityRootKey),
    sealValidity: (until) => sealValidity(until, file.protectRootKey),
    judgeValidity: (block, now) => judgeValidity(block, file.protectRootKey, now, liveSeconds),
    sign: (data) => pool.sign(current.id, data),
    verify: async (keyId, data, signature) =>
      keys.some(({ id }) => id === keyId) ? pool.verify(keyId, data, signature) : null,
    published: () => ({
      issuer: file.issuer,
      signerId: DEFAULT_SIGNER_ID,
      keys: keys.map(({ id, publicKey }) => ({ id, publicKey, current: id === current.id })),
    }),
    close: () => pool.close(),
  };
}

/** The order of the SM2 curve (GB/T 32918.5): a private key lies below it. */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** Demo mode's keys: of this installation only, from its own random secret. */
export function demoKeyFile(secret: string): KeyFile {
  const derive = (purpose: string, bytes: number): string =>
    Buffer.from(hkdfSync('sha256', secret, 'hutong', `hutong health code ${purpose}`, bytes)).toString('hex');
  let signing = '';
  for (let round = 0; signing === '' || BigInt(`0x${signing}`) >= order - 1n || BigInt(`0x${signing}`) === 0n; round++)
    signing = derive(`signing ${round}`, 32);
  return {
    issuer: 'hutong-demo',
    securityRootKey: derive('security root', 16),
    protectRootKey: derive('protection root', 16),
    signing: [signing],
  };
}

/**
 * The store that the configuration asks for: the key file; in demo mode keys of its own; otherwise none, and whatever needs a key says so.
 * @throws KeyFileError
 */
export function openKeyStore(config: { cardKeys: string | null; demo: boolean; secret: string }): KeyStore | null {
  if (config.cardKeys !== null) {
    let file: KeyFile;
    try {
      file = JSON.parse(readFileSync(config.cardKeys, 'utf8')) as KeyFile;
    } catch {
      throw new KeyFileError('the file of HUTONG_CARD_KEYS cannot be read as JSON');
    }
    return softKeyStore(file);
  }
  return config.demo ? softKeyStore(demoKeyFile(config.secret)) : null;
}
