import { bytesOf, correctionOf, type StoredBytes, sealOf } from '../src/border/intake/raw.ts';
import type { Source } from '../src/core/identity/index.ts';
import { type SourceColumns, sourceColumns, toSource } from '../src/core/identity/tables/source-rows.ts';
import { bodyOf } from '../src/core/store/sealed-bodies.ts';
import type { Pool } from '../src/kit/pool.ts';
import { openSealed } from '../src/kit/vault.ts';

/** What lies in the tables of a database whose vault this process has open, unsealed: for tests that must see the very bytes. */

export async function storedMessages<T extends object>(
  pool: Pool,
  columns: string,
  where = 'true',
  values: unknown[] = [],
): Promise<(T & { raw: Buffer; correction: Buffer | null })[]> {
  const { rows } = await pool.query<T & StoredBytes>(
    `select ${columns}, m.raw, m.sealed, (select c.sealed from intake.correction c where c.message = m.id order by c.number desc limit 1) as correction
     from intake.message m left join intake.outcome o on o.message = m.id where ${where}`,
    values,
  );
  return rows.map((row) => ({ ...row, raw: bytesOf(row), correction: correctionOf(row) }));
}

/** The texts that came again under a control id that was in use, oldest first. */
export async function storedConflicts(pool: Pool, message: string): Promise<string[]> {
  const { rows } = await pool.query<{ sealed: Buffer }>(
    'select sealed from intake.again where message = $1 and sealed is not null order by at',
    [message],
  );
  return rows.map(({ sealed }) => openSealed(sealed, sealOf.again).subarray(1).toString());
}

export async function storedBodies(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ body: string; sealed: Buffer | null }>('select body, sealed from store.resource');
  return rows.map(bodyOf);
}

/** Every source identity, in the order of their ids. */
export async function storedSources(pool: Pool): Promise<Source[]> {
  const { rows } = await pool.query<SourceColumns>(`select ${sourceColumns} from identity.source order by id`);
  return rows.map((row) => toSource(pool, row));
}
