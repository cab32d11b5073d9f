import { currentByKeys, isOpenType, resourceKey } from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import { applyPatch } from './apply-patch.ts';
import type { Patch, Resolved, Sender } from './entry.ts';
import { issue } from './outcome.ts';

type Failure = { ok: false; issues: BorderIssue[]; status: number };

/**
 * Turns patches into updates of the version they were applied to. A patch for what the sender may not see meets nothing, like any other
 * address that leads nowhere.
 */
export async function applyPatches(pool: Pool, entries: Resolved[], sender: Sender): Promise<Failure | null> {
  const patches = entries.filter(({ method }) => method === 'PATCH');
  if (patches.length === 0) return null;
  const current = await currentByKeys(
    pool,
    patches.map(({ type, id }) => resourceKey(type, id ?? '')),
  );
  for (const entry of patches) {
    const at = entry.at || entry.type;
    const stored = current.get(resourceKey(entry.type, entry.id ?? ''));
    const seen =
      stored &&
      (stored.institution === sender.institution.id ||
        (stored.subject === null
          ? isOpenType(stored.type)
          : (await sender.opens([stored.subject])).has(stored.subject)));
    if (!stored || !seen)
      return { ok: false, status: 404, issues: [issue('not-found', at, '没有这个资源', 'There is no such resource')] };
    const patched = applyPatch(JSON.parse(stored.body) as Resource, entry.patch as Patch);
    if (!patched.ok)
      return {
        ok: false,
        status: 422,
        issues: [
          issue(
            'processing',
            entry.at ? `${entry.at}.resource` : patched.error.place,
            patched.error.zh,
            patched.error.en,
          ),
        ],
      };
    const resource = patched.value as Resource;
    if (
      resource === null ||
      typeof resource !== 'object' ||
      resource.resourceType !== entry.type ||
      resource.id !== entry.id
    )
      return {
        ok: false,
        status: 422,
        issues: [
          issue('invalid', at, '补丁不能改变资源的类型和 id', 'A patch cannot change the type or id of a resource'),
        ],
      };
    Object.assign(entry, { method: 'PUT', resource, basedOn: stored.version });
  }
  return null;
}
