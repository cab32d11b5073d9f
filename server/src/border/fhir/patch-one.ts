import { isResourceType } from '@hutong/fhir';
import { type Call, type Refusal, type Reply, refuse } from '../../core/access/index.ts';
import type { BorderIssue } from '../fact.ts';
import { asItCame, isTooDeep, parseBody } from './body.ts';
import { ifMatchOf } from './bundle.ts';
import { callerOf, covered, type FhirDoor, notCovered, notFound, outcome } from './door.ts';
import type { Meta, Patch } from './entry.ts';
import { issue } from './outcome.ts';
import { keepUnreadable, senderOf } from './submit.ts';
import { submitOne } from './write-one.ts';

/** PATCH with a JSON Patch (RFC 6902) or the Parameters of a FHIRPath Patch; by id, or by the query when exactly one resource matches. */
export async function patchOne(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const content = /^application\/(json-patch\+json|fhir\+json|json)\b/.exec(call.headers['content-type'] ?? '')?.[1];
  if (!content)
    return refuse('HT-INPUT-003', {
      zh: '只接收 application/json-patch+json 或 application/fhir+json（Parameters）',
      en: 'Only application/json-patch+json, or Parameters as application/fhir+json, are taken',
    });
  return change(door, call, 'PATCH', content === 'json-patch+json' ? operationsOf : parametersOf);
}

/** POST [type]/[id]/$meta-add and $meta-delete: tags, labels and profiles, as a new version. Answers with the meta. */
export async function changeMeta(door: FhirDoor, call: Call, how: 'add' | 'delete'): Promise<Reply | Refusal> {
  const reply = await change(door, call, `$meta-${how}`, (bytes) => {
    const parameters = parseBody(bytes);
    if (Array.isArray(parameters)) return parameters;
    const given = Array.isArray(parameters.parameter)
      ? (parameters.parameter as { name?: string; valueMeta?: Meta }[])
      : [];
    const meta = given.find((one) => one?.name === 'meta')?.valueMeta;
    return meta && typeof meta === 'object'
      ? { form: 'meta', change: how, meta }
      : [
          issue(
            'required',
            'Parameters.parameter',
            '缺少名为 meta 的参数',
            'The parameter named meta (valueMeta) is missing',
          ),
        ];
  });
  const stored = 'status' in reply && reply.status === 200 ? (reply.body as { meta?: object } | null) : null;
  return stored?.meta
    ? { ...reply, body: { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: stored.meta }] } }
    : reply;
}

async function change(
  door: FhirDoor,
  call: Call,
  what: string,
  read: (bytes: Buffer) => Patch | BorderIssue[],
): Promise<Reply | Refusal> {
  const { type = '', id } = call.params;
  const institution = senderOf(door, call);
  if (!isResourceType(type)) return notFound();
  if (!institution || !covered(callerOf(call), type, 'u')) return notCovered(type);
  const kind = `${what} ${type}`;
  const given = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0);
  const bytes = asItCame(given);
  const patch = read(given);
  if (Array.isArray(patch)) return keepUnreadable(door, call, institution, bytes, kind, patch);
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

function operationsOf(bytes: Buffer): Patch | BorderIssue[] {
  try {
    const operations: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (Array.isArray(operations) && !isTooDeep(bytes)) return { form: 'json', operations };
  } catch {
    // Said below: what cannot be read is no array either.
  }
  return [issue('structure', 'patch', '补丁应为 JSON 数组', 'The patch must be a JSON array')];
}

function parametersOf(bytes: Buffer): Patch | BorderIssue[] {
  const parameters = parseBody(bytes);
  if (Array.isArray(parameters)) return parameters;
  return parameters.resourceType === 'Parameters'
    ? { form: 'fhirpath', parameters }
    : [issue('structure', 'patch', '补丁应为 Parameters 资源', 'The patch must be a Parameters resource')];
}
