import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systems } from '@hutong/contract/systems.ts';
import type { Pool } from '../server/src/kit/pool.ts';
import { openCluster } from '../server/src/kit/postgres/index.ts';
import { fillResidents } from './fill-residents.ts';
import { inhabitant } from './inhabitants.ts';
import { postLoad } from './load.ts';
import { startServer } from './measured-server.ts';
import { whole } from './multiply-residents.ts';

type Note = (workload: string, figure: string, value: number | string, unit: string, beside?: string) => void;
const clients = 16;
const registrations = 4000;

const patientOf = (n: number, localId: string): object => {
  const { name, sex, birthDate, number, phone, address } = inhabitant(n);
  return {
    resourceType: 'Patient',
    identifier: [
      { system: 'urn:bench', value: localId, type: { coding: [{ code: 'MR' }] } },
      { system: systems.residentNumber, value: number },
    ],
    name: [{ text: name }],
    gender: sex,
    birthDate,
    telecom: [{ system: 'phone', value: phone }],
    address: [{ text: address }],
  };
};

/** Tables of the index that grow with residents; whoever reads one of them from end to end does not scale. */
const grown = ['source', 'resident', 'match_key', 'compared', 'edge', 'decision', 'act', 'pair'];
async function wholeReads(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname || ' x ' || seq_scan as name from pg_stat_user_tables where schemaname = 'identity' and relname = any($1) and seq_scan > 0 order by 1`,
    [grown],
  );
  return rows.map(({ name }) => name);
}

const secret = 'bench-secret-'.repeat(4);

/** Fills the index of a cluster that is kept (BENCH_DATA), for so many seconds; run again until it says that all of it stands. */
export async function fill(residents: number, seconds: number): Promise<void> {
  const folder = process.env.BENCH_DATA;
  if (!folder) throw new Error('fill prepares a cluster that is kept: say where with BENCH_DATA');
  if (!existsSync(join(folder, 'db'))) await (await startServer()).stop();
  // What is filled can be filled again: nothing waits for the disk until the end.
  const settings = {
    fsync: 'off',
    full_page_writes: 'off',
    max_wal_size: '20GB',
    shared_buffers: '1GB',
    autovacuum: 'off',
  };
  const cluster = await openCluster(join(folder, 'db'), { settings });
  const { pool, whole: stands, seconds: took } = await fillResidents(cluster.url, secret, residents, seconds);
  process.stdout.write(`  fill: ${stands ? `whole, ${Math.round(took)} s in all` : 'goes on'}\n`);
  await pool.end();
  await cluster.stop();
}

/** The master index at so many residents: registration, $match, the engine's delay, and whether its questions are answered by key alone. */
export async function identity(residents: number, note: Note): Promise<void> {
  const server = await startServer();
  const { pool, seconds } = await fillResidents(server.databaseUrl, secret, residents);
  note(
    'identity',
    'residents filled by COPY, with keys',
    Math.round(residents / seconds),
    'residents/s',
    `${residents} residents`,
  );
  const token = await server.register('BENCH1');
  const at = (path: string): { base: string; token: string; path: string } => ({
    base: server.base,
    token,
    path: `/fhir/${path}`,
  });
  // A cluster that is kept has seen those of earlier runs.
  const run = Math.floor(Date.now() / 1000);
  const news = residents + (run % 1000) * 10_000;
  // Every second one is somebody the index knows already, every other one is new.
  const who = (n: number): number => (n % 2 === 0 ? ((run + n) * 7919) % Math.min(residents, whole) : news + n);
  await postLoad(200, clients, at('Patient'), (n) => patientOf(news + registrations + n, `warm-${run}-${n}`), 201);
  await pool.query('analyze');
  await pool.query('select pg_stat_reset()');
  server.profile();
  const made = await postLoad(registrations, clients, at('Patient'), (n) => patientOf(who(n), `p-${run}-${n}`), 201);
  server.profiled();
  note(
    'identity',
    'registrations, 16 clients',
    made.perSecond,
    'registrations/s',
    'asked: >= 500 at 10,000,000 residents',
  );
  note(
    'identity',
    'registration p95',
    made.p95,
    'ms',
    `p50 ${made.p50}, p99 ${made.p99} (asked: p95 <= 20, p99 <= 50), ${made.errors} errors`,
  );
  const started = performance.now();
  await server.settle();
  note(
    'identity',
    'engine behind the last registration',
    ((performance.now() - started) / 1000).toFixed(1),
    's',
    `${registrations} compared and linked`,
  );
  const ask = (n: number): object => {
    const { identifier, ...demographics } = patientOf(who(n % registrations), '') as { identifier: object[] };
    const resource = n % 2 === 0 ? { ...demographics, identifier: identifier.slice(1) } : demographics;
    return {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: { ...resource, resourceType: 'Patient' } }],
    };
  };
  await postLoad(200, clients, at('Patient/$match'), ask, 200);
  server.profile();
  const matched = await postLoad(registrations, clients, at('Patient/$match'), ask, 200);
  server.profiled();
  note('identity', '$match, 16 clients', matched.perSecond, 'requests/s', `${residents} residents`);
  note(
    'identity',
    '$match p95',
    matched.p95,
    'ms',
    `p50 ${matched.p50}, p99 ${matched.p99} (asked: p95 <= 20, p99 <= 50), ${matched.errors} errors`,
  );
  // Counters of the database's own processes arrive within a second.
  await new Promise((done) => setTimeout(done, 1500));
  const reads = await wholeReads(pool);
  note(
    'identity',
    'tables read from end to end meanwhile',
    reads.length,
    '',
    reads.length > 0 ? reads.join(', ') : `none of ${grown.length}: every look is by key`,
  );
  await pool.end();
  await server.stop();
}
