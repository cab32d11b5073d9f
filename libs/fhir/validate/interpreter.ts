// The FHIRPath interpreter, heavy and only needed for constraints and patches: loaded at the first call.
import { createRequire } from 'node:module';

/** What the interpreter calls a node: a value with its place in the resource. `path` is the type or place that defines its children. */
export type PathNode = {
  data: unknown;
  path: string | null;
  parentResNode: PathNode | null;
  propName: string | null;
  index: number | null;
  fhirNodeDataType: string | null;
  fullPropertyName(): string;
};
export type Evaluate = (data: unknown, variables: Record<string, unknown>) => unknown[];
type Interpreter = {
  compile(path: string | { base: string; expression: string }, model: unknown, options: object): Evaluate;
};

const load = createRequire(import.meta.url);
const OPTIONS = {
  resolveInternalTypes: false,
  traceFn: () => undefined,
  // This room fetches nothing: what a reference leads to is not known, and constraints that ask hold until shown wrong.
  userInvocationTable: { resolve: { fn: () => [], arity: { 0: [] } } },
};
let interpreter: { run: Interpreter; r4: unknown } | undefined;

/** Compiles an expression, `base` saying what type or place it is put to. @throws when the expression cannot be read */
export function compileExpression(base: string | undefined, expression: string): Evaluate {
  interpreter ??= { run: load('fhirpath') as Interpreter, r4: load('fhirpath/fhir-context/r4') as unknown };
  return interpreter.run.compile(base === undefined ? expression : { base, expression }, interpreter.r4, OPTIONS);
}

export const isPathNode = (x: unknown): x is PathNode => typeof x === 'object' && x !== null && 'parentResNode' in x;
