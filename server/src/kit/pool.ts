import pg from 'pg';
import { belongsTo } from './vault.ts';

export type Pool = pg.Pool;
export type Client = pg.PoolClient;
/** Anything that runs a query: a pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

// int8 as number: every int8 we read as a number (row counts, positions, sizes) stays below 2^53; hash keys are read as text.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
});

const driversOwn = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;
/** PostgreSQL's '2026-11-30 15:30:03.63+08' is ISO 8601 but for the blank and the short zone; V8 reads that ten times faster than the driver's own parser. */
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => {
  const zone = text[text.length - 3];
  if (text[10] === ' ' && (zone === '+' || zone === '-')) {
    const date = new Date(`${text.slice(0, 10)}T${text.slice(11)}:00`);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return driversOwn(text);
});

/** @param name shown in pg_stat_activity, so that an operator sees which room holds a connection */
export function openPool(url: string, name: string, max: number): Pool {
  // A transaction that hangs would hold back every reader of the feed: it is ended after a minute.
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: `hutong ${name}`,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    // A database that has frozen, or a network that swallows packets: senders get their refusal instead of waiting for ever.
    query_timeout: 60_000,
  });
  // A connection that breaks while idle emits here; the next query opens a new one. Without a listener Node would exit.
  pool.on('error', () => {});
  // One that breaks while somebody holds it emits on itself, beside rejecting the query under way.
  pool.on('connect', (client) => {
    client.on('error', () => {});
    belongsTo(client, pool);
  });
  return pool;
}

/** Runs `work` in one transaction; rolls back on a throw. */
export async function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((second: Error) => {
      broken = second;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
