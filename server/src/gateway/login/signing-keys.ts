import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { deriveKey, seal, unseal } from './seal.ts';

/**
 * The provider's signing keys, newest first, made on the first start. One ES256 key is enough: access tokens are read by
 * this server, id tokens by its own console, and SMART Backend Services puts RS384/ES384 on the client's side only.
 * Keys that were sealed under another secret are left alone and not used: after a change of the secret a new key stands beside them.
 */
export async function signingKeys(pool: Pool, secret: string): Promise<JWK[]> {
  const key = deriveKey(secret, 'signing keys');
  return inTransaction(pool, async (client) => {
    // Two servers that start at once on one database must end with the same key.
    await client.query('lock table gateway.signing_key in exclusive mode');
    const { rows } = await client.query<{ kid: string; sealed: Buffer }>(
      'select kid, sealed from gateway.signing_key order by created_at desc',
    );
    const keys: JWK[] = [];
    for (const { kid, sealed } of rows) {
      const text = unseal(key, sealed, kid);
      if (text) keys.push(JSON.parse(text) as JWK);
    }
    if (keys.length > 0) return keys;
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    const kid = await calculateJwkThumbprint(jwk);
    const made: JWK = { ...jwk, kid, alg: 'ES256', use: 'sig' };
    await client.query('insert into gateway.signing_key (kid, alg, sealed) values ($1, $2, $3)', [
      kid,
      'ES256',
      seal(key, JSON.stringify(made), kid),
    ]);
    return [made];
  });
}

/** The half that may be shown. */
export const publicHalf = ({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...rest }: JWK): JWK => rest;
