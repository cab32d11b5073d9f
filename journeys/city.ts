import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestPlatform } from '../server/test/platform.ts';

/** The synthetic city, as the process that it is, talks to a test platform over the wire. */
export async function liveInCity(platform: TestPlatform, size: number, days: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-city-'));
  const args = [
    'city/main.ts',
    'run',
    '--server',
    platform.base,
    '--mllp',
    `127.0.0.1:${platform.mllpPort}`,
    '--keys',
    folder,
    '--operator-key',
    platform.operatorKeyFile as string,
    '--size',
    String(size),
    '--seed',
    '1',
    '--days',
    String(days),
    '--resume',
    join(folder, 'progress.json'),
  ];
  let complaint = '';
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the city ended with ${code}: ${complaint}`);
  await platform.settled();
  await platform.refreshDemo();
}
