import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrations } from '../src/gateway/schema.ts';
import { migrate } from '../src/kit/migrate.ts';
import { openPool } from '../src/kit/pool.ts';
import { openCluster } from '../src/kit/postgres/index.ts';

/** One real PostgreSQL for the whole run, in a temporary folder, with a migrated template that each test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-test-'));
  // As root, PostgreSQL runs as another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const cluster = await openCluster(join(folder, 'data'), {
    settings: { max_connections: '120', shared_buffers: '128MB' },
  });
  const admin = openPool(cluster.url, 'test admin', 1);
  await admin.query('create database hutong_template');
  const template = openPool(cluster.url.replace(/\/postgres$/, '/hutong_template'), 'test template', 2);
  await migrate(template, migrations);
  await template.end();
  await admin.end();
  project.provide('databaseUrl', cluster.url);
  return async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}
