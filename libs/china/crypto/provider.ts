/** Default signer identity of SM2 when the parties agree on none (GB/T 35276-2017 clause 10). */
export const DEFAULT_SIGNER_ID = '1234567812345678';

/** Block modes without authentication; for anything stored or sent use `sm4Seal`. */
export type Sm4Mode = 'ecb' | 'cbc' | 'ctr';

/** How to run SM4 in one of the plain modes. */
export type Sm4Options = {
  mode: Sm4Mode;
  /** 16 bytes. */
  key: Uint8Array;
  /** 16 bytes for cbc and ctr; absent for ecb. */
  iv?: Uint8Array;
  /** PKCS#7 for ecb and cbc; without it the data must be whole blocks of 16 bytes. Default false; ctr never pads. */
  padding?: boolean;
};

/** Key, nonce and bound data of one SM4-GCM message. */
export type Sm4GcmOptions = {
  /** 16 bytes. */
  key: Uint8Array;
  /** 12 bytes, never used twice under one key. */
  nonce: Uint8Array;
  /** Bound to the ciphertext but not hidden. */
  associated?: Uint8Array;
};

/** Private key 64 hexadecimal characters; public key 130, uncompressed, beginning with 04. Lower case. */
export type Sm2KeyPair = { privateKey: string; publicKey: string };

/** Who signs; the defaults are what GB/T 35276 prescribes. */
export type Sm2SignOptions = {
  signerId?: string;
  /** The signer's public key; given, it need not be computed again (about a third of the time). */
  publicKey?: string;
};

/**
 * All national cryptography of the platform goes through this one interface, so that a hardware module or a newer
 * library can take its place. Wrong key or nonce lengths throw (a bug); data from outside that fails to open or verify
 * is an answer (`null`, `false`).
 */
export type CryptoProvider = {
  readonly name: string;
  /** SM3, GB/T 32905-2016: 32 bytes. Text is taken as UTF-8. */
  hash(data: Uint8Array | string): Uint8Array;
  /** HMAC with SM3: 32 bytes. */
  hmac(key: Uint8Array, data: Uint8Array | string): Uint8Array;
  /** SM4, GB/T 32907-2016 with the modes of GB/T 17964. */
  sm4Encrypt(data: Uint8Array, options: Sm4Options): Uint8Array;
  /** null: not whole blocks, or the padding is wrong. */
  sm4Decrypt(data: Uint8Array, options: Sm4Options): Uint8Array | null;
  /** SM4-GCM (RFC 8998): ciphertext followed by the 16-byte tag. */
  sm4Seal(data: Uint8Array, options: Sm4GcmOptions): Uint8Array;
  /** null: too short, changed, or another key, nonce or associated data. */
  sm4Open(sealed: Uint8Array, options: Sm4GcmOptions): Uint8Array | null;
  /** SM2, GB/T 32918: a new random key pair. */
  sm2KeyPair(): Sm2KeyPair;
  sm2PublicKey(privateKey: string): string;
  /** 64 bytes r || s over SM3(Z || data), Z made of the signer id and the public key (GB/T 32918.2). */
  sm2Sign(data: Uint8Array, privateKey: string, options?: Sm2SignOptions): Uint8Array;
  /** false for any signature or key that is malformed, too. */
  sm2Verify(data: Uint8Array, signature: Uint8Array, publicKey: string, signerId?: string): boolean;
  /** C1 || C3 || C2, C1 an uncompressed point beginning with 04 (GB/T 32918.4); `data` holds at least one byte. */
  sm2Encrypt(data: Uint8Array, publicKey: string): Uint8Array;
  /** null when the hash inside does not fit. */
  sm2Decrypt(data: Uint8Array, privateKey: string): Uint8Array | null;
};
