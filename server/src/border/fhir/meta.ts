import { isResourceType } from '@hutong/fhir';
import type { Call, Refusal, Reply } from '../../core/access/index.ts';
import { callerOf, covered, type FhirDoor, gone, notCovered, notFound } from './door.ts';
import { lookUp } from './read-one.ts';

/** [type]/[id]/$meta: version, tags, profiles and labels, without the content. */
export async function meta(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const { type = '', id = '' } = call.params;
  if (!isResourceType(type)) return notFound();
  if (!covered(callerOf(call), type, 'r')) return notCovered(type);
  const seen = await lookUp(door, call, '$meta', (scope) => door.read(scope, type, id));
  if (seen === null) return notFound();
  if (seen === 'gone') return gone();
  return {
    body: {
      resourceType: 'Parameters',
      parameter: [{ name: 'return', valueMeta: (JSON.parse(seen.body) as { meta: object }).meta }],
    },
  };
}
