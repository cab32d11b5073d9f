import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { typeName } from '../../server/src/core/store/index.ts';
import { bodyOf } from '../../server/src/core/store/sealed-bodies.ts';
import type { Pool } from '../../server/src/kit/pool.ts';
import { storedSources } from '../../server/test/stored.ts';

/** Resolves when everything that was acknowledged has its verdict and every consumer has read every event. */
export async function recordSettled(pool: Pool, limitMs = 300_000): Promise<void> {
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    const { rows } = await pool.query<{ settled: boolean }>(
      `select not exists (select 1 from intake.waiting)
         and not exists (select 1 from events.feed f, events.consumer c where (f.xid, f.seq) > (c.xid, c.seq)) as settled`,
    );
    if (rows[0]?.settled) return;
    await wait(100);
  }
  throw new Error(`the record did not settle within ${limitMs / 1000} s`);
}

/** A value with its keys in one order: two texts are equal exactly when the values are. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, inOrder(inner)]),
  );
}

/** A resource without what tells of its writing: version number and time of the last change. */
export function contentOf(body: string): string {
  const { meta, ...rest } = JSON.parse(body) as { meta?: { versionId?: string; lastUpdated?: string } };
  const { versionId: _version, lastUpdated: _at, ...kept } = meta ?? {};
  return JSON.stringify(inOrder({ ...rest, ...(Object.keys(kept).length > 0 && { meta: kept }) }));
}

export type RecordContent = {
  /** 'Type/id' to the hash of its content, its person and its label. */
  resources: Map<string, string>;
  /** Which identities of which institutions are one resident: one line a resident. */
  residents: Set<string>;
};

/** Everything the record says, in a form in which two records can be compared. */
export async function recordContent(pool: Pool): Promise<RecordContent> {
  const resources = new Map<string, string>();
  let after = { shard: -1, key: '0' };
  for (;;) {
    const { rows } = await pool.query<{
      shard: number;
      key: string;
      type: number;
      id: string;
      subject: string | null;
      label: number;
      body: string;
      sealed: Buffer | null;
    }>(
      'select shard, key::text, type, id, subject::text, label, body, sealed from store.resource where (shard, key) > ($1, $2::int8) order by shard, resource.key limit 2000',
      [after.shard, after.key],
    );
    for (const { type, id, subject, label, ...text } of rows)
      resources.set(
        `${typeName(type)}/${id}`,
        createHash('sha256')
          .update(`${subject} ${label} ${contentOf(bodyOf(text))}`)
          .digest('hex'),
      );
    const last = rows.at(-1);
    if (!last) break;
    after = last;
  }
  const lines = new Map<bigint, string[]>();
  for (const { resident, authority, localId, number, mergedInto, name, address } of await storedSources(pool)) {
    const line = [authority, localId, number ?? '-', mergedInto ?? '-', name ?? '', address ?? ''].join(' ');
    lines.set(resident, [...(lines.get(resident) ?? []), line]);
  }
  return { resources, residents: new Set([...lines.values()].map((own) => own.join('; '))) };
}

export type Difference = { missing: string[]; additional: string[]; different: string[]; residents: string[] };

export function compareRecords(expected: RecordContent, found: RecordContent): Difference {
  return {
    missing: [...expected.resources.keys()].filter((name) => !found.resources.has(name)),
    additional: [...found.resources.keys()].filter((name) => !expected.resources.has(name)),
    different: [...expected.resources]
      .filter(([name, hash]) => found.resources.has(name) && found.resources.get(name) !== hash)
      .map(([name]) => name),
    residents: [
      ...[...expected.residents].filter((line) => !found.residents.has(line)),
      ...[...found.residents].filter((line) => !expected.residents.has(line)),
    ],
  };
}
