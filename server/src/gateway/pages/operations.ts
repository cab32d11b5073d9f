import { openSync, readSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Operations } from '@hutong/contract/console.ts';
import { waitingState } from '../../border/intake/index.ts';
import { type Route, refuse } from '../../core/access/index.ts';
import { auditState, type Verification, verifyAudit } from '../../core/audit/index.ts';
import type { Feed } from '../../core/events/index.ts';
import { storageSizes } from '../../core/store/index.ts';
import type { Config } from '../../kit/config.ts';
import type { GroupCommitter } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';

export type OperationsDoor = {
  config: Config;
  pool: Pool;
  feed: Feed;
  committer: GroupCommitter;
  schemaVersion: number;
  startedAt: Date;
  /** Messages recorded so far by this server; the page shows the rate. */
  recorded(): number;
};

/** The container's memory limit where there is one, else the machine's. */
function memoryLimitMb(): number {
  try {
    const buffer = Buffer.alloc(32);
    const length = readSync(openSync('/sys/fs/cgroup/memory.max', 'r'), buffer, 0, 32, 0);
    const bytes = Number(buffer.subarray(0, length).toString().trim());
    if (Number.isFinite(bytes)) return Math.round(bytes / 1048576);
  } catch {
    // Not a container with cgroup v2.
  }
  return Math.round(totalmem() / 1048576);
}

export function operationsRoutes(door: OperationsDoor): Route[] {
  let verified: (Verification & { at: string }) | null = null;
  const rates: { at: number; recorded: number; commits: number }[] = [];
  const limitMb = memoryLimitMb();
  /** Rates over the last minute, from what the page saw when it was last looked at. */
  const perMinute = (): { recorded: number; commits: number } => {
    const now = { at: Date.now(), recorded: door.recorded(), commits: door.committer.counters.commits };
    rates.push(now);
    while (rates.length > 1 && (rates[0]?.at ?? 0) < now.at - 60_000) rates.shift();
    const [first] = rates;
    if (!first || now.at === first.at) return { recorded: 0, commits: 0 };
    const scale = 60_000 / (now.at - first.at);
    return {
      recorded: Math.round((now.recorded - first.recorded) * scale),
      commits: Math.round((now.commits - first.commits) * scale),
    };
  };
  const state = async (): Promise<Operations> => {
    const [waiting, consumers, storage, audit, { rows }] = await Promise.all([
      waitingState(door.pool),
      door.feed.states(),
      storageSizes(door.pool),
      auditState(door.pool),
      door.pool.query<{ version: string }>(`select current_setting('server_version') as version`),
    ]);
    const rate = perMinute();
    return {
      versions: {
        hutong: door.config.version,
        node: process.version,
        postgresql: rows[0]?.version ?? '',
        schema: door.schemaVersion,
      },
      startedAt: door.startedAt.toISOString(),
      memory: { rssMb: Math.round(process.memoryUsage.rss() / 1048576), limitMb },
      queues: [
        { name: 'intake', waiting: waiting.waiting, oldestSeconds: waiting.oldestSeconds, perMinute: rate.recorded },
        { name: 'group-commit', waiting: door.committer.waiting, oldestSeconds: null, perMinute: rate.commits },
      ],
      consumers: consumers.map(({ name, position, lag, deadLetters, lastAt, state: running }) => ({
        name,
        position,
        lag,
        deadLetters,
        lastAt: lastAt?.toISOString() ?? null,
        state: running,
      })),
      storage,
      audit: {
        ...audit,
        lastSealAt: audit.lastSealAt?.toISOString() ?? null,
        verified: verified && { at: verified.at, ok: verified.ok },
      },
    };
  };
  return [
    {
      method: 'GET',
      path: '/api/operations',
      permission: 'operations.read',
      summary: 'Queues, cursors, storage, versions, audit',
      handle: async () => ({ body: await state() }),
    },
    {
      method: 'GET',
      path: '/api/operations/dead-letters',
      permission: 'operations.read',
      summary: 'Events that a consumer gave up on',
      handle: async () => ({
        body: {
          items: (await door.feed.deadLetters(200)).map(({ consumer, xid, seq, error, at, tries }) => ({
            consumer,
            position: `${xid}.${seq}`,
            error,
            at: at.toISOString(),
            tries,
          })),
        },
      }),
    },
    {
      method: 'POST',
      path: '/api/operations/consumers/:name/replay',
      permission: 'operations.act',
      summary: 'Rebuild a consumer from event 0, or retry its dead letters',
      schema: {
        body: { type: 'object', required: ['from'], properties: { from: { enum: ['start', 'dead-letters'] } } },
      },
      handle: async ({ params, body }) =>
        (await door.feed.replay(params.name ?? '', (body as { from: 'start' | 'dead-letters' }).from))
          ? { status: 202, body: { ok: true } }
          : refuse('HT-INPUT-004'),
    },
    {
      method: 'POST',
      path: '/api/operations/audit/verify',
      permission: 'operations.read',
      summary: 'Recompute the audit chain',
      handle: async () => {
        const started = performance.now();
        const result = await verifyAudit(door.pool);
        verified = { ...result, at: new Date().toISOString() };
        return { body: { ...result, milliseconds: Math.round(performance.now() - started) } };
      },
    },
  ];
}
