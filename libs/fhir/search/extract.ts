import { typeCode } from '../generated-code.ts';
import { isResourceType, type ResourceType } from '../resource-types.ts';
import * as convert from './convert/index.ts';
import type { SearchValue } from './value.ts';

type Extractor = ReturnType<ReturnType<typeof typeCode>['extractor']>;
const extractors = new Map<ResourceType, Extractor>();

export function extractor(type: ResourceType): Extractor {
  let e = extractors.get(type);
  if (e === undefined) {
    e = typeCode(type).extractor(convert);
    extractors.set(type, e);
  }
  return e;
}

/**
 * What every standard search parameter of the resource's type finds in it, `_id`, `_lastUpdated`, `_tag`, `_profile`,
 * `_security` and `_source` included. The same value may occur twice. Nothing for what is not an R4 resource; members
 * of the wrong shape are passed over; never throws on JSON.
 */
export function extractSearchValues(resource: unknown): SearchValue[] {
  const out: SearchValue[] = [];
  if (typeof resource !== 'object' || resource === null) return out;
  const r = resource as Record<string, unknown>;
  if (isResourceType(r.resourceType)) extractor(r.resourceType).all(r, out);
  return out;
}
