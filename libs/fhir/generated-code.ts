// Loads generated code when a resource type is first met: all of it at once would cost every start some 100 ms.
import { createRequire } from 'node:module';
import { kebab } from './resource-file.ts';
import type { ResourceType } from './resource-types.ts';
import type { SearchValue } from './search/value.ts';
import type { CodeList, CodingList, Visit } from './validate/check.ts';

export type SummaryTree = { readonly [json: string]: 1 | SummaryTree };
export type ParameterRow = {
  readonly code: string;
  readonly type: string;
  readonly base: string;
  readonly expression: string;
  readonly targets?: readonly string[];
  readonly components?: readonly { readonly code: string; readonly type: string; readonly expression: string }[];
};
export type Extract = (resource: Record<string, unknown>, out: SearchValue[]) => void;
type DataTypes = Readonly<Record<string, Visit>>;
type Lists = Readonly<Record<string, CodeList | CodingList>>;
type Targets = Readonly<Record<string, ReadonlySet<string>>>;
type Tests = Readonly<Record<string, (x: unknown) => boolean>>;

/** What the generator wrote for one resource type. */
export type TypeCode = {
  readonly validator: (rt: object, is: Tests, lists: Lists, targets: Targets, dataTypes: DataTypes) => Visit;
  readonly extractor: (rt: object) => { readonly all: Extract; readonly by: Readonly<Record<string, Extract>> };
  readonly parameters: readonly ParameterRow[];
  readonly summary: SummaryTree;
  readonly mandatory: readonly string[];
  readonly elements: readonly string[];
  readonly compartment: readonly string[];
};
export type Tables = {
  readonly lists: (
    list: (name: string, codes: string) => CodeList,
    codings: (name: string, systems: [string, string][]) => CodingList,
  ) => Lists;
  readonly targets: Targets;
};
export type DataTypeCode = (rt: object, is: Tests, lists: Lists, targets: Targets) => DataTypes;

const load = createRequire(import.meta.url);
const loaded = new Map<ResourceType, TypeCode>();

export function typeCode(type: ResourceType): TypeCode {
  let code = loaded.get(type);
  if (code === undefined) {
    code = load(`./generated/resources/${kebab(type)}.generated.cjs`) as TypeCode;
    loaded.set(type, code);
  }
  return code;
}

/** Where, key, severity, expression, the rule in English; see generate/emit-invariants.ts. */
export type InvariantRow = readonly [at: string, key: string, severity: string, expression: string, human: string];

export function invariantRows(): readonly InvariantRow[] {
  return (load('./generated/invariants.generated.cjs') as { rows: readonly InvariantRow[] }).rows;
}

/** Name ([x]: a choice), least, most (-1: any number), types, where its children are defined in place; see generate/emit-elements.ts. */
export type ElementRow = readonly [name: string, min: number, max: number, types: string, content?: string];
export type ElementTable = {
  readonly primitives: readonly string[];
  readonly nodes: Readonly<Record<string, readonly ElementRow[]>>;
};

export function elementTable(): ElementTable {
  return load('./generated/elements.generated.cjs') as ElementTable;
}

export function tables(): Tables {
  return load('./generated/tables.generated.cjs') as Tables;
}

export function dataTypeCode(): DataTypeCode {
  return load('./generated/data-types.generated.cjs') as DataTypeCode;
}
