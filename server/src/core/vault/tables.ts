import type { Queryable } from '../../kit/pool.ts';

export type WrappedKey = { purpose: 'root' | 'index'; id: Buffer; wrapped: Buffer };

export async function wrappedKeys(db: Queryable): Promise<WrappedKey[]> {
  const { rows } = await db.query<WrappedKey>('select purpose, id, wrapped from vault.key');
  return rows;
}

/** Of two servers that make a key at once, the second finds the first one's. */
export async function addKey(db: Queryable, { purpose, id, wrapped }: WrappedKey): Promise<void> {
  await db.query('insert into vault.key (purpose, id, wrapped) values ($1, $2, $3) on conflict do nothing', [
    purpose,
    id,
    wrapped,
  ]);
}

export async function rewrapKey(db: Queryable, purpose: WrappedKey['purpose'], wrapped: Buffer): Promise<void> {
  await db.query('update vault.key set wrapped = $2 where purpose = $1', [purpose, wrapped]);
}
