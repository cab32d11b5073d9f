// The FHIRPath constraints of the specification, by interpreter: some 2,500 resources a second, for $validate.
import { type InvariantRow, invariantRows } from '../generated-code.ts';
import { referencesIn } from '../references.ts';
import { isResourceType } from '../resource-types.ts';
import { compileExpression, type Evaluate, type PathNode } from './interpreter.ts';
import type { Issue } from './issue.ts';

type Json = Record<string, unknown>;
let prepared:
  | { compile: (base: string | undefined, expression: string) => Evaluate; rows: Map<string, InvariantRow[]> }
  | undefined;

/** The interpreter is heavy and only needed here: loaded at the first call. */
function prepare(): NonNullable<typeof prepared> {
  if (prepared !== undefined) return prepared;
  const compiled = new Map<string, Evaluate>();
  const rows = Map.groupBy(invariantRows(), (row) => row[0]);
  const compile = (base: string | undefined, expression: string): Evaluate => {
    const key = `${base ?? ''} ${expression}`;
    let run = compiled.get(key);
    if (run === undefined) {
      run = compileExpression(base, expression);
      compiled.set(key, run);
    }
    return run;
  };
  prepared = { compile, rows };
  return prepared;
}

function problem(row: InvariantRow, at: string): Issue {
  const [, key, severity, , human] = row;
  return {
    severity: severity === 'error' ? 'error' : 'warning',
    code: 'invariant',
    expression: at,
    diagnostics: `${key}: ${human}`,
    zh: `不满足约束 ${key}（原文：${human}）。`,
  };
}

/** dom-3: a contained resource that nothing refers to, and that refers to nothing outside, is lost. */
function orphans(r: Json): Issue[] {
  if (!Array.isArray(r.contained)) return [];
  const sites = referencesIn(r);
  const used = new Set(sites.map((s) => s.reference));
  return r.contained.flatMap((c: unknown, i): Issue[] => {
    const at = `${String(r.resourceType)}.contained[${i}]`;
    const id = typeof c === 'object' && c !== null ? (c as Json).id : undefined;
    const refersOut = sites.some((s) => s.path.startsWith(`${at}.`) && s.reference === '#');
    // Canonicals may name a contained resource too ("#vs"), anywhere in the text of the resource.
    if (used.has(`#${id}`) || refersOut || JSON.stringify(r).includes(`"#${id}"`)) return [];
    return [
      {
        severity: 'error',
        code: 'invariant',
        expression: at,
        diagnostics: 'dom-3: A contained resource shall be referred to from elsewhere in the resource.',
        zh: 'dom-3：内嵌资源必须在资源内被引用。',
      },
    ];
  });
}

/** The resource a node lies in: what %resource means for its constraints. */
function resourceOf(node: PathNode, root: Json): unknown {
  for (let n: PathNode | null = node; n !== null; n = n.parentResNode) {
    const data = n.data as Json | null;
    if (typeof data === 'object' && data !== null && isResourceType(data.resourceType)) return data;
  }
  return root;
}

/**
 * Violations of the FHIRPath constraints of R4, in the resource and everything inside it; to be asked after
 * `validateResource` has found no errors. `severity` is as published; a constraint that the interpreter cannot
 * evaluate on this data is a warning of code 'exception'. Never throws.
 */
export function checkInvariants(resource: unknown): Issue[] {
  if (typeof resource !== 'object' || resource === null) return [];
  const root = resource as Json;
  const type = root.resourceType;
  if (!isResourceType(type)) return [];
  const issues = orphans(root);
  const { compile, rows } = prepare();
  const visit = (path: string, data: unknown, around: unknown, at: () => string): void => {
    for (const row of rows.get(path) ?? []) {
      try {
        const [result] = compile(path, row[3])(data, { resource: around, rootResource: root });
        const value: unknown = typeof result === 'object' && result !== null && 'data' in result ? result.data : result;
        if (value === false) issues.push(problem(row, at()));
      } catch {
        issues.push({ ...problem(row, at()), severity: 'warning', code: 'exception' });
      }
    }
  };
  try {
    visit(type, root, root, () => type);
    for (const node of compile(undefined, 'descendants()')(root, { resource: root }) as PathNode[]) {
      if (node.path !== null && rows.has(node.path)) {
        visit(node.path, node.data, resourceOf(node, root), () => node.fullPropertyName());
      }
    }
  } catch {
    issues.push({
      severity: 'warning',
      code: 'exception',
      expression: type,
      diagnostics: 'The constraints could not be evaluated.',
      zh: '无法计算约束条件。',
    });
  }
  return issues;
}
