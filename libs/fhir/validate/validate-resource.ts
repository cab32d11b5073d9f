import { dataTypeCode, tables, typeCode } from '../generated-code.ts';
import { isResourceType, type ResourceType } from '../resource-types.ts';
import { dateRange } from '../search/date.ts';
import * as check from './check.ts';
import { Check, type Visit } from './check.ts';
import type { Issue } from './issue.ts';
import { isSafeNarrative } from './narrative.ts';
import { isMediaType, isPrimitive } from './primitive.ts';

function isOrdered(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return true;
  const from = dateRange(start);
  const to = dateRange(end);
  // Partial dates overlap: 2024-03 to 2024 is in order. Only what cannot be right is refused.
  return from === undefined || to === undefined || from.start < to.end;
}

function isContainedThere(reference: unknown, container: Record<string, unknown> | undefined): boolean {
  if (typeof reference !== 'string' || reference.charCodeAt(0) !== 35 || reference.length === 1) return true;
  const contained = container?.contained;
  const id = reference.slice(1);
  return (
    Array.isArray(contained) &&
    contained.some((r: unknown) => typeof r === 'object' && r !== null && (r as { id?: unknown }).id === id)
  );
}

function visitTyped(v: unknown, c: Check, d: number): void {
  const type: unknown =
    typeof v === 'object' && v !== null ? (v as { resourceType?: unknown }).resourceType : undefined;
  if (!isResourceType(type)) {
    c.add(
      'structure',
      '',
      'A resource must be an object with a known resourceType.',
      '资源必须是带有已知 resourceType 的对象。',
    );
    return;
  }
  visitor(type)(v, c, d);
}

function visitContained(v: unknown, c: Check, d: number): void {
  const before = c.inContained;
  c.inContained = true;
  visitTyped(v, c, d);
  c.inContained = before;
}

/** Bundle.entry.resource and Parameters.parameter.resource: '#id' inside is looked up inside. */
function visitAnyResource(v: unknown, c: Check, d: number): void {
  const container = c.container;
  const before = c.inContained;
  c.container = typeof v === 'object' && v !== null ? (v as Record<string, unknown>) : undefined;
  c.inContained = false;
  visitTyped(v, c, d);
  c.container = container;
  c.inContained = before;
}

const runtime = {
  ...check,
  isOrdered,
  isContainedThere,
  isSafeNarrative,
  visitContained,
  visitAnyResource,
  mediaType: (x: unknown) => isPrimitive.code?.(x) === true && isMediaType(x as string),
  currency: (x: unknown) => typeof x === 'string' && /^[A-Z]{3}$/.test(x),
};

function prepare(): (type: ResourceType) => Visit {
  const { lists: build, targets } = tables();
  const words = (s: string): Set<string> => new Set(s.split(' '));
  const lists = build(
    (name, codes) => ({ name, codes: words(codes) }),
    (name, systems) => ({ name, systems: new Map(systems.map(([s, codes]) => [s, words(codes)])) }),
  );
  const dataTypes = dataTypeCode()(runtime, isPrimitive, lists, targets);
  return (type) => typeCode(type).validator(runtime, isPrimitive, lists, targets, dataTypes);
}

let make: ((type: ResourceType) => Visit) | undefined;
const visitors = new Map<ResourceType, Visit>();

function visitor(type: ResourceType): Visit {
  let visit = visitors.get(type);
  if (visit === undefined) {
    make ??= prepare();
    visit = make(type);
    visitors.set(type, visit);
  }
  return visit;
}

/**
 * Everything structurally wrong with a FHIR R4 resource in JSON form; empty when nothing is. Checked: known elements,
 * cardinality, JSON types, primitive formats, primitive extensions, one type per choice, required bindings, reference
 * target types, contained resources, nesting, and the invariants listed in `generate/native-invariants.ts`. At most
 * 100 findings. Never throws.
 */
export function validateResource(resource: unknown): Issue[] {
  const c = new Check();
  try {
    const type: unknown =
      typeof resource === 'object' && resource !== null
        ? (resource as { resourceType?: unknown }).resourceType
        : undefined;
    visitAnyResource(resource, c, 0);
    if (c.n > 0 && isResourceType(type)) c.under(0, type);
  } catch {
    // Proxies and getters that throw; JSON never gets here.
    c.add('exception', '', 'The value could not be read.', '无法读取该值。');
  }
  return c.issues;
}
