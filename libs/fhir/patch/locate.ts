// Where in a resource a FHIRPath expression leads.
import { compileExpression, isPathNode, type PathNode } from '../validate/interpreter.ts';

/** A step down: the member's name in JSON and, in a list, its place. */
export type Step = { readonly key: string; readonly index: number | null };
/** `steps` lead there from the resource; `node` is the type or place that defines its children, `type` its FHIR type. */
export type Place = { readonly steps: readonly Step[]; readonly node: string; readonly type: string };

/** What selects elements and cannot be made to run for long by whoever writes the expression. */
const FUNCTIONS = new Set(
  'where first last tail skip take single ofType as is exists empty not extension hasValue count startsWith endsWith contains'.split(
    ' ',
  ),
);
const MAX_LENGTH = 1000;

export type Located = { readonly ok: true; readonly places: Place[] } | { readonly ok: false; zh: string; en: string };

function stepOf(node: PathNode, parent: PathNode): Step | undefined {
  const { propName, index, fhirNodeDataType: type } = node;
  if (propName === null) return undefined;
  const holder = parent.data as Record<string, unknown>;
  // A choice is asked for as `value` and stands in JSON as valueQuantity.
  const key =
    Object.hasOwn(holder, propName) || Object.hasOwn(holder, `_${propName}`) || type === null
      ? propName
      : propName + type.charAt(0).toUpperCase() + type.slice(1);
  return Object.hasOwn(holder, key) || Object.hasOwn(holder, `_${key}`) ? { key, index } : undefined;
}

function placeOf(result: unknown, resource: object): Place | undefined {
  if (!isPathNode(result)) return undefined;
  const steps: Step[] = [];
  let at: PathNode = result;
  for (; at.parentResNode !== null; at = at.parentResNode) {
    const step = stepOf(at, at.parentResNode);
    if (step === undefined) return undefined;
    steps.unshift(step);
  }
  return at.data === resource
    ? { steps, node: result.path ?? '', type: result.fhirNodeDataType ?? result.path ?? '' }
    : undefined;
}

/** The elements of `resource` that `path` selects. Expressions that compute something, or call other functions, are refused. */
export function locate(resource: object, path: string): Located {
  if (path.length > MAX_LENGTH)
    return { ok: false, zh: '路径过长', en: `The path has more than ${MAX_LENGTH} characters` };
  const bare = path.replace(/'(?:\\.|[^'\\])*'/g, "''");
  const strange = [...bare.matchAll(/([A-Za-z_]\w*)\s*\(/g)].find(([, name]) => !FUNCTIONS.has(name ?? ''));
  if (strange) {
    const name = (strange[1] ?? '').slice(0, 40);
    return { ok: false, zh: `路径中不支持函数 ${name}`, en: `The function ${name} is not supported in a path` };
  }
  let found: unknown[];
  try {
    found = compileExpression(undefined, path)(resource, { resource, rootResource: resource });
  } catch {
    return { ok: false, zh: '路径不是可用的 FHIRPath', en: 'The path is not FHIRPath that can be evaluated' };
  }
  const places = found.map((one) => placeOf(one, resource));
  return places.every((one) => one !== undefined)
    ? { ok: true, places }
    : { ok: false, zh: '路径没有指向资源中的元素', en: 'The path does not lead to elements of the resource' };
}
