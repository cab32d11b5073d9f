import { inject } from 'vitest';
import { openVault } from '../src/core/vault/index.ts';
import { openPool, type Pool } from '../src/kit/pool.ts';
import { testSecret } from './secret.ts';

let made = 0;

/** A database of its own with every room's tables, copied from the migrated template; call `drop` when done. */
export async function freshDatabase(): Promise<{ pool: Pool; url: string; drop: () => Promise<void> }> {
  const base = inject('databaseUrl');
  const name = `test_${process.pid}_${Date.now().toString(36)}_${made++}`;
  const admin = openPool(base, 'test admin', 1);
  // Two copies at once collide on the template: take turns.
  await admin.query('select pg_advisory_lock(1)');
  await admin.query(`create database ${name} template hutong_template`);
  await admin.query('select pg_advisory_unlock(1)');
  const url = base.replace(/\/postgres$/, `/${name}`);
  const pool = openPool(url, 'test', 10);
  await openVault(pool, { secret: testSecret });
  return {
    pool,
    url,
    async drop() {
      await pool.end();
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
