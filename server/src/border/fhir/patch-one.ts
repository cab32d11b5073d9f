import { isResourceType } from '@hutong/fhir';
import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import { ifMatchOf } from './bundle.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome } from './door.ts';
import { issue } from './outcome.ts';
import { keepUnreadable, senderOf } from './submit.ts';
import { submitOne } from './write-one.ts';

/** PATCH with a JSON Patch (RFC 6902); by id, or by the query when exactly one resource matches. */
export async function patchOne(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const { type = '', id } = call.params;
  const institution = senderOf(door, call);
  if (!isResourceType(type)) return notFound();
  if (!institution || !covered(callerOf(call), type, 'u')) return notCovered(type);
  const kind = `PATCH ${type}`;
  if (!/^application\/json-patch\+json\b/.test(call.headers['content-type'] ?? ''))
    return refuse('HT-INPUT-003', {
      zh: '只接收 application/json-patch+json',
      en: 'Only application/json-patch+json is taken',
    });
  const bytes = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
  const patch = operationsOf(bytes);
  if (!patch)
    return keepUnreadable(door, call, institution, bytes, kind, [
      issue('structure', 'patch', '补丁应为 JSON 数组', 'The patch must be a JSON array'),
    ]);
  const ifMatch = ifMatchOf(call.headers['if-match']);
  if (ifMatch === 'malformed') {
    call.look({ action: 'refused', what: `${kind} If-Match`, ground: 'submission' });
    return outcome(400, [issue('value', 'If-Match', 'If-Match 应为 W/"版本号"', 'If-Match must be W/"<version>"')]);
  }
  return submitOne(door, call, institution, bytes, kind, {
    at: '',
    method: 'PATCH',
    type,
    ...(id === undefined ? { condition: call.rawQuery } : { id }),
    patch,
    ...(ifMatch !== undefined && { ifMatch }),
  });
}

function operationsOf(bytes: Buffer): unknown[] | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
