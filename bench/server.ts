import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../server/src/kit/config.ts';
import { openCluster } from '../server/src/kit/postgres/index.ts';
import { openPlatform } from '../server/src/open-platform.ts';

// The server under measurement: a process of its own on a fresh cluster (fsync on), so that its memory and CPU are its own.
const folder = process.env.BENCH_DATA ?? mkdtempSync(join(tmpdir(), 'hutong-bench-'));
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o711);
// BENCH_STATEMENTS=yes: pg_stat_statements tells afterwards what the database spent its time on.
const settings = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
};
const cluster = await openCluster(join(folder, 'db'), process.env.BENCH_STATEMENTS ? { settings } : {});
const port = Number(process.argv[2]);
const config = readConfig(
  [],
  {
    PORT: String(port),
    MLLP_PORT: '0',
    HUTONG_DATA: folder,
    HUTONG_DEMO: 'yes',
    LOG_LEVEL: 'error',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    MAX_BODY_MB: '256',
  },
  () => 'bench-secret-'.repeat(4),
);
const platform = await openPlatform(config, cluster.url);
process.send?.({
  port: platform.port,
  mllpPort: platform.mllpPort,
  operatorKeyFile: platform.operatorKeyFile,
  databaseUrl: cluster.url,
});
// BENCH_PROFILE=folder: a CPU profile of the measured part alone, without the start.
const profiler = process.env.BENCH_PROFILE ? new Session() : null;
profiler?.connect();
async function stop(): Promise<never> {
  await platform.stop();
  await cluster.stop();
  if (!process.env.BENCH_DATA) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
// Whoever measures has gone, however it ended: nothing of this stays behind.
process.on('disconnect', () => void stop());
process.on('message', async (message) => {
  if (profiler && message === 'profile') {
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.start');
  }
  if (profiler && message === 'profiled') {
    const { profile } = await profiler.post('Profiler.stop');
    writeFileSync(join(process.env.BENCH_PROFILE as string, `${Date.now()}.cpuprofile`), JSON.stringify(profile));
  }
  if (message === 'usage')
    process.send?.({
      rss: process.memoryUsage.rss(),
      cpu: process.cpuUsage(),
      recorded: platform.processor.counters.recorded,
    });
  if (message === 'refresh') {
    await platform.refreshDemo();
    process.send?.({ refreshed: true });
  }
  if (message === 'settle') {
    await platform.settled();
    process.send?.({ settled: true });
  }
  if (message === 'refresh-demo') {
    await platform.refreshDemo();
    process.send?.({ refreshed: true });
  }
  if (message === 'stop') await stop();
});
