import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, projectRoot } from './kit/config.ts';
import type { Platform } from './open-platform.ts';

/** The first demo run: the synthetic city, a process of its own, registers its institutions and sends what they would send, over the wire. */
export async function bringCityToLife(platform: Platform, config: Config, say: (text: string) => void): Promise<void> {
  const done = join(config.dataDir, 'city-is-alive');
  if (existsSync(done) || !platform.operatorKeyFile) return;
  say('  City: residents fall ill, hospitals send · 城市：居民就诊，医院报送');
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host;
  const args = [
    join(projectRoot, 'city/main.ts'),
    'run',
    '--server',
    `http://${host}:${platform.port}`,
    '--mllp',
    `${host}:${platform.mllpPort}`,
    '--keys',
    join(config.dataDir, 'city-keys'),
    '--operator-key',
    platform.operatorKeyFile,
    '--size',
    String(config.citySize),
    '--seed',
    '1',
    '--resume',
    join(config.dataDir, 'city-progress.json'),
  ];
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    say('  The city did not finish; the next start goes on where it stopped. 城市数据未发送完，下次启动将继续。');
    return;
  }
  await platform.settled();
  await platform.refreshDemo();
  // The planner and the landing page's counts read the statistics; a first run must not wait for autovacuum.
  await platform.pool.query('analyze');
  writeFileSync(done, new Date().toISOString());
  platform.reportDemoCards();
}
