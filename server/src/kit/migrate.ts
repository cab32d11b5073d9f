import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTransaction, type Pool } from './pool.ts';

/** A room's numbered plain SQL files (`0001-name.sql`); each room has a PostgreSQL schema of its own name. */
export type Migrations = { room: string; folder: string };

/**
 * Applies what is missing, in the rooms' order, one transaction a file. An applied file may never change: its hash is kept.
 * @returns how many files were applied and how many exist
 * @throws Error naming the file whose text differs from what was applied
 */
export async function migrate(pool: Pool, rooms: Migrations[]): Promise<{ applied: number; version: number }> {
  await pool.query(`create table if not exists public.migration (
    room text not null, file text not null, sha256 text not null, applied_at timestamptz not null default now(), primary key (room, file))`);
  let applied = 0;
  let version = 0;
  for (const { room, folder } of rooms) {
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .sort()) {
      version++;
      const sql = readFileSync(join(folder, file), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      const done = await inTransaction(pool, async (client) => {
        // Two servers may start at once on an outside database: one migrates, the other waits here.
        await client.query('select pg_advisory_xact_lock($1)', [0x48555447]);
        const { rows } = await client.query<{ sha256: string }>(
          'select sha256 from public.migration where room = $1 and file = $2',
          [room, file],
        );
        if (rows[0]) {
          if (rows[0].sha256 !== sha256)
            throw new Error(
              `Migration ${room}/${file} was changed after it had been applied; write a new file instead`,
            );
          return false;
        }
        await client.query(sql);
        await client.query('insert into public.migration (room, file, sha256) values ($1, $2, $3)', [
          room,
          file,
          sha256,
        ]);
        return true;
      });
      if (done) applied++;
    }
  }
  return { applied, version };
}
