import { type Concept, type Inclusion, isValidAt, type ValueSet } from './model.ts';

/** Members in the order of the inclusions, each code once (its newest edition valid on day `at`). */
export function expandValueSet(valueSet: ValueSet, conceptsOf: (system: string) => Concept[], at?: string): Concept[] {
  const members = new Map<string, Concept>();
  for (const inclusion of valueSet.include) {
    for (const concept of conceptsOf(inclusion.system)) {
      if (!belongs(concept, inclusion)) continue;
      if (at === undefined ? concept.to !== undefined : !isValidAt(concept, at)) continue;
      const key = `${concept.system}|${concept.code}`;
      const known = members.get(key);
      if (!known || known.from < concept.from) members.set(key, concept);
    }
  }
  return [...members.values()];
}

function belongs(concept: Concept, { property, value, codes, below }: Inclusion): boolean {
  if (codes)
    return codes.some((code) => concept.code === code || (below === true && concept.code.startsWith(`${code}.`)));
  if (property === undefined) return true;
  const held = concept.properties[property];
  return held !== undefined && (value === undefined || held === value);
}
