import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../../server/src/kit/config.ts';
import { testSecret } from '../../server/test/secret.ts';

/** `node server/src/main.ts` as a process of its own, the way `npm start` runs it, without the city. */
export type RealServer = {
  pid: number;
  /** Milliseconds from the start of the process until it said that it is ready; rejects when it ended before that. */
  ready: Promise<number>;
  /** Everything it printed so far. */
  output(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
};

export type RealServerOptions = { folder: string; port: number; mllpPort: number; env?: Record<string, string> };

export function startRealServer({ folder, port, mllpPort, env = {} }: RealServerOptions): RealServer {
  const started = performance.now();
  const child: ChildProcess = spawn(process.execPath, [join(projectRoot, 'server/src/main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      HUTONG_DATA: folder,
      PORT: String(port),
      MLLP_PORT: String(mllpPort),
      HUTONG_DEMO: 'yes',
      HUTONG_CITY: 'no',
      // One platform's secret: the ids of two runs can be compared, and what they stored can be opened.
      HUTONG_SECRET: testSecret,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'error',
      ...env,
    },
  });
  let printed = '';
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const ready = new Promise<number>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (printed.includes('Ready in')) resolve(performance.now() - started);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    void exited.then(({ code, signal }) =>
      reject(
        new Error(
          `the server ended with ${code ?? signal} before it was ready: ${printed.trim().split('\n').slice(-3).join(' ')}`,
        ),
      ),
    );
  });
  ready.catch(() => {});
  return { pid: child.pid ?? 0, ready, exited, output: () => printed, kill: (signal) => void child.kill(signal) };
}

/** A data folder of its own in the temp folder, into which PostgreSQL's user can walk. */
export function temporaryFolder(name: string): string {
  const own = mkdtempSync(join(tmpdir(), `hutong-${name}-`));
  // As root, PostgreSQL runs as another user, who must be able to walk in.
  chmodSync(own, 0o711);
  return join(own, 'data');
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** The postmaster's process id as its own pid file says, or null when there is none. */
export function postmasterOf(folder: string): number | null {
  const file = join(folder, 'pg/postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  return pid > 0 ? pid : null;
}

export function databaseUrlOf(folder: string): string {
  const port = readFileSync(join(folder, 'pg/postmaster.pid'), 'utf8').split('\n')[3];
  return `postgres://hutong:${readFileSync(join(folder, 'database-password'), 'utf8').trim()}@127.0.0.1:${port}/postgres`;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The postmaster and every process it has forked; without /proc only itself (its children end when they notice). */
function clusterProcesses(postmaster: number): number[] {
  if (!existsSync('/proc/self/stat')) return [postmaster];
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // pid (comm) state ppid …; the name in brackets may hold blanks.
        return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]) === postmaster;
      } catch {
        return false;
      }
    });
  return [postmaster, ...children.map(Number)];
}

/** kill -9 of the whole database cluster of this data folder. @returns whether there was one to kill */
export function killCluster(folder: string): boolean {
  const postmaster = postmasterOf(folder);
  if (!postmaster || !isAlive(postmaster)) return false;
  for (const pid of clusterProcesses(postmaster)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  return true;
}

/** Ends what is left of a data folder's server and cluster, and removes the folder. */
export async function clearAway(folder: string, server?: RealServer): Promise<void> {
  if (server) {
    server.kill('SIGKILL');
    await server.exited;
  }
  for (let tries = 0; tries < 100 && killCluster(folder); tries++) await wait(50);
  rmSync(join(folder, '..'), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
