// What search finds a resource by. A closed union; every member of a kind has all its keys, so that engines see one shape.

export type CodePair = { readonly system: string | undefined; readonly code: string | undefined };

/**
 * A code, identifier, boolean or contact point. `system` is undefined when the data has none ("|code" matches).
 * A value with only `text` (a CodeableConcept's own text) serves `:text`. `types` are an Identifier's type codings,
 * for `:of-type`.
 */
export type TokenValue = {
  readonly kind: 'token';
  readonly param: string;
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly text: string | undefined;
  readonly types: readonly CodePair[] | undefined;
};
/** `value` as written (`:exact`); `folded` without case, accents and width (default and `:contains`), see `fold`. */
export type StringValue = {
  readonly kind: 'string';
  readonly param: string;
  readonly value: string;
  readonly folded: string;
};
/**
 * A Reference, canonical, or bundled resource. `url` is set when the reference is not relative; `type` and `id` also
 * where an absolute address says them. A logical reference has only `identifier` (and perhaps `type`).
 */
export type ReferenceValue = {
  readonly kind: 'reference';
  readonly param: string;
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly url: string | undefined;
  readonly identifier: { readonly system: string | undefined; readonly value: string | undefined } | undefined;
};
/** From `start` up to, not including, `end`, in epoch milliseconds; OPEN_START / OPEN_END where a period has no limit. */
export type DateValue = { readonly kind: 'date'; readonly param: string; readonly start: number; readonly end: number };
/** From `low` to `high`, both included; the same for a plain number; infinite where a range has no limit. */
export type NumberValue = {
  readonly kind: 'number';
  readonly param: string;
  readonly low: number;
  readonly high: number;
};
/**
 * `value` is the number as written, undefined for a Range or SampledData; `low`..`high` what it stands for, with a
 * comparator or an open range as an infinite limit. Money has the system urn:iso:std:iso:4217.
 */
export type QuantityValue = {
  readonly kind: 'quantity';
  readonly param: string;
  readonly value: number | undefined;
  readonly low: number;
  readonly high: number;
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly unit: string | undefined;
};
export type UriValue = { readonly kind: 'uri'; readonly param: string; readonly value: string };
export type SimpleSearchValue =
  | TokenValue
  | StringValue
  | ReferenceValue
  | DateValue
  | NumberValue
  | QuantityValue
  | UriValue;
/** Values that occur together: any of `parts[0]` with any of `parts[1]` ..., in the order of the parameter's components. */
export type CompositeValue = {
  readonly kind: 'composite';
  readonly param: string;
  readonly parts: readonly (readonly SimpleSearchValue[])[];
};
/** The place of a Location, in degrees (parameter `near`). */
export type PositionValue = {
  readonly kind: 'position';
  readonly param: string;
  readonly latitude: number;
  readonly longitude: number;
};
export type SearchValue = SimpleSearchValue | CompositeValue | PositionValue;
