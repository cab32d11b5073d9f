import type { CryptoProvider } from './provider.ts';
import { sm2Decrypt, sm2Encrypt, sm2KeyPair, sm2PublicKey, sm2Sign, sm2Verify } from './sm2.ts';
import { hmacSm3, sm3 } from './sm3.ts';
import { sm4Decrypt, sm4Encrypt, sm4Open, sm4Seal } from './sm4.ts';

/** In-process provider: SM3 and SM4 by node:crypto (OpenSSL 3.5), SM2 by sm-crypto-v2. Keys live in memory. */
export const nodeCrypto: CryptoProvider = {
  name: 'node',
  hash: sm3,
  hmac: hmacSm3,
  sm4Encrypt,
  sm4Decrypt,
  sm4Seal,
  sm4Open,
  sm2KeyPair,
  sm2PublicKey,
  sm2Sign,
  sm2Verify,
  sm2Encrypt,
  sm2Decrypt,
};
