import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import { canReach, makeTraversable, type UnixUser, unprivilegedUser } from './unprivileged-user.ts';

/** A running PostgreSQL of ours. `adopted` is true when it had outlived a killed server and was taken over. */
export type Cluster = { url: string; pid: number; adopted: boolean; version: string; stop(): Promise<void> };

export type ClusterOptions = {
  /** Extra `-c name=value` settings. */
  settings?: Record<string, string>;
  /** The port to listen on; default: a free one. A running cluster that is adopted keeps its own. */
  port?: number;
  onProgress?: (what: 'initdb' | 'start' | 'adopt') => void;
};

const superuser = 'hutong';

/** Sized for the 2-core, small-memory machine of a first look; an operator points DATABASE_URL at a tuned server. */
const defaultSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_connections: '60',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  // What is stored is sealed or hashed, and does not shrink: compressing whole pages took most of a write's time and saved one byte in a hundred.
  wal_compression: 'off',
  jit: 'off',
  timezone: 'Asia/Shanghai',
  log_timezone: 'Asia/Shanghai',
  logging_collector: 'off',
  // A failed statement, its parameters and its context would put people's data into the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  autovacuum_vacuum_insert_scale_factor: '0.4',
  // A load of a hundred thousand rows is over in less than the minute that autovacuum sleeps.
  autovacuum_naptime: '10s',
  // What a page costs on a disk without a head, and most of a database that small lies in memory.
  random_page_cost: '1.1',
  effective_cache_size: `${Math.max(512, Math.floor(totalmem() / 2 ** 21))}MB`,
  work_mem: '16MB',
};

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Reads postmaster.pid: line 1 the process, line 2 its data folder, line 4 its port. */
function readPidFile(dir: string): { pid: number; port: number } | null {
  const file = join(dir, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return pid > 0 && alive(pid) ? { pid, port } : null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

const urlOf = (port: number, password: string): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;

async function answers(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version ?? '';
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

async function initialise(dir: string, bin: string, user: UnixUser | null, password: string): Promise<void> {
  const passwordFile = join(dirname(dir), `.initdb-${process.pid}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const args = [
    `--pgdata=${dir}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The built-in provider sorts the same on every machine; an operating-system locale does not.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ];
  const child = spawn(join(bin, 'initdb'), args, {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LC_ALL: 'C', TZ: 'Asia/Shanghai' },
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  rmSync(passwordFile, { force: true });
  if (code !== 0) {
    rmSync(dir, { recursive: true, force: true });
    throw new Error(`initdb ended with ${code}: ${complaint.trim().split('\n').slice(-3).join(' ')}`);
  }
}

function launch(
  dir: string,
  bin: string,
  port: number,
  user: UnixUser | null,
  settings: Record<string, string>,
): ChildProcess {
  const log = openSync(join(dirname(dir), 'postgresql.log'), 'a', 0o640);
  const args = ['-D', dir, '-p', String(port)];
  for (const [name, value] of Object.entries({ ...defaultSettings, ...settings })) args.push('-c', `${name}=${value}`);
  // Its own session: Ctrl-C in the terminal must reach us alone, so that we drain before the database goes.
  return spawn(join(bin, 'postgres'), args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { LC_ALL: 'C', TZ: 'Asia/Shanghai' },
    ...(user && { uid: user.uid, gid: user.gid }),
  });
}

/**
 * Opens the PostgreSQL cluster in `folder`/pg, making it on the first call, and adopting one that outlived its server.
 * Works as root (runs as `postgres` or `nobody`) and as an ordinary user.
 * @throws Error with one plain sentence when the folder cannot be reached, initdb fails or the start fails
 */
export async function openCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const user = unprivilegedUser();
  if (!canReach(folder, user))
    throw new Error(
      `As root, PostgreSQL runs as user "${user?.name}", who cannot walk to ${folder}; choose another folder with --data`,
    );
  makeTraversable(folder);
  const { bin } = findBinaries(user);
  const dir = join(folder, 'pg');
  const passwordFile = join(folder, 'database-password');
  const settings = options.settings ?? {};
  if (!existsSync(join(dir, 'PG_VERSION'))) {
    options.onProgress?.('initdb');
    const password = randomBytes(24).toString('base64url');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    chmodSync(passwordFile, 0o600);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    // initdb runs as the unprivileged user and also writes its password file next to the cluster.
    if (user) chownSync(dir, user.uid, user.gid);
    await initialise(dir, bin, user, password);
  }
  const password = readFileSync(passwordFile, 'utf8').trim();
  const running = readPidFile(dir);
  if (running) {
    options.onProgress?.('adopt');
    for (let tries = 0; tries < 50 && alive(running.pid); tries++) {
      const version = await answers(urlOf(running.port, password));
      if (version !== null) return clusterOf(urlOf(running.port, password), running.pid, true, version, dir);
      await wait(200);
    }
    if (alive(running.pid)) {
      process.kill(running.pid, 'SIGQUIT');
      for (let tries = 0; tries < 50 && alive(running.pid); tries++) await wait(100);
    }
  }
  options.onProgress?.('start');
  const owner = user && { ...user, uid: statSync(dir).uid, gid: statSync(dir).gid };
  const port = options.port ?? (await freePort());
  const child = launch(dir, bin, port, owner, settings);
  let exited: number | null | undefined;
  child.once('exit', (code) => {
    exited = code;
  });
  const failure = new Promise<never>((_, fail) => child.once('error', fail));
  failure.catch(() => {});
  const url = urlOf(port, password);
  for (let tries = 0; tries < 1200; tries++) {
    const version = await Promise.race([answers(url), failure]);
    if (version !== null) {
      child.unref();
      return clusterOf(url, child.pid ?? 0, false, version, dir);
    }
    if (exited !== undefined)
      throw new Error(`PostgreSQL ended with ${exited} at start; see ${join(folder, 'postgresql.log')}`);
    await wait(50);
  }
  throw new Error(`PostgreSQL did not answer within a minute; see ${join(folder, 'postgresql.log')}`);
}

function clusterOf(url: string, pid: number, adopted: boolean, version: string, dir: string): Cluster {
  return {
    url,
    pid,
    adopted,
    version,
    async stop() {
      // SIGINT is PostgreSQL's fast shutdown: sessions end, a checkpoint is written, nothing is left to recover.
      if (alive(pid)) process.kill(pid, 'SIGINT');
      for (let tries = 0; tries < 600; tries++) {
        if (!existsSync(join(dir, 'postmaster.pid')) || !alive(pid)) return;
        await wait(50);
      }
    },
  };
}
