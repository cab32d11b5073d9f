// The element tree of every R4 type, flattened so that the emitters need not know how snapshots are written.
import type { RawElement, RawStructure, RawType } from './definitions.ts';

export type TypeReference = { code: string; targets: string[] };
export type Binding = { strength: string; valueSet: string };
export type Element = {
  name: string;
  path: string;
  short: string;
  min: number;
  max: number;
  choice: boolean;
  types: TypeReference[];
  /** The path of the node that holds this element's children, when they are defined in place. */
  content: string | undefined;
  binding: Binding | undefined;
  summary: boolean;
  modifier: boolean;
};
/** A node is a type ('HumanName', 'Patient') or a place with children of its own ('Patient.contact'). */
export type Node = { path: string; kind: 'resource' | 'complex' | 'backbone'; short: string; elements: Element[] };
export type Model = {
  nodes: Map<string, Node>;
  primitives: Set<string>;
  /** Type -> the type it specialises (canonical -> uri, Age -> Quantity). */
  bases: Map<string, string>;
  complexTypes: string[];
  resourceTypes: string[];
};

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

function typeReference(path: string, raw: RawType): TypeReference {
  let code = raw.code;
  if (code.startsWith('http://hl7.org/fhirpath/')) {
    code = raw.extension?.find((e) => e.url === FHIR_TYPE)?.valueUrl ?? 'string';
    // R4 4.0.1 says "string" for Resource.id in its snapshots; the type is id (http://hl7.org/fhir/R4/resource.html).
    if (path.endsWith('.id') && path.split('.').length === 2 && /^[A-Z]/.test(path)) code = 'id';
  }
  const targets = (raw.targetProfile ?? []).map((url) => url.slice(url.lastIndexOf('/') + 1));
  return { code, targets: targets.includes('Resource') ? [] : targets };
}

function element(raw: RawElement, hasChildren: boolean, isResource: boolean): Element {
  const last = raw.path.slice(raw.path.lastIndexOf('.') + 1);
  const choice = last.endsWith('[x]');
  let types = (raw.type ?? []).map((t) => typeReference(raw.path, t));
  if (!isResource && last === 'id') types = [{ code: 'string', targets: [] }];
  return {
    name: choice ? last.slice(0, -3) : last,
    path: raw.path,
    short: raw.short ?? '',
    min: raw.min,
    max: raw.max === '*' ? Number.POSITIVE_INFINITY : Number(raw.max),
    choice,
    types,
    content: raw.contentReference ? raw.contentReference.slice(1) : hasChildren ? raw.path : undefined,
    binding: raw.binding?.valueSet
      ? { strength: raw.binding.strength, valueSet: raw.binding.valueSet.split('|')[0] ?? '' }
      : undefined,
    summary: raw.isSummary === true,
    modifier: raw.isModifier === true,
  };
}

export function buildModel(structures: RawStructure[]): Model {
  const model: Model = {
    nodes: new Map(),
    primitives: new Set(),
    bases: new Map(),
    complexTypes: [],
    resourceTypes: [],
  };
  for (const s of structures) {
    if (s.derivation === 'constraint' || s.kind === 'logical') continue;
    if (s.baseDefinition !== undefined) {
      model.bases.set(s.name, s.baseDefinition.slice(s.baseDefinition.lastIndexOf('/') + 1));
    }
    if (s.kind === 'primitive-type') {
      model.primitives.add(s.name);
      continue;
    }
    if (s.abstract && s.kind === 'resource') continue;
    const isResource = s.kind === 'resource';
    if (isResource) model.resourceTypes.push(s.name);
    else model.complexTypes.push(s.name);
    const parents = new Set(s.snapshot.element.map((e) => e.path.slice(0, e.path.lastIndexOf('.'))));
    for (const raw of s.snapshot.element) {
      const hasChildren = parents.has(raw.path);
      if (hasChildren || raw.path === s.name) {
        const kind = raw.path !== s.name ? 'backbone' : isResource ? 'resource' : 'complex';
        model.nodes.set(raw.path, { path: raw.path, kind, short: raw.short ?? '', elements: [] });
      }
      if (raw.path === s.name || raw.max === '0') continue;
      const parent = model.nodes.get(raw.path.slice(0, raw.path.lastIndexOf('.')));
      if (parent === undefined) throw new Error(`no parent for ${raw.path}`);
      parent.elements.push(element(raw, hasChildren, isResource && raw.path.split('.').length === 2));
    }
  }
  model.resourceTypes.sort();
  model.complexTypes.sort();
  return model;
}

/** The JSON names an element can appear under: one, or one for each type of a choice. */
export function variants(e: Element): { json: string; type: TypeReference | undefined }[] {
  if (!e.choice) return [{ json: e.name, type: e.types[0] }];
  return e.types.map((type) => ({ json: e.name + type.code.charAt(0).toUpperCase() + type.code.slice(1), type }));
}

/** Whether `type` is `wanted` or specialises it, as ofType() asks. */
export function isA(model: Model, type: string | undefined, wanted: string): boolean {
  for (let t = type; t !== undefined; t = model.bases.get(t)) if (t === wanted) return true;
  return false;
}
