import { isResourceType } from '@hutong/fhir';
import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import type { OpenSubject } from '../../core/identity/index.ts';
import { lastOwner, readHistory, readVersion, type Scope, type Stored, type Version } from '../../core/store/index.ts';
import { callerOf, covered, type FhirDoor, gone, notCovered, notFound, ownScope, scopeFor } from './door.ts';
import { shaped, shapeOf } from './shape.ts';

const versionHeaders = ({ version, received }: Pick<Stored, 'version' | 'received'>): Record<string, string> => ({
  etag: `W/"${version}"`,
  'last-modified': received.toUTCString(),
});

/** Looks with the caller's own eyes first; only what those do not see is asked for with the ground that the resident's record gives. */
export async function lookUp<T>(
  door: FhirDoor,
  call: Call,
  what: string,
  look: (scope: Scope) => Promise<T | null>,
): Promise<T | null> {
  const { type = '', id = '' } = call.params;
  const caller = callerOf(call);
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(id)) {
    call.look({ action: 'read', what: `${type} not shown`, ground: 'own-institution' });
    return null;
  }
  const own = await look(ownScope(caller));
  const owner =
    own !== null && typeof own === 'object' && 'subject' in own
      ? (own as { subject: bigint | null })
      : await lastOwner(door.pool, type, id);
  let opened: OpenSubject = { scope: ownScope(caller), ground: 'own-institution', resident: null };
  let seen = own;
  if (own === null && owner?.subject != null) {
    opened = await scopeFor(door, caller, owner.subject, call.now);
    seen = await look(opened.scope);
  }
  call.look({
    action: 'read',
    what: `${type} ${seen === null ? 'not shown' : what}`,
    resident: opened.resident,
    subject: owner?.subject ?? null,
    ground: opened.ground,
  });
  return seen;
}

const guarded = (call: Call): Refusal | null => {
  const { type = '' } = call.params;
  if (!isResourceType(type)) return notFound();
  return covered(callerOf(call), type, 'r') ? null : notCovered(type);
};

export async function readOne(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const refusal = guarded(call);
  if (refusal) return refusal;
  const { type = '', id = '' } = call.params;
  const shape = shapeOf(type, call.rawQuery);
  if ('reply' in shape) {
    call.look({ action: 'refused', what: `${type} read`, ground: 'own-institution' });
    return shape.reply;
  }
  const seen = await lookUp(door, call, 'read', (scope) => door.read(scope, type, id));
  if (seen === null) return notFound();
  if (seen === 'gone') return gone();
  if (call.headers['if-none-match'] === `W/"${seen.version}"`) return { status: 304, headers: versionHeaders(seen) };
  const since = call.headers['if-modified-since'];
  if (
    since !== undefined &&
    call.headers['if-none-match'] === undefined &&
    Math.floor(seen.received.getTime() / 1000) * 1000 <= Date.parse(since)
  )
    return { status: 304, headers: versionHeaders(seen) };
  return { headers: versionHeaders(seen), body: shaped(seen.body, shape) };
}

export async function readOneVersion(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const refusal = guarded(call);
  if (refusal) return refusal;
  const { type = '', id = '', version = '' } = call.params;
  const number = /^\d{1,9}$/.test(version) ? Number(version) : 0;
  const shape = shapeOf(type, call.rawQuery);
  if ('reply' in shape) {
    call.look({ action: 'refused', what: `${type} vread`, ground: 'own-institution' });
    return shape.reply;
  }
  const seen = await lookUp(door, call, 'vread', (scope) => readVersion(door.pool, scope, type, id, number));
  if (seen === null) return notFound();
  if (seen.deleted) return gone();
  return { headers: versionHeaders(seen), body: shaped(seen.body, shape) };
}

export async function readInstanceHistory(door: FhirDoor, call: Call): Promise<Version[] | Refusal> {
  const refusal = guarded(call);
  if (refusal) return refusal;
  const { type = '', id = '' } = call.params;
  const found = await lookUp(door, call, 'history', async (scope) => {
    const versions = await readHistory(door.pool, scope, type, id);
    return versions.length > 0 ? Object.assign(versions, { subject: (versions[0] as Version).subject }) : null;
  });
  return found ?? refuse('HT-INPUT-004');
}
