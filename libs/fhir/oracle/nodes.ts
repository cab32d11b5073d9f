// Evaluates the published expressions with the FHIRPath interpreter: what the generated extractors are held against.
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { type RawSearchParameter, readSearchParameters } from '../generate/definitions.ts';
import { isResourceType } from '../resource-types.ts';

export type Json = Record<string, unknown>;
/** One result of an expression: its FHIR type ('FHIR.HumanName'), its JSON, and the element it is a value of. */
export type Found = { type: string; data: unknown; element: string };
type Evaluate = (data: unknown, variables: Json) => Found[];

/** The type a reference points to, decided without a server: from the reference, the resource around it, or `type`. */
function typeOf(reference: Json, root: Json): unknown {
  const literal = reference.reference;
  if (typeof literal === 'string' && literal.startsWith('#')) {
    const contained = (root.contained ?? []) as Json[];
    return literal === '#'
      ? root.resourceType
      : (contained.find((c) => c.id === literal.slice(1))?.resourceType ?? reference.type);
  }
  const named =
    typeof literal === 'string'
      ? /([A-Z]\w+)(?:\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/.*)?|\?.*)$/.exec(literal)?.[1]
      : undefined;
  return isResourceType(named) ? named : reference.type;
}

let root: Json = {};
const userInvocationTable = {
  refersTo: {
    fn: (inputs: Json[], type: string) => inputs.map((i) => typeOf(i, root) === type),
    arity: { 1: ['String' as const] },
  },
};

/**
 * The expression as the interpreter can take it: `resolve() is X` needs a server, so a function of ours answers it;
 * `as` of FHIRPath refuses repeating elements where the search parameters mean `ofType`; "DateTime" is a misprint in R4.
 */
function adapted(expression: string): string {
  return expression
    .replace(/resolve\(\) is (\w+)/g, "refersTo('$1')")
    .replace(/ as (\w+)/g, '.ofType($1)')
    .replace(/\.as\((\w+)\)/g, '.ofType($1)')
    .replace(/ofType\(DateTime\)/g, 'ofType(dateTime)');
}

const compiled = new Map<string, Evaluate>();

function compile(expression: string, base?: string): Evaluate {
  const key = `${base ?? ''} ${expression}`;
  let evaluate = compiled.get(key);
  if (evaluate === undefined) {
    const text = adapted(expression);
    const options = { resolveInternalTypes: false, userInvocationTable };
    const run = fhirpath.compile(base === undefined ? text : { base, expression: text }, r4, options) as (
      data: unknown,
      variables: Json,
    ) => unknown[];
    evaluate = (data, variables) => {
      const nodes = run(data, variables);
      const types = fhirpath.types(nodes);
      return nodes.map((n, i) => {
        const node = n as { data?: unknown; parentResNode?: { path?: string }; propName?: string };
        const isNode = typeof n === 'object' && n !== null && 'data' in n;
        return {
          type: types[i] ?? '',
          data: isNode ? node.data : n,
          element: isNode ? `${node.parentResNode?.path ?? ''}.${node.propName ?? ''}` : '',
        };
      });
    };
    compiled.set(key, evaluate);
  }
  return evaluate;
}

const all = readSearchParameters();
const byUrl = new Map(all.map((p) => [p.url, p]));

export function parametersFor(type: string): RawSearchParameter[] {
  const plain = ['Bundle', 'Binary', 'Parameters'].includes(type);
  return all.filter(
    (p) =>
      p.expression !== undefined &&
      (p.base.includes(type) || p.base.includes('Resource') || (p.base.includes('DomainResource') && !plain)),
  );
}

/** Values of a simple parameter, or of a composite: for each of its contexts the values of each component. */
export function evaluate(
  p: RawSearchParameter,
  resource: Json,
): { found: Found[]; tuples: { definition: RawSearchParameter; found: Found[] }[][] } {
  root = resource;
  const variables = { resource };
  // Term by term: the interpreter's union compares values and refuses quantities that have a comparator.
  const terms = (p.expression ?? '').split(/\s*\|\s*(?![^(]*\))/);
  const found = terms.flatMap((term) => compile(term)(resource, variables));
  if (p.component === undefined) return { found, tuples: [] };
  const tuples = found.map((context) =>
    (p.component ?? []).map((c) => {
      const definition = byUrl.get(c.definition);
      if (definition === undefined) throw new Error(`no ${c.definition}`);
      const base =
        context.element === '.' || context.element.startsWith('.') ? String(resource.resourceType) : context.element;
      return { definition, found: compile(c.expression, base)(context.data, variables) };
    }),
  );
  return { found: [], tuples };
}
