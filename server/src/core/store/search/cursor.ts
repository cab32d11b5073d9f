import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import type { Queryable } from '../../../kit/pool.ts';
import type { Cell } from './order.ts';

/**
 * The place after which a page goes on: the last row's sort values and key (no cells: the beginning). `began` is when the first page was
 * asked for. `until` marks the last part, which tells what was changed between those two instants.
 */
export type Place = { cells: Cell[]; key: string; began: number; until: number | null };

const seals = new WeakMap<object, Promise<Buffer>>();
/** All servers of one database share the seal, so a page asked of another one goes on there. */
function sealKey(db: Queryable): Promise<Buffer> {
  let key = seals.get(db);
  if (!key) {
    key = db.query<{ key: Buffer }>('select key from store.page_seal').then(({ rows }) => rows[0]?.key as Buffer);
    key.catch(() => seals.delete(db));
    seals.set(db, key);
  }
  return key;
}

/** What a cursor belongs to: it fits no other search, and no other caller's scope. */
const boundTo = (search: string): Buffer => hash('sha256', search, 'buffer');

/** Sort values may be names: the cursor is sealed (AES-256-GCM), so an address of a page tells nothing and cannot be made up. */
export async function sealPlace(db: Queryable, place: Place, search: string): Promise<string> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await sealKey(db), nonce).setAAD(boundTo(search));
  const text = Buffer.concat([
    cipher.update(JSON.stringify([place.cells, place.key, place.began, place.until]), 'utf8'),
    cipher.final(),
  ]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** Null for a cursor that we did not make for this very search. */
export async function openPlace(db: Queryable, sealed: string, search: string): Promise<Place | null> {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 29 || bytes.length > 8192) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', await sealKey(db), bytes.subarray(0, 12))
      .setAAD(boundTo(search))
      .setAuthTag(bytes.subarray(12, 28));
    const [cells, key, began, until] = JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString(),
    ) as [Cell[], string, number, number | null];
    return { cells, key, began, until };
  } catch {
    return null;
  }
}
