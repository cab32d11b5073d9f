import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bringCityToLife } from './city-run.ts';
import { demoLogins } from './gateway/index.ts';
import { type Config, ConfigError, readConfig, settingsHelp } from './kit/config.ts';
import { usableDataFolder } from './kit/data-folder.ts';
import { lockFolder } from './kit/folder-lock.ts';
import { type Cluster, makeTraversable, openLastingCluster } from './kit/postgres/index.ts';
import { openPlatform, type Platform } from './open-platform.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Demo mode's own secret: made once, kept beside the data, readable by nobody else. */
function demoSecret(folder: string): string {
  const file = join(folder, 'secret');
  makeTraversable(folder);
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function leave(message: string, status: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(status);
}

async function openDatabase(config: Config): Promise<Cluster | null> {
  if (config.databaseUrl) return null;
  const words = {
    initdb: 'PostgreSQL: making a database · 正在建库',
    start: 'PostgreSQL: starting · 正在启动',
    adopt: 'PostgreSQL: one is running already, taking it over · 接管已运行的数据库',
  };
  return openLastingCluster(config.dataDir, { onProgress: (what) => say(`  ${words[what]}`) });
}

function printLinks({ url, port, mllpPort }: Platform, config: Config): void {
  say(`\n  Hutong 互通  ${url}   (HTTP ${port}, MLLP ${mllpPort})\n`);
  if (!config.demo) return;
  for (const { login, nameZh, doesEn, startAt } of demoLogins)
    say(`  ${nameZh.padEnd(10)} ${url}/login?as=${login}&to=${startAt}\n${' '.repeat(13)}${doesEn}`);
  say(`\n  Demo password for all · 演示密码: ${demoLogins[0]?.password}\n  Ctrl-C stops · Ctrl-C 停止\n`);
}

if (process.argv.includes('--help')) {
  say(settingsHelp());
  process.exit(0);
}
const started = performance.now();
let config: Config;
try {
  config = readConfig(process.argv.slice(2), process.env, (dataDir) => demoSecret(usableDataFolder(dataDir)));
} catch (error) {
  if (error instanceof ConfigError) leave(error.message, 2);
  throw error;
}
config.dataDir = usableDataFolder(config.dataDir);
mkdirSync(config.dataDir, { recursive: true });
const lock = lockFolder(config.dataDir);
if (!lock.ok)
  leave(`Another Hutong (process ${lock.pid}) is already using ${config.dataDir}. 该数据目录已被另一个进程使用。`, 3);
let cluster: Cluster | null = null;
let platform: Platform | null = null;
let stopping = false;
async function stop(status: number): Promise<never> {
  if (stopping) return new Promise(() => {});
  stopping = true;
  await platform?.stop().catch(() => {});
  await cluster?.stop();
  if (lock.ok) lock.release();
  process.exit(status);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
try {
  cluster = await openDatabase(config);
  platform = await openPlatform(config, cluster?.url ?? (config.databaseUrl as string));
  if (config.city) await bringCityToLife(platform, config, say);
  printLinks(platform, config);
  say(`  Ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  await stop(1);
}
