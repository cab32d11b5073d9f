import type { Resource } from '../../fact.ts';
import type { Context } from '../context.ts';
import type { Repetition, SegmentReader } from './segment-reader.ts';
import { backwards } from './time.ts';

/** A named converter: one value of a field to FHIR, or undefined when it holds nothing usable. */
export type Converter = (value: Repetition, context: Context) => unknown;

/**
 * One row of a mapping: field number, FHIR element, converter. `a.b` is an element inside an element; `a[]` takes every
 * repetition and appends (a converter may return an array: all of it is appended). Rows run in order; a plain element that
 * already has a value keeps it, so a later row is a fallback (and its field then counts as not consumed).
 */
export type Rule = readonly [from: number, to: string, as: Converter];

/**
 * Applies a mapping to a segment. Returns the top-level elements that the sender emptied with `""` and nothing else filled.
 */
export function fill(resource: Resource, segment: SegmentReader, rules: readonly Rule[], context: Context): string[] {
  const emptied: string[] = [];
  for (const { from, path, many, as } of prepared(rules)) {
    const values = segment.all(from);
    if (values.length === 0) {
      if (segment.isNull(from) && path.length === 1) emptied.push(path[0]!);
      continue;
    }
    if (many) {
      for (const value of values) append(resource, path, as(value, context));
    } else if (!has(resource, path)) {
      const value = values[0]!;
      const found = as(value, context);
      if (endsBeforeStart(resource, path, found)) {
        context.report('hl7v2.bad-date', value.path);
        value.leave();
      } else put(resource, path, found);
    }
  }
  return emptied.length === 0 ? emptied : emptied.filter((element) => resource[element] === undefined);
}

/** The end of a period that lies before its start is a typing error, and FHIR refuses the whole period for it (per-1). */
function endsBeforeStart(resource: Tree, path: readonly string[], found: unknown): boolean {
  if (typeof found !== 'string' || path.length === 1 || path.at(-1) !== 'end') return false;
  const { start } = parent(resource, path);
  return typeof start === 'string' && backwards(start, found);
}

type Prepared = { from: number; path: string[]; many: boolean; as: Converter };
const known = new WeakMap<readonly Rule[], Prepared[]>();

/** Element paths are taken apart once per mapping, not once per segment. */
function prepared(rules: readonly Rule[]): Prepared[] {
  let found = known.get(rules);
  if (!found) {
    found = rules.map(([from, to, as]) => {
      const many = to.endsWith('[]');
      return { from, path: (many ? to.slice(0, -2) : to).split('.'), many, as };
    });
    known.set(rules, found);
  }
  return found;
}

type Tree = Record<string, unknown>;

function parent(resource: Tree, path: readonly string[]): Tree {
  let at = resource;
  for (let depth = 0; depth < path.length - 1; depth++) {
    const step = path[depth]!;
    at[step] ??= {};
    at = at[step] as Tree;
  }
  return at;
}

function has(resource: Tree, path: readonly string[]): boolean {
  if (path.length === 1) return resource[path[0]!] !== undefined;
  let at: unknown = resource;
  for (const step of path) {
    at = (at as Tree)[step];
    if (at === undefined) return false;
  }
  return true;
}

function put(resource: Tree, path: readonly string[], value: unknown): void {
  if (value !== undefined) parent(resource, path)[path[path.length - 1]!] = value;
}

function append(resource: Tree, path: readonly string[], value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return;
  const list = listOf(parent(resource, path), path[path.length - 1]!);
  if (Array.isArray(value)) list.push(...value);
  else list.push(value);
}

/** The list of an element, made when it is not there yet. */
export function listOf(resource: Record<string, unknown>, element: string): unknown[] {
  resource[element] ??= [];
  return resource[element] as unknown[];
}
