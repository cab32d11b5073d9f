import { checkInvariants, checkProfile, type Issue, isResourceType, validateResource } from '@hutong/fhir';
import type { Call, Refusal, Reply } from '../../core/access/index.ts';
import type { BorderIssue, Resource } from '../fact.ts';
import { parseBody } from './body.ts';
import { type FhirDoor, notFound, outcome } from './door.ts';
import { fromValidator, issue, wellDone } from './outcome.ts';
import { surroundingsOf } from './profiles/surroundings.ts';
import { formatRefusal } from './shape.ts';
import { sourcesFor } from './terminology/sources.ts';

const modes = ['create', 'update', 'delete', 'profile'];

type Asked = { resource: Resource | null; profiles: string[]; mode: string | undefined };

/** The parameters stand in the address, or beside the resource in Parameters; one that $validate does not have is refused by name. */
function asked(call: Call, given: Resource, type: string): Asked | BorderIssue {
  const wanted: Asked = { resource: given, profiles: [], mode: undefined };
  const take = (name: string, value: unknown): BorderIssue | undefined => {
    if (name === 'profile' && typeof value === 'string') wanted.profiles.push(value);
    else if (name === 'mode' && modes.includes(String(value))) wanted.mode = String(value);
    else if (name === '_format' && formatRefusal(String(value)) !== null)
      return issue('not-supported', '_format', '只提供 JSON 与 XML 格式', 'Only JSON and XML are given');
    else if (name !== '_format' && name !== '_pretty')
      return issue(
        'value',
        name.slice(0, 60),
        `参数“${name.slice(0, 60)}”未知或取值无效`,
        `The parameter "${name.slice(0, 60)}" is not known or its value is not valid`,
      );
    return undefined;
  };
  for (const [name, value] of new URLSearchParams(call.rawQuery)) {
    const refusal = take(name, value);
    if (refusal) return refusal;
  }
  if (given.resourceType !== 'Parameters' || type === 'Parameters') return wanted;
  wanted.resource = null;
  for (const part of (Array.isArray(given.parameter) ? given.parameter : []) as Record<string, unknown>[]) {
    if (part?.name === 'resource') wanted.resource = part.resource as Resource;
    else {
      const key = Object.keys(part ?? {}).find((one) => one.startsWith('value'));
      const refusal = take(String(part?.name), key === undefined ? undefined : part[key]);
      if (refusal) return refusal;
    }
  }
  return wanted;
}

/**
 * $validate: structure, required bindings, reference targets, the FHIRPath constraints of the base types, and the profiles that `profile` or the
 * resource's own meta names. Nothing is stored.
 */
export async function validate(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const { type = '', id } = call.params;
  if (!isResourceType(type)) return notFound();
  const given = parseBody(call.body);
  if (Array.isArray(given)) return outcome(400, given);
  const wanted = asked(call, given, type);
  if ('rule' in wanted) return outcome(400, [wanted]);
  const { resource, profiles, mode } = wanted;
  if (mode === 'delete' && id !== undefined) return { body: wellDone(type, '校验通过', 'Nothing speaks against it') };
  if (!resource || typeof resource !== 'object')
    return outcome(400, [
      issue('required', 'Parameters.parameter', '缺少名为 resource 的参数', 'The parameter named resource is missing'),
    ]);
  if (resource.resourceType !== type)
    return outcome(400, [issue('invalid', type, '资源类型与地址不一致', 'The resource type differs from the address')]);
  const found: Issue[] = [...validateResource(resource)];
  const issues: BorderIssue[] = [];
  if (!found.some(({ severity }) => severity === 'error')) {
    found.push(...(await checkInvariants(resource)));
    issues.push(...(await againstProfiles(door, call, resource, profiles)));
  }
  issues.unshift(...found.map(fromValidator));
  if (id !== undefined && resource.id !== id)
    issues.push(issue('invalid', `${type}.id`, '资源 id 与地址不一致', 'The resource id differs from the address'));
  if (mode === 'update' && typeof resource.id !== 'string')
    issues.push(issue('required', `${type}.id`, '更新须有资源 id', 'An update needs the id of the resource'));
  return issues.length > 0 ? outcome(200, issues) : { body: wellDone(type, '校验通过', 'The resource is valid') };
}

/** A profile that is asked for and unknown is an error; one that only the resource names is a warning. */
async function againstProfiles(
  door: FhirDoor,
  call: Call,
  resource: Resource,
  asked: readonly string[],
): Promise<BorderIssue[]> {
  const surroundings = surroundingsOf(sourcesFor(door, call));
  const own = ((resource.meta as { profile?: string[] } | undefined)?.profile ?? []).filter(
    (one) => !asked.includes(one),
  );
  const issues: BorderIssue[] = [];
  for (const [index, profile] of [...asked, ...own].entries()) {
    const found = await checkProfile(resource, profile, surroundings);
    const shown = profile.slice(0, 200);
    if (found) issues.push(...found.map(fromValidator));
    else
      issues.push({
        ...issue(
          'not-found',
          index < asked.length ? 'profile' : `${resource.resourceType}.meta.profile[${index - asked.length}]`,
          `平台没有规范 ${shown}`,
          `The profile ${shown} is not known here`,
        ),
        severity: index < asked.length ? 'error' : 'warning',
      });
  }
  return [...new Map(issues.map((one) => [`${one.path} ${one.en}`, one])).values()];
}
