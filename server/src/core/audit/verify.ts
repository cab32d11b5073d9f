import { readConfig } from '../../kit/config.ts';
import { usableDataFolder } from '../../kit/data-folder.ts';
import { openPool } from '../../kit/pool.ts';
import { openCluster } from '../../kit/postgres/index.ts';
import { verifyAudit } from './index.ts';

// npm run audit:verify: recomputes the whole chain, beside a running server or by itself. Ends with 1 when a block does not follow.
// Nothing is signed here, so no secret is needed.
const config = readConfig(
  process.argv.slice(2),
  { ...process.env, HUTONG_SECRET: 'not needed to read and recompute' },
  () => '',
);
const cluster = config.databaseUrl ? null : await openCluster(usableDataFolder(config.dataDir));
const pool = openPool(cluster?.url ?? (config.databaseUrl as string), 'audit verify', 2);
const started = performance.now();
const result = await verifyAudit(pool, (rows) => {
  if (process.stderr.isTTY) process.stderr.write(`\r  ${rows} rows`);
});
await pool.end();
// A cluster that a server is using stays; one that was opened for this is closed again.
if (cluster && !cluster.adopted) await cluster.stop();
process.stdout.write(
  `\n${result.ok ? 'The chain holds' : `Block ${result.firstBad} does not follow from its rows`}: ${result.rows} rows in ${result.blocks} blocks, ${Math.round(performance.now() - started)} ms\n`,
);
process.exitCode = result.ok ? 0 : 1;
