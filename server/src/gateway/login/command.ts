import { ConfigError, readConfig } from '../../kit/config.ts';
import { usableDataFolder } from '../../kit/data-folder.ts';
import { migrate } from '../../kit/migrate.ts';
import { openPool, type Pool } from '../../kit/pool.ts';
import { openCluster } from '../../kit/postgres/index.ts';
import { migrations } from '../schema.ts';

/** The flags of every command of this room that say which database is meant. */
export const databaseFlags = { data: { type: 'string' }, 'database-url': { type: 'string' } } as const;

/** Runs `work` on the database that the server uses, whether the server runs or not. */
export async function withDatabase<T>(
  flags: { data?: string | undefined; 'database-url'?: string | undefined },
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const settings = (['data', 'database-url'] as const).flatMap((name) =>
    flags[name] ? [`--${name}`, flags[name]] : [],
  );
  // These commands sign and seal nothing, so they ask for no secret.
  const secret = process.env.HUTONG_SECRET ?? 'nothing is signed or sealed by this command';
  const config = readConfig(settings, { ...process.env, HUTONG_SECRET: secret }, () => secret);
  const cluster = config.databaseUrl ? null : await openCluster(usableDataFolder(config.dataDir));
  const pool = openPool(config.databaseUrl ?? cluster?.url ?? '', 'command', 2);
  try {
    await migrate(pool, migrations);
    return await work(pool);
  } finally {
    await pool.end();
    // A running server's database is only borrowed.
    if (cluster && !cluster.adopted) await cluster.stop();
  }
}

/** Prints what `main` says; 2 for a wrong use, 1 for a failure. */
export function runCommand(main: () => Promise<string>): void {
  main().then(
    (said) => process.stdout.write(`${said}\n`),
    (error: Error & { code?: string }) => {
      const expected = error instanceof ConfigError || error.code?.startsWith('ERR_PARSE_ARGS');
      process.stderr.write(`${expected ? error.message : (error.stack ?? error.message)}\n`);
      process.exitCode = expected ? 2 : 1;
    },
  );
}
