import { isDeepStrictEqual } from 'node:util';
import { applyFhirPathPatch } from '@hutong/fhir';
import { ok, type Result, refuse } from '../../kit/result.ts';
import type { Resource } from '../fact.ts';
import type { Meta, Patch } from './entry.ts';
import { applyJsonPatch } from './json-patch.ts';

/** `place`: which operation of the patch failed. */
export type Unpatched = { place: string; zh: string; en: string };

/** What a patch makes of a stored resource; nothing of it is checked here beyond what the patch itself asks. */
export function applyPatch(stored: Resource, patch: Patch): Result<unknown, Unpatched> {
  if (patch.form === 'meta')
    return ok({ ...stored, meta: changedMeta((stored.meta ?? {}) as Meta, patch.meta, patch.change === 'add') });
  const json = patch.form === 'json';
  const patched = json ? applyJsonPatch(stored, patch.operations) : applyFhirPathPatch(stored, patch.parameters);
  if (patched.ok) return ok(patched.value);
  const { index, zh, en } = patched.error;
  return refuse({ place: json ? `patch[${index}]` : `Parameters.parameter[${index}]`, zh, en });
}

/** Adding what is there and taking away what is not are no errors (FHIR R4 §3.2.0.13). Labels and tags are the same by system and code. */
function changedMeta(meta: Meta, given: Meta, add: boolean): Meta {
  const changed: Meta = { ...meta };
  for (const kind of ['profile', 'security', 'tag'] as const) {
    const has = (meta[kind] ?? []) as unknown[];
    const named = (given[kind] ?? []) as unknown[];
    const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(nameOf(a), nameOf(b));
    const next = add
      ? [...has, ...named.filter((one) => !has.some((other) => same(one, other)))]
      : has.filter((one) => !named.some((other) => same(one, other)));
    if (next.length > 0) Object.assign(changed, { [kind]: next });
    else delete changed[kind];
  }
  return changed;
}

const nameOf = (x: unknown): unknown => {
  const coding = x as { system?: string; code?: string } | null;
  return typeof x === 'object' && coding !== null ? [coding.system, coding.code] : x;
};
