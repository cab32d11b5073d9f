// What a search asks, as plain data: no functions, no classes, safe to store, compare and compile to SQL.
// Semantics: http://hl7.org/fhir/R4/search.html. Every list of values is an OR; every list of filters an AND.
import type { ResourceType } from '../resource-types.ts';

/** How an ordered value compares: the range a resource holds against the range the search names. */
export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/**
 * `system` undefined: any; null: none ("|code"). `code` undefined: any of the system ("system|"). Never both undefined.
 */
export type TokenTerm = { readonly system: string | null | undefined; readonly code: string | undefined };
export type TextTerm = { readonly value: string; readonly folded: string };
/** [start, end) in epoch milliseconds; zone-less dates are China's. For `ap` the compiler widens: it knows the time. */
export type DateTerm = { readonly prefix: Prefix; readonly start: number; readonly end: number };
/**
 * [low, high) is what the digits given mean for `eq` and `ne` ("100" is 99.5 up to 100.5), for `ap` value +- 10 %. The
 * other prefixes compare with `value`.
 */
export type NumberTerm = {
  readonly prefix: Prefix;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};
/** A number with a unit: `system` undefined and `code` given means code or printed unit, whatever the system. */
export type QuantityTerm = NumberTerm & { readonly system: string | undefined; readonly code: string | undefined };
/** `id` alone when the search gives no type and the parameter has several; `url` for absolute and canonical ones. */
export type ReferenceTerm = {
  readonly type: ResourceType | undefined;
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly url: string | undefined;
};

/** Compares the folded forms, except 'exact', which compares the originals. 'equals' and 'ends' come from `_filter`. */
export type StringFilter = {
  readonly kind: 'string';
  readonly param: string;
  readonly match: 'starts' | 'exact' | 'contains' | 'ends' | 'equals';
  readonly values: readonly TextTerm[];
};
/** `negate` (`:not`): resources none of whose values match, those without any value included. */
export type TokenFilter = {
  readonly kind: 'token';
  readonly param: string;
  readonly negate: boolean;
  readonly values: readonly TokenTerm[];
};
/** `:text`: a display or text that starts with the value, folded. */
export type TokenTextFilter = {
  readonly kind: 'token-text';
  readonly param: string;
  readonly values: readonly TextTerm[];
};
/** `:in` and `:not-in`: membership in a value set, by its canonical address or 'ValueSet/id'. */
export type TokenSetFilter = {
  readonly kind: 'token-set';
  readonly param: string;
  readonly negate: boolean;
  readonly valueSets: readonly string[];
};
/** `:above` (the value or an ancestor) and `:below` (the value or a descendant) in the code system's hierarchy. */
export type TokenSubsumesFilter = {
  readonly kind: 'token-subsumes';
  readonly param: string;
  readonly direction: 'above' | 'below';
  readonly values: readonly TokenTerm[];
};
/** `:of-type`: an identifier of a type, "type system|type code|value". */
export type TokenOfTypeFilter = {
  readonly kind: 'token-of-type';
  readonly param: string;
  readonly values: readonly { readonly system: string; readonly code: string; readonly value: string }[];
};
/** `direction` for `:above` / `:below` on hierarchies of resources (Location.partOf) and versions of canonicals. */
export type ReferenceFilter = {
  readonly kind: 'reference';
  readonly param: string;
  readonly direction: 'above' | 'below' | undefined;
  readonly values: readonly ReferenceTerm[];
};
/** `:identifier`: the identifier inside the reference, not one of the resource referred to. */
export type ReferenceIdentifierFilter = {
  readonly kind: 'reference-identifier';
  readonly param: string;
  readonly values: readonly TokenTerm[];
};
export type DateFilter = { readonly kind: 'date'; readonly param: string; readonly values: readonly DateTerm[] };
export type NumberFilter = { readonly kind: 'number'; readonly param: string; readonly values: readonly NumberTerm[] };
export type QuantityFilter = {
  readonly kind: 'quantity';
  readonly param: string;
  readonly values: readonly QuantityTerm[];
};
/** `:above`: the value is the same as or below what the resource has; `:below`: the other way round, by URL path. */
export type UriFilter = {
  readonly kind: 'uri';
  readonly param: string;
  readonly match: 'is' | 'above' | 'below';
  readonly values: readonly string[];
};
/** Each value is one filter per component, in the order of the parameter's components; all must match one tuple. */
export type CompositeFilter = {
  readonly kind: 'composite';
  readonly param: string;
  readonly values: readonly (readonly SimpleFilter[])[];
};
export type MissingFilter = { readonly kind: 'missing'; readonly param: string; readonly missing: boolean };
/** The resource `param` refers to satisfies the filter of its type: any branch will do. */
export type ChainFilter = {
  readonly kind: 'chain';
  readonly param: string;
  readonly branches: readonly { readonly type: ResourceType; readonly filter: Filter }[];
};
/** Some resource of `type` refers here by its `param` and satisfies `filter`. */
export type HasFilter = {
  readonly kind: 'has';
  readonly type: ResourceType;
  readonly param: string;
  readonly filter: Filter;
};
/** Member of the List with this id (`_list`). */
export type ListFilter = { readonly kind: 'list'; readonly id: string };
/** Words in the narrative (`_text`) or anywhere (`_content`). */
export type FullTextFilter = {
  readonly kind: 'full-text';
  readonly scope: 'narrative' | 'content';
  readonly values: readonly TextTerm[];
};
/** Within `metres` of a place in degrees; undefined leaves the distance to the server. */
export type NearFilter = {
  readonly kind: 'near';
  readonly param: string;
  readonly values: readonly {
    readonly latitude: number;
    readonly longitude: number;
    readonly metres: number | undefined;
  }[];
};
/** From `_filter` only. */
export type LogicFilter =
  | { readonly kind: 'and'; readonly filters: readonly Filter[] }
  | { readonly kind: 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter };

/** Filters that a component of a composite can be. */
export type SimpleFilter =
  | StringFilter
  | TokenFilter
  | ReferenceFilter
  | DateFilter
  | NumberFilter
  | QuantityFilter
  | UriFilter;
export type Filter =
  | SimpleFilter
  | TokenTextFilter
  | TokenSetFilter
  | TokenSubsumesFilter
  | TokenOfTypeFilter
  | ReferenceIdentifierFilter
  | CompositeFilter
  | MissingFilter
  | ChainFilter
  | HasFilter
  | ListFilter
  | FullTextFilter
  | NearFilter
  | LogicFilter;

/**
 * `_include` / `_revinclude`. `source` is the type that holds the reference ('*': any); `param` one of its reference
 * parameters ('*': all of them); `target` limits what it leads to. `iterate`: apply to included resources as well.
 */
export type Include = {
  readonly source: ResourceType | '*';
  readonly param: string;
  readonly target: ResourceType | undefined;
  readonly iterate: boolean;
};
export type SortKey = { readonly param: string; readonly descending: boolean };

export type SearchQuery = {
  /** The types searched: one, or those of `_type`; empty means every type. */
  readonly types: readonly ResourceType[];
  readonly filters: readonly Filter[];
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  readonly sort: readonly SortKey[];
  readonly count: number | undefined;
  readonly total: 'none' | 'estimate' | 'accurate' | undefined;
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false' | undefined;
  readonly elements: readonly string[] | undefined;
  /** `_format`, `_pretty` and whatever else the caller said is its own (paging), as given. */
  readonly own: Readonly<Record<string, string>>;
};
