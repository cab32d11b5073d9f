import { typeCode } from '../generated-code.ts';
import { type ResourceType, resourceTypes } from '../resource-types.ts';

export type SearchParameterType =
  | 'string'
  | 'token'
  | 'reference'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'special';

/**
 * A standard search parameter of one resource type. `targets` (references) are the types it may lead to; `expression`
 * is the part of the published FHIRPath that concerns the type ('' for `_text` and `_content`); `components` are those
 * of a composite, in the order a search gives them. `base` is the type that declares it.
 */
export type SearchParameterInfo = {
  readonly code: string;
  readonly type: SearchParameterType;
  readonly base: string;
  readonly targets: readonly ResourceType[];
  readonly expression: string;
  readonly components: readonly {
    readonly code: string;
    readonly type: SearchParameterType;
    readonly expression: string;
  }[];
};

const cache = new Map<ResourceType, ReadonlyMap<string, SearchParameterInfo>>();

/** Every standard parameter of a type by its code, `_id`, `_lastUpdated`, `_tag` and so on included. */
export function searchParameters(type: ResourceType): ReadonlyMap<string, SearchParameterInfo> {
  let map = cache.get(type);
  if (map === undefined) {
    map = new Map(
      typeCode(type).parameters.map((row) => [
        row.code,
        {
          code: row.code,
          type: row.type as SearchParameterType,
          base: row.base,
          targets: row.targets?.[0] === '*' ? resourceTypes : ((row.targets ?? []) as readonly ResourceType[]),
          expression: row.expression,
          components: (row.components ?? []) as SearchParameterInfo['components'],
        },
      ]),
    );
    cache.set(type, map);
  }
  return map;
}
