import type { ResourceType } from '@hutong/fhir';
import type { Scope } from '../scope.ts';

/** A search that the grammar knows and this store does not answer: refused by name, never ignored. */
export class NotSearchable extends Error {
  readonly parameter: string;
  constructor(parameter: string) {
    super(parameter);
    this.parameter = parameter;
  }
}

/** Collects SQL parameters; SQL text is made only of our own words and placeholders. */
export type Binder = (value: unknown) => string;

/** What the world around a search tells it. */
export type Around = {
  scope: Scope;
  /** Epoch milliseconds: what "approximately" is measured from. */
  now: number;
  /** Our own FHIR address: absolute references below it are local ones. */
  base?: string | undefined;
  /** The codes of a value set, or undefined when it is not known. `below`: a code of ICD-10 with everything below it. */
  expand?: ((valueSet: string) => readonly { system: string; code: string; below?: boolean }[] | undefined) | undefined;
  /** A code with the known ones above or below it; undefined when the system is not known. ICD-10 needs no asking: its hierarchy is in the codes. */
  related?: ((system: string, code: string, direction: 'above' | 'below') => readonly string[] | undefined) | undefined;
  /** Every row has the words of the newest layout: none is being indexed anew. */
  settled?: boolean | undefined;
  /** Up to so many rows a chain is looked up ahead and asked for by key; beyond, it is left to a join. Default 1,000. */
  chainKeys?: number | undefined;
  /** From so many rows with the words asked for on, a page is read in its order instead of being sorted. Default 400. */
  manyRows?: number | undefined;
  /** So many values are looked at in their order before a page is sorted instead. Default 3,000. */
  window?: number | undefined;
};

/** Everything a filter needs to know about where it stands: the row's alias and type, and the caller's scope for chained rows. */
export type At = Around & {
  alias: string;
  type: ResourceType;
  bind: Binder;
  depth: number;
  /** So many rows have the words that a page is sooner full by reading rows in their order: the word index is kept out of it. */
  inOrder?: boolean;
};

export const and = (parts: string[]): string => (parts.length === 0 ? 'true' : `(${parts.join(' and ')})`);
export const or = (parts: string[]): string => (parts.length === 0 ? 'false' : `(${parts.join(' or ')})`);
export const int8 = (values: bigint[], bind: Binder): string => `${bind(values.map(String))}::int8[]`;
