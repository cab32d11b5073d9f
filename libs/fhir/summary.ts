// _summary and _elements: parts of a resource, marked as such (http://hl7.org/fhir/R4/search.html#summary).
import { type SummaryTree, typeCode } from './generated-code.ts';
import { isResourceType, type ResourceType } from './resource-types.ts';

type Json = Record<string, unknown>;
/** The forms of `_summary` that change what a resource looks like; 'count' and 'false' do not. */
export type SummaryForm = 'true' | 'text' | 'data';

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
const ALWAYS = ['resourceType', 'id', 'meta'];

/** `meta` with the tag that keeps a part from being taken for the whole and written back. */
function tagged(meta: unknown): Json {
  const m = typeof meta === 'object' && meta !== null ? (meta as Json) : {};
  const tags = Array.isArray(m.tag) ? m.tag : [];
  const has = tags.some((t: unknown) => typeof t === 'object' && t !== null && (t as Json).code === SUBSETTED.code);
  return { ...m, tag: has ? tags : [...tags, SUBSETTED] };
}

function prune(value: unknown, tree: SummaryTree): unknown {
  if (Array.isArray(value)) return value.map((v) => prune(v, tree)).filter((v) => v !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const kept: Json = {};
  let any = false;
  for (const [k, v] of Object.entries(value)) {
    const branch = tree[k];
    if (branch === undefined) continue;
    const inner = branch === 1 ? v : prune(v, branch);
    if (inner === undefined || (Array.isArray(inner) && inner.length === 0)) continue;
    kept[k] = inner;
    any = true;
  }
  return any ? kept : undefined;
}

function only(r: Json, keep: (name: string) => boolean): Json {
  const out: Json = {};
  for (const [k, v] of Object.entries(r)) if (keep(k.startsWith('_') ? k.slice(1) : k)) out[k] = v;
  out.meta = tagged(r.meta);
  return out;
}

/**
 * The summary of a resource: 'true' keeps the elements marked so in the specification (and mandatory and modifier
 * elements), 'text' only the narrative and what is mandatory, 'data' all but the narrative. The argument is not changed.
 */
export function summaryOf<T extends object>(resource: T, form: SummaryForm = 'true'): T {
  const r = resource as Json;
  if (!isResourceType(r.resourceType)) return resource;
  const code = typeCode(r.resourceType);
  if (form === 'data') return only(r, (k) => k !== 'text') as T;
  if (form === 'text') {
    const keep = new Set([...ALWAYS, 'text', ...code.mandatory]);
    return only(r, (k) => keep.has(k)) as T;
  }
  const kept = (prune(r, { ...code.summary, resourceType: 1, id: 1, meta: 1 }) ?? {}) as Json;
  return { ...kept, meta: tagged(r.meta) } as T;
}

/** The named top-level elements and the mandatory ones (`_elements`). A choice is named without its type: 'value'. */
export function elementsOf<T extends object>(resource: T, elements: readonly string[]): T {
  const r = resource as Json;
  if (!isResourceType(r.resourceType)) return resource;
  const choices = new Map<string, string>();
  const known = new Set(typeCode(r.resourceType).elements);
  const plain = (k: string): string => {
    if (known.has(k)) return k;
    let base = choices.get(k);
    if (base === undefined) {
      base = [...known].find((e) => k.startsWith(e) && /^[A-Z]/.test(k.slice(e.length))) ?? k;
      choices.set(k, base);
    }
    return base;
  };
  const keep = new Set([...ALWAYS, ...elements, ...typeCode(r.resourceType).mandatory]);
  return only(r, (k) => keep.has(k) || keep.has(plain(k))) as T;
}

/** Names of the top-level elements of a type, choices without their type ('value'): what `_elements` may name. */
export function elementNames(type: ResourceType): readonly string[] {
  return typeCode(type).elements;
}

/** Names of the top-level JSON members in the summary of a type. */
export function summaryElements(type: ResourceType): readonly string[] {
  return Object.keys(typeCode(type).summary).filter((k) => !k.startsWith('_'));
}
