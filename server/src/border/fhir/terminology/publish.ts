import { isDeepStrictEqual } from 'node:util';
import {
  currentByKeys,
  lastVersions,
  newVersion,
  referenceShard,
  resourceKey,
  resourceWriter,
} from '../../../core/store/index.ts';
import { writeInto } from '../../../kit/group-commit.ts';
import { inTransaction, type Pool } from '../../../kit/pool.ts';
import type { Resource } from '../../fact.ts';
import { platformInstitution } from './sources.ts';

const lock = 0x44454653;

/**
 * Puts the platform's own definitions into the record, so that they are read, searched and referred to like any other; what has not changed
 * is left alone, and what has makes a new version. An id that somebody else has taken is left to them.
 * @returns how many were written
 */
export async function publishDefinitions(pool: Pool, definitions: readonly Resource[], now: number): Promise<number> {
  return inTransaction(pool, async (client) => {
    // Two servers starting at once: the second waits here and then finds the work done.
    await client.query('select pg_advisory_xact_lock($1)', [lock]);
    const keys = definitions.map(({ resourceType, id }) => resourceKey(resourceType, String(id)));
    const current = await currentByKeys(client, keys);
    const former = await lastVersions(
      client,
      keys.filter((key) => !current.has(key)),
    );
    const writes = definitions.flatMap((resource, index) => {
      const key = keys[index] as bigint;
      const stored = current.get(key);
      if (stored && (stored.institution !== platformInstitution || isSame(stored.body, resource))) return [];
      return [
        newVersion({
          resource,
          id: String(resource.id),
          shard: stored?.shard ?? referenceShard,
          expected: stored?.version ?? 0,
          version: (stored?.version ?? former.get(key) ?? 0) + 1,
          subject: null,
          institution: platformInstitution,
          label: 0,
          received: now,
          message: null,
        }),
      ];
    });
    if (writes.length > 0) await writeInto(client, resourceWriter, writes);
    return writes.length;
  });
}

function isSame(body: string, resource: Resource): boolean {
  const { meta, ...stored } = JSON.parse(body) as Resource;
  const { versionId: _version, lastUpdated: _time, ...labels } = (meta ?? {}) as Record<string, unknown>;
  const { meta: given, ...rest } = resource;
  return isDeepStrictEqual(stored, rest) && isDeepStrictEqual(labels, given ?? {});
}
