import { names } from './generated/resource-types.generated.ts';

/** One of the 146 concrete resource types of FHIR R4. */
export type ResourceType = (typeof names)[number];

/** All 146, in alphabetical order. */
export const resourceTypes: readonly ResourceType[] = names;

const set: ReadonlySet<string> = new Set(names);

export function isResourceType(x: unknown): x is ResourceType {
  return typeof x === 'string' && set.has(x);
}
