import { writeFileSync } from 'node:fs';
import { openPool } from '../../server/src/kit/pool.ts';
import { copyFloor, recordTables } from '../floor.ts';
import { type MeasuredServer, startServer } from '../measured-server.ts';
import { type Target, target } from './wire.ts';

/** This project's own server as the target: what can be known of it beside what any server tells. */
export type Own = {
  target: Target;
  server: MeasuredServer;
  /** Milliseconds of the server's own CPU since the last call. */
  cpuMs(): Promise<number>;
  floor(): Promise<{ seconds: number; rows: number }>;
  disk(): Promise<Disk>;
};

export type Disk = { record: number; whole: number };

export async function openOwn(port: number): Promise<Own> {
  const server = await startServer(port);
  const tokens = await server.tokens('BENCH1');
  let token = await tokens();
  // A token lives for minutes, a large run for hours.
  setInterval(() => void tokens().then((next) => (token = next)), 240_000).unref();
  if (process.env.BENCH_TOKEN_FILE) writeFileSync(process.env.BENCH_TOKEN_FILE, token, { mode: 0o600 });
  let last = 0;
  return {
    target: target(`${server.base}/fhir`, () => token),
    server,
    async cpuMs() {
      const { cpu } = await server.usage();
      const now = (cpu.user + cpu.system) / 1000;
      const since = now - last;
      last = now;
      return since;
    },
    floor: () => copyFloor(server.databaseUrl, ['intake.message', ...recordTables]),
    disk: () => diskOf(server.databaseUrl),
  };
}

/** Bytes of the record (schema `store`, if there is one: bodies, indexes, history) and of the whole database. */
export async function diskOf(databaseUrl: string): Promise<Disk> {
  const pool = openPool(databaseUrl, 'bench disk', 1);
  try {
    const { rows } = await pool.query<Disk>(
      `select coalesce(sum(pg_total_relation_size(c.oid)) filter (where n.nspname = 'store'), 0)::bigint as record, pg_database_size(current_database()) as whole
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r'`,
    );
    return rows[0] as Disk;
  } finally {
    await pool.end();
  }
}
