import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from '../../server/src/kit/postgres/binaries.ts';
import { openCluster, unprivilegedUser } from '../../server/src/kit/postgres/index.ts';
import { clearAway, databaseUrlOf, freePort, isAlive, postmasterOf, temporaryFolder } from './real-server.ts';

/** A PostgreSQL that a test may stop, starve and start again; it keeps its port, so that pools find it again. */
export type OwnCluster = {
  folder: string;
  url: string;
  /** As an operator stops it: sessions end, a checkpoint is written. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Starts it so that no file of it can grow beyond so many bytes: it then meets EFBIG where a full disk gives ENOSPC. */
  startStarved(maxFileBytes: number): Promise<void>;
  close(): Promise<void>;
};

const settings = { max_connections: '60', shared_buffers: '64MB' };

export async function openOwnCluster(): Promise<OwnCluster> {
  const folder = temporaryFolder('outage');
  const port = await freePort();
  const { url } = await openCluster(folder, { port, settings });
  const stop = async (): Promise<void> => {
    const postmaster = postmasterOf(folder);
    if (!postmaster) return;
    process.kill(postmaster, 'SIGINT');
    while (isAlive(postmaster)) await wait(20);
  };
  return {
    folder,
    url,
    stop,
    async start() {
      await openCluster(folder, { port, settings });
    },
    async startStarved(maxFileBytes) {
      const user = unprivilegedUser();
      const log = openSync(join(folder, 'postgresql.log'), 'a');
      const args = Object.entries({
        ...settings,
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        jit: 'off',
      }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      // POSIX counts ulimit -f in blocks of 512 bytes. A limit on file size needs neither root nor a mount, on any Unix.
      const limited = [
        '-c',
        `ulimit -S -f ${Math.ceil(maxFileBytes / 512)} && exec "$0" "$@"`,
        join(findBinaries(user).bin, 'postgres'),
        '-D',
        join(folder, 'pg'),
        '-p',
        String(port),
        ...args,
      ];
      const child = spawn('/bin/sh', limited, {
        cwd: '/',
        detached: true,
        stdio: ['ignore', log, log],
        env: { LC_ALL: 'C', TZ: 'Asia/Shanghai' },
        ...(user && { uid: user.uid, gid: user.gid }),
      });
      child.unref();
      for (let tries = 0; tries < 600; tries++) {
        if (child.exitCode !== null)
          throw new Error(
            `the starved PostgreSQL ended with ${child.exitCode}: ${readFileSync(join(folder, 'postgresql.log'), 'utf8').slice(-500)}`,
          );
        if (postmasterOf(folder) === child.pid && (await answers(databaseUrlOf(folder)))) return;
        await wait(50);
      }
      throw new Error('the starved PostgreSQL did not answer');
    },
    close: () => clearAway(folder),
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
