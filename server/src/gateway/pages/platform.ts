import { waitingState } from '../../border/intake/index.ts';
import type { Route } from '../../core/access/index.ts';
import type { Feed } from '../../core/events/index.ts';
import type { GroupCommitter } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';

export type PlatformDoor = {
  pool: Pool;
  feed: Feed;
  committer: GroupCommitter;
  counters(): { intake: Record<string, number>; processor: Record<string, number>; mllpConnections: number };
};

/** Health for load balancers, metrics for Prometheus (text format 0.0.4). No label carries anything about a person. */
export function platformRoutes(door: PlatformDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      permission: 'public',
      summary: 'Whether the database answers',
      handle: async () => {
        try {
          await door.pool.query('select 1');
          return { body: { status: 'ok' } };
        } catch {
          return { status: 503, body: { status: 'database away' } };
        }
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      permission: 'public',
      summary: 'Prometheus metrics',
      handle: async () => ({
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: await metrics(door),
      }),
    },
  ];
}

async function metrics({ pool, feed, committer, counters }: PlatformDoor): Promise<string> {
  const lines: string[] = [];
  const metric = (
    name: string,
    type: 'gauge' | 'counter',
    help: string,
    samples: [labels: string, value: number][],
  ): void => {
    lines.push(
      `# HELP hutong_${name} ${help}`,
      `# TYPE hutong_${name} ${type}`,
      ...samples.map(([labels, value]) => `hutong_${name}${labels} ${value}`),
    );
  };
  const { intake, processor, mllpConnections } = counters();
  const [waiting, states] = await Promise.all([waitingState(pool), feed.states()]);
  metric(
    'messages_total',
    'counter',
    'Messages by what became of them at the border.',
    Object.entries(intake).map(([outcome, n]) => [`{outcome="${outcome}"}`, n]),
  );
  metric(
    'recorded_total',
    'counter',
    'Acknowledged messages by what became of them in the record.',
    Object.entries(processor).map(([outcome, n]) => [`{outcome="${outcome}"}`, n]),
  );
  metric('waiting_messages', 'gauge', 'Acknowledged messages on their way into the record.', [['', waiting.waiting]]);
  metric(
    'consumer_lag',
    'gauge',
    'Events a consumer has not read yet (counted up to 10000).',
    states.map(({ name, lag }) => [`{consumer="${name}"}`, lag]),
  );
  metric(
    'dead_letters',
    'gauge',
    'Events a consumer gave up on.',
    states.map(({ name, deadLetters }) => [`{consumer="${name}"}`, deadLetters]),
  );
  metric('commits_total', 'counter', 'Group commits by result.', [
    ['{result="ok"}', committer.counters.commits],
    ['{result="conflict"}', committer.counters.conflicts],
    ['{result="failure"}', committer.counters.failures],
  ]);
  metric('committed_rows_total', 'counter', 'Rows written.', [['', committer.counters.rows]]);
  metric('mllp_connections', 'gauge', 'Open MLLP connections.', [['', mllpConnections]]);
  metric('database_connections', 'gauge', 'Connections of the pool.', [
    ['{state="open"}', pool.totalCount],
    ['{state="idle"}', pool.idleCount],
    ['{state="wanted"}', pool.waitingCount],
  ]);
  metric('process_resident_memory_bytes', 'gauge', 'Resident memory of the server.', [['', process.memoryUsage.rss()]]);
  return `${lines.join('\n')}\n`;
}
