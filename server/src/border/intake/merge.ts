import type { Fact, Resource } from '../fact.ts';

/**
 * Later word wins, whatever the order of arrival. A stamp is the sender's time and, between equals, the control id; so the same
 * set of messages ends in the same resource however they are shuffled, repeated or delayed.
 */
export type Said = { stamp: string; controlId: string };
export type Merged = { resource: Resource; stamps: string } | 'older' | 'same';

export const stampOf = ({ stamp, controlId }: Said): string => `${stamp}|${controlId}`;

/** Choice elements are one element with many names: a late valueString must push out an early valueQuantity. */
const choice = /^(value|effective|onset|abatement|performed|occurrence|deceased|multipleBirth|medication|timing|serviced|allowed|born|age)(?=[A-Z])/;
const familyOf = (element: string): string => {
  const match = choice.exec(element);
  return match ? `${match[1]}[x]` : element;
};

type Identifier = { system?: string; type?: { coding?: { code?: string }[] }; value?: string };
const identifierName = ({ system, type }: Identifier): string => `identifier|${system ?? ''}|${type?.coding?.[0]?.code ?? ''}`;

/** Element name -> what it holds. Identifiers are one element per system: an ORU that carries only the hospital's number does not take the resident number away. */
function elementsOf(resource: Resource): Map<string, [string, unknown][]> {
  const elements = new Map<string, [string, unknown][]>();
  const add = (family: string, entry: [string, unknown]): void => {
    const known = elements.get(family);
    if (known) known.push(entry);
    else elements.set(family, [entry]);
  };
  for (const [name, value] of Object.entries(resource)) {
    if (name === 'resourceType' || name === 'id' || name === 'meta') continue;
    if (name === 'identifier' && Array.isArray(value)) for (const identifier of value as Identifier[]) add(identifierName(identifier), [name, identifier]);
    else add(familyOf(name.startsWith('_') ? name.slice(1) : name), [name, value]);
  }
  return elements;
}

/** The resource again; identifiers sorted, so that equal contents are equal texts. */
function assemble(resourceType: string, elements: Map<string, [string, unknown][]>): Resource {
  const resource: Resource = { resourceType };
  const identifiers: Identifier[] = [];
  for (const [family, entries] of [...elements].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const [name, value] of entries) {
      if (family.startsWith('identifier|')) identifiers.push(value as Identifier);
      else resource[name] = value;
    }
  if (identifiers.length > 0) resource.identifier = identifiers;
  return resource;
}

/** @param current the stored resource with its stamps, or undefined; references in `fact.resource` are already resolved */
export function mergeFact(current: { resource: Resource; stamps: string | null } | undefined, fact: Fact, controlId: string): Merged {
  const stamp = stampOf({ stamp: fact.stamp, controlId });
  if (fact.merge === 'replace') {
    if (!current) return { resource: fact.resource, stamps: stamp };
    if (current.stamps !== null && current.stamps > stamp) return 'older';
    if (current.stamps === stamp) return 'same';
    return { resource: fact.resource, stamps: stamp };
  }
  const said = elementsOf(fact.resource);
  for (const cleared of fact.cleared ?? []) if (!said.has(familyOf(cleared))) said.set(familyOf(cleared), []);
  if (!current) {
    const stamps = Object.fromEntries([...said.keys()].map((family) => [family, stamp]));
    return { resource: assemble(fact.resource.resourceType, said), stamps: JSON.stringify(stamps) };
  }
  const elements = elementsOf(current.resource);
  const stamps = (current.stamps?.startsWith('{') ? JSON.parse(current.stamps) : {}) as Record<string, string>;
  let changed = false;
  for (const [family, entries] of said) {
    if ((stamps[family] ?? '') >= stamp) continue;
    stamps[family] = stamp;
    changed = true;
    if (entries.length > 0) elements.set(family, entries);
    else elements.delete(family);
  }
  if (!changed) return 'older';
  return { resource: assemble(fact.resource.resourceType, elements), stamps: JSON.stringify(stamps) };
}

/** The newest stamp (without control id) anywhere in a resource's stamps: what the master index orders demographics by. */
export function newestStamp(stamps: string): string {
  const list = stamps.startsWith('{') ? Object.values(JSON.parse(stamps) as Record<string, string>) : [stamps];
  return list.reduce((newest, stamp) => (stamp > newest ? stamp : newest), '');
}
