import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import type { Pool } from '../../kit/pool.ts';
import { attachVault, type CipherName, makeVault, setPepper, type Vault } from '../../kit/vault.ts';
import { addKey, rewrapKey, type WrappedKey, wrappedKeys } from './tables.ts';

/** The secret does not fit the database: starting would make a platform that cannot read its own records. */
export class WrongSecret extends Error {}

const derive = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'hutong vault', purpose, 32));

function wrap(key: Buffer, master: Buffer, id: Buffer): Buffer {
  const nonce = randomBytes(12);
  const wrapping = createCipheriv('aes-256-gcm', master, nonce);
  wrapping.setAAD(id);
  return Buffer.concat([nonce, wrapping.update(key), wrapping.final(), wrapping.getAuthTag()]);
}

function unwrap(wrapped: Buffer, master: Buffer, id: Buffer): Buffer | null {
  const unwrapping = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, 12));
  unwrapping.setAAD(id);
  unwrapping.setAuthTag(wrapped.subarray(-16));
  try {
    return Buffer.concat([unwrapping.update(wrapped.subarray(12, -16)), unwrapping.final()]);
  } catch {
    return null;
  }
}

/** The index key of a platform whose database is new. It follows from the secret, so that several databases of one platform agree. */
export const firstIndexKey = (secret: string): Buffer => derive(secret, 'index');

/**
 * Opens the platform's keys, making them on the first start, and ties the vault to the pool (`vaultOf`).
 * @param options.secret HUTONG_SECRET; the keys are wrapped under a key derived from it
 * @param options.previousSecret the one before, while it is being changed: the keys are wrapped anew
 * @throws WrongSecret when a key opens under neither
 */
export async function openVault(
  pool: Pool,
  options: { secret: string; previousSecret?: string; cipher?: CipherName },
): Promise<Vault> {
  const master = derive(options.secret, 'wrap');
  const former = options.previousSecret ? derive(options.previousSecret, 'wrap') : null;
  const keyOf = async (purpose: WrappedKey['purpose'], first: Buffer): Promise<{ id: Buffer; key: KeyObject }> => {
    const find = async (): Promise<WrappedKey | undefined> =>
      (await wrappedKeys(pool)).find((row) => row.purpose === purpose);
    let row = await find();
    if (!row) {
      const id = randomBytes(4);
      await addKey(pool, { purpose, id, wrapped: wrap(first, master, id) });
      row = (await find()) as WrappedKey;
    }
    const key = unwrap(row.wrapped, master, row.id);
    if (key) return { id: row.id, key: createSecretKey(key) };
    const old = former && unwrap(row.wrapped, former, row.id);
    if (!old) throw new WrongSecret('HUTONG_SECRET is not the one that this database was sealed with');
    await rewrapKey(pool, purpose, wrap(old, master, row.id));
    return { id: row.id, key: createSecretKey(old) };
  };
  const root = await keyOf('root', randomBytes(32));
  // Kept when the secret changes.
  const index = await keyOf('index', firstIndexKey(options.secret));
  setPepper(index.key);
  const vault = makeVault(options.cipher ?? 'aes-256-gcm', root.id, root.key, index.key);
  attachVault(pool, vault);
  return vault;
}
