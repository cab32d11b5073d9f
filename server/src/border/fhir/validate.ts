import { checkInvariants, type Issue, isResourceType, validateResource } from '@hutong/fhir';
import type { Call, Refusal, Reply } from '../../core/access/index.ts';
import type { Resource } from '../fact.ts';
import { parseBody } from './body.ts';
import { notFound, outcome } from './door.ts';
import { fromValidator, issue, wellDone } from './outcome.ts';

/** $validate: structure, required bindings, reference targets, and the FHIRPath constraints of the base types. Nothing is stored. */
export async function validate(call: Call): Promise<Reply | Refusal> {
  const { type = '', id } = call.params;
  if (!isResourceType(type)) return notFound();
  const given = parseBody(call.body);
  if (Array.isArray(given)) return outcome(400, given);
  const resource = given.resourceType === 'Parameters' && type !== 'Parameters' ? wrapped(given) : given;
  if (!resource)
    return outcome(400, [
      issue('required', 'Parameters.parameter', '缺少名为 resource 的参数', 'The parameter named resource is missing'),
    ]);
  if (resource.resourceType !== type)
    return outcome(400, [issue('invalid', type, '资源类型与地址不一致', 'The resource type differs from the address')]);
  const found: Issue[] = [...validateResource(resource)];
  if (!found.some(({ severity }) => severity === 'error')) found.push(...(await checkInvariants(resource)));
  const issues = found.map(fromValidator);
  if (id !== undefined && resource.id !== id)
    issues.push(issue('invalid', `${type}.id`, '资源 id 与地址不一致', 'The resource id differs from the address'));
  return issues.length > 0 ? outcome(200, issues) : { body: wellDone(type, '校验通过', 'The resource is valid') };
}

function wrapped({ parameter }: Resource): Resource | null {
  const parts = Array.isArray(parameter) ? (parameter as { name?: unknown; resource?: Resource }[]) : [];
  return parts.find((part) => part?.name === 'resource')?.resource ?? null;
}
