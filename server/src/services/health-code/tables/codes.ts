import type { PrintedCode } from '@hutong/contract/health-code.ts';
import { coalesce } from '../../../kit/coalesce.ts';
import type { TableWriter } from '../../../kit/group-commit.ts';
import type { Pool, Queryable } from '../../../kit/pool.ts';

export type Spend = { key: Buffer; until: Date };

/**
 * Marks codes as used. A code that is there already refuses the transaction: of any number of scans at the same instant, on any number of
 * servers, exactly one is written.
 */
export const spentWriter: TableWriter<Spend> = {
  name: 'health-code spent',
  copies: (rows) => [
    {
      table: 'health_code.spent',
      columns: [
        ['key', 'bytea'],
        ['until', 'timestamptz'],
      ],
      rows: rows.map(({ key, until }) => [key, until.getTime()]),
    },
  ],
};

/** A national dynamic code that was given out here. */
export const issuedWriter: TableWriter<Spend & { card: string }> = {
  name: 'health-code issued',
  async write(client, rows) {
    await client.query(
      `insert into health_code.issued (key, card, until) select * from unnest($1::bytea[], $2::int8[], $3::timestamptz[]) on conflict do nothing`,
      [rows.map(({ key }) => key), rows.map(({ card }) => card), rows.map(({ until }) => until)],
    );
    return [];
  },
};

export async function wasIssued(db: Queryable, key: Buffer): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'health-code-issued',
    text: 'select from health_code.issued where key = $1',
    values: [key],
  });
  return rowCount === 1;
}

/** Whose the handles of an erased person are. */
export const nobody = 0n;

export type HandleRow = {
  handle: Buffer;
  subject: bigint;
  use: 'live' | 'printed';
  until: Date | null;
  revokedAt: Date | null;
};

/** Whose handles these are; those asked for in one moment are one statement. */
export function openHandles(pool: Pool): (handle: Buffer) => Promise<HandleRow | null> {
  const find = coalesce<string, HandleRow>(
    async (handles) => {
      const { rows } = await pool.query<Omit<HandleRow, 'subject'> & { subject: string }>({
        name: 'health-code-handles',
        text: 'select handle, subject::text, use, until, revoked_at as "revokedAt" from health_code.handle where handle = any((select $1::bytea[])::bytea[])',
        values: [handles.map((handle) => Buffer.from(handle, 'hex'))],
      });
      return new Map(rows.map((row) => [row.handle.toString('hex'), { ...row, subject: BigInt(row.subject) }]));
    },
    { lanes: 1 },
  );
  return async (handle) => (await find(handle.toString('hex'))) ?? null;
}

export async function knownLiveHandle(db: Queryable, subject: bigint): Promise<Buffer | null> {
  const { rows } = await db.query<{ handle: Buffer }>({
    name: 'health-code-live-handle',
    text: `select handle from health_code.handle where subject = $1 and use = 'live' and revoked_at is null`,
    values: [String(subject)],
  });
  return rows[0]?.handle ?? null;
}

/** The handle that live codes of this person carry; made by the first who asks. */
export async function liveHandle(db: Queryable, subject: bigint, shard: number, fresh: Buffer): Promise<Buffer> {
  const known = await knownLiveHandle(db, subject);
  if (known) return known;
  await db.query(
    `insert into health_code.handle (handle, shard, subject, use) values ($1, $2, $3, 'live') on conflict do nothing`,
    [fresh, shard, String(subject)],
  );
  return (await knownLiveHandle(db, subject)) ?? fresh;
}

export async function addPrinted(
  db: Queryable,
  row: { handle: Buffer; shard: number; subject: bigint; until: Date },
): Promise<void> {
  await db.query(
    `insert into health_code.handle (handle, shard, subject, use, until) values ($1, $2, $3, 'printed', $4)`,
    [row.handle, row.shard, String(row.subject), row.until],
  );
}

export async function printedOf(db: Queryable, subjects: bigint[]): Promise<PrintedCode[]> {
  const { rows } = await db.query<{ handle: Buffer; made_at: Date; until: Date; revoked_at: Date | null }>(
    `select handle, made_at, until, revoked_at from health_code.handle where subject = any($1::int8[]) and use = 'printed' order by made_at desc limit 20`,
    [subjects.map(String)],
  );
  return rows.map((row) => ({
    serial: row.handle.toString('hex'),
    madeAt: row.made_at.toISOString(),
    until: row.until.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/** Voids codes of these people: one printed code, or everything. @returns how many handles */
export async function revokeHandles(db: Queryable, subjects: bigint[], handle: Buffer | null): Promise<number> {
  const { rowCount } = await db.query(
    `update health_code.handle set revoked_at = now() where subject = any($1::int8[]) and revoked_at is null
       and ($2::bytea is null or (handle = $2 and use = 'printed'))`,
    [subjects.map(String), handle],
  );
  return rowCount ?? 0;
}

/** Handles whose codes could still look good to a terminal without a network: live ones for an hour, printed ones until their end. */
export async function revokedHandles(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ handle: Buffer }>(
    `select handle from health_code.handle where revoked_at is not null and coalesce(until > now(), revoked_at > now() - interval '1 hour') order by handle`,
  );
  return rows.map(({ handle }) => handle.toString('hex'));
}

/** Forgets what has expired anyway. */
export async function sweepCodes(db: Queryable): Promise<void> {
  await db.query(`delete from health_code.spent where until < now() - interval '10 minutes'`);
  await db.query(`delete from health_code.issued where until < now() - interval '10 minutes'`);
}
