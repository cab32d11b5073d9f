import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { lockFolder } from '../folder-lock.ts';
import { openCluster } from './cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'hutong-cluster-'));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function answer(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>('select 40 + 2 as n');
  await client.end();
  return rows[0]?.n ?? 0;
}

test('a cluster is made on the first start, and its data are there on the second', async () => {
  const first = await openCluster(join(folder, 'a'));
  expect(await answer(first.url)).toBe(42);
  await first.stop();
  const second = await openCluster(join(folder, 'a'));
  expect(second.adopted).toBe(false);
  await second.stop();
});

test('a postmaster whose server was killed with -9 is adopted by the next start', async () => {
  const script = join(folder, 'die.ts');
  writeFileSync(
    script,
    `import { openCluster } from ${JSON.stringify(join(import.meta.dirname, 'cluster.ts'))};\nawait openCluster(${JSON.stringify(join(folder, 'b'))});\nprocess.kill(process.pid, 'SIGKILL');\n`,
  );
  const child = fork(script, { stdio: 'ignore' });
  await new Promise((done) => child.once('exit', done));
  const cluster = await openCluster(join(folder, 'b'));
  expect(cluster.adopted).toBe(true);
  expect(await answer(cluster.url)).toBe(42);
  await cluster.stop();
});

test('a folder is held by one server; a lock left by a dead one is taken over', () => {
  const dir = mkdtempSync(join(folder, 'lock-'));
  writeFileSync(join(dir, 'server.pid'), '999999');
  const mine = lockFolder(dir);
  expect(mine.ok).toBe(true);
  if (mine.ok) mine.release();
  expect(lockFolder(dir).ok).toBe(true);
});
