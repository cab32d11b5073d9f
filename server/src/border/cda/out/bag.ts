import type { Resource } from '../../fact.ts';
import { type Coding, oidOf, oids } from '../systems.ts';
import { type Node, node } from './xml.ts';

export type Concept = { coding?: Coding[]; text?: string };
export type Reference = { reference?: string; display?: string };
export type Identifier = { system?: string; value?: string; type?: { coding?: { code?: string }[] } };
export type Period = { start?: string; end?: string };

/** The resources of one document, found by type and by `Type/id`. */
export class Bag {
  readonly #all: readonly Resource[];

  constructor(resources: readonly Resource[]) {
    this.#all = resources;
  }

  /** In the order they were given. */
  all(...types: string[]): Resource[] {
    return this.#all.filter(({ resourceType }) => types.includes(resourceType));
  }

  first(type: string): Resource | undefined {
    return this.all(type)[0];
  }

  follow(reference: Reference | undefined): Resource | undefined {
    const [type, id] = (reference?.reference ?? '').split('/').slice(-2);
    return this.#all.find((one) => one.resourceType === type && one.id === id);
  }
}

/** Value of the first identifier of a resource with this OID. */
export function numberOf(resource: Resource | undefined, root: string): string {
  const list = (resource?.identifier ?? []) as Identifier[];
  return list.find(({ system }) => system === `urn:oid:${root}`)?.value ?? '';
}

export const firstOf = <T>(value: unknown): T | undefined =>
  Array.isArray(value) ? (value[0] as T | undefined) : undefined;

/** A CD value from the first coding of a concept; without a code it is a text. */
export function conceptValue(name: string, concept: Concept | undefined, typed: boolean): Node | undefined {
  const coding = concept?.coding?.[0];
  if (!coding)
    return concept?.text === undefined ? undefined : node(name, typed ? { 'xsi:type': 'ST' } : {}, concept.text);
  const [first, ...more] = (concept?.coding ?? []).map(({ system, code, display }) => {
    const oid = oidOf(system);
    return { code, codeSystem: oid === '' ? undefined : oid, displayName: display };
  });
  // The WHO code of a national ICD-10 code is worked out again by whoever reads.
  const others = more.filter(({ codeSystem }) => codeSystem !== oids.icd10);
  return node(
    name,
    { ...(typed ? { 'xsi:type': 'CD' } : {}), ...first },
    others.map((one) => node('translation', one)),
  );
}
