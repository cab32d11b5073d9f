import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Permission } from '../../core/access/index.ts';
import { freshenOnce } from '../../kit/freshen.ts';
import type { Pool, Queryable } from '../../kit/pool.ts';
import { publicHalf } from './signing-keys.ts';

export type PlatformClient = { clientId: string; jwks: { keys: JWK[] }; permissions: Permission[] };

/** Machine clients of the platform itself, for example the operator's, who registers institutions. Kept for three seconds; who is not known is looked for anew. */
export function openPlatformClients(db: Queryable): (clientId: string) => Promise<PlatformClient | undefined> {
  let kept = new Map<string, PlatformClient>();
  let until = 0;
  const read = async (): Promise<void> => {
    const { rows } = await db.query<PlatformClient>(
      'select client_id as "clientId", jwks, permissions from gateway.client',
    );
    kept = new Map(rows.map((row) => [row.clientId, row]));
    until = Date.now() + 3000;
  };
  const freshen = freshenOnce(read);
  return async (clientId) => {
    if (Date.now() >= until) await read();
    if (!kept.has(clientId)) await freshen();
    return kept.get(clientId);
  };
}

export async function registerPlatformClient(
  db: Queryable,
  client: PlatformClient,
  { demo = false } = {},
): Promise<void> {
  await db.query(
    `insert into gateway.client (client_id, jwks, permissions, demo) values ($1, $2, $3, $4)
     on conflict (client_id) do update set jwks = $2, permissions = $3, demo = $4, changed_at = now()`,
    [client.clientId, JSON.stringify({ keys: client.jwks.keys.map(publicHalf) }), client.permissions, demo],
  );
}

export const operatorClientId = 'operator';
export const operatorPermissions: Permission[] = [
  'directory.write',
  'directory.read',
  'operations.read',
  'operations.act',
];

/**
 * Demo mode: the operator's key pair lies in the data folder, readable by its owner alone, so that the synthetic city can
 * register its institutions as any region would.
 * @returns the file with the private key (a JWK)
 */
export async function makeDemoOperator(pool: Pool, dataDir: string): Promise<string> {
  const folder = join(dataDir, 'keys');
  const file = join(folder, 'operator.jwk.json');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    writeFileSync(
      file,
      JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }, null, 2),
      { mode: 0o600 },
    );
  }
  chmodSync(file, 0o600);
  const key = JSON.parse(readFileSync(file, 'utf8')) as JWK;
  await registerPlatformClient(
    pool,
    { clientId: operatorClientId, jwks: { keys: [key] }, permissions: operatorPermissions },
    { demo: true },
  );
  return file;
}
