import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { openSealed, vaultOf } from '../../kit/vault.ts';

/** A message's bytes on the way into the table: a byte that says how they are packed, and the bytes. `bytes` is their length as they came. */
export type Packed = { data: Uint8Array; bytes: number };
/** Rows of before the vault carry `raw`; they are sealed beside the work ({@link sealOlder}). */
export type StoredBytes = { raw: Buffer | null; sealed: Buffer | null; correction?: Buffer | null };

export const sealOf = {
  message: 'intake.message.sealed',
  again: 'intake.again.sealed',
  correction: 'intake.correction.sealed',
} as const;

const plain = 0;
const zstd = 1;
/** Shorter messages gain little. Long ones are packed on a thread of the pool: a bundle's JSON becomes a tenth, and the database writes that much less. */
const worthPacking = 8192;
const compress = promisify(zstdCompress);

export function packNow(raw: Uint8Array): Packed {
  const data = new Uint8Array(raw.length + 1);
  data[0] = plain;
  data.set(raw, 1);
  return { data, bytes: raw.length };
}

export async function pack(raw: Uint8Array): Promise<Packed> {
  if (raw.length < worthPacking) return packNow(raw);
  const packed = await compress(raw, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return { data: Buffer.concat([Buffer.of(zstd), packed]), bytes: raw.length };
}

function unpack(data: Buffer): Buffer {
  return data[0] === zstd ? zstdDecompressSync(data.subarray(1)) : data.subarray(1);
}

export const bytesOf = ({ raw, sealed }: StoredBytes): Buffer =>
  sealed ? unpack(openSealed(sealed, sealOf.message)) : (raw ?? Buffer.alloc(0));
export const correctionOf = ({ correction }: Pick<StoredBytes, 'correction'>): Buffer | null =>
  correction ? unpack(openSealed(correction, sealOf.correction)) : null;

const tables = { message: sealOf.message, again: sealOf.again, correction: sealOf.correction };

/**
 * Seals what was stored before there was a vault, some at a time. Corrections are few, and done before anybody replays one.
 * @returns how many; 0 when none is left in clear
 */
export async function sealOlder(pool: Pool, table: keyof typeof tables, most = 200): Promise<number> {
  return inTransaction(pool, async (client) => {
    const vault = vaultOf(client);
    const { rows } = await client.query<{ place: string; raw: Buffer }>(
      `select ctid::text as place, raw from intake.${table} where raw is not null limit $1 for update skip locked`,
      [most],
    );
    for (const { place, raw } of rows)
      await client.query(`update intake.${table} set sealed = $2, raw = null where ctid = $1::tid`, [
        place,
        vault.seal(packNow(raw).data, tables[table]),
      ]);
    return rows.length;
  });
}
