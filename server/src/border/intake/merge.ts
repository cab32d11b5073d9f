import type { Fact, Resource } from '../fact.ts';

/**
 * Later word wins, whatever the order of arrival. A stamp is the sender's time and, between equals, the control id; so the same
 * set of messages ends in the same resource however they are shuffled, repeated or delayed.
 */
export type Said = { stamp: string; controlId: string };
/** `unchanged`: the content is what is stored already, only said again later; no new version is due, but the stamps move on. */
export type Merged = { resource: Resource; stamps: string; unchanged: boolean } | 'older' | 'same';

export const stampOf = ({ stamp, controlId }: Said): string => `${stamp}|${controlId}`;

/** Choice elements are one element with many names: a late valueString must push out an early valueQuantity. */
const choice =
  /^(value|effective|onset|abatement|performed|occurrence|deceased|multipleBirth|medication|timing|serviced|allowed|born|age)(?=[A-Z])/;
const familyOf = (element: string): string => {
  const match = choice.exec(element);
  return match ? `${match[1]}[x]` : element;
};

/** Elements whose parts are told by different messages: an A03 that says only when the stay ended keeps when it began. */
const parted = new Set(['period', 'hospitalization']);

type Identifier = { system?: string; type?: { coding?: { code?: string }[] }; value?: string };
const identifierName = ({ system, type }: Identifier): string =>
  `identifier|${system ?? ''}|${type?.coding?.[0]?.code ?? ''}`;

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
    if (name === 'identifier' && Array.isArray(value))
      for (const identifier of value as Identifier[]) add(identifierName(identifier), [name, identifier]);
    else if (parted.has(name) && value !== null && typeof value === 'object')
      for (const [part, inner] of Object.entries(value)) add(`${name}/${part}`, [name, { [part]: inner }]);
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
      else if (family.includes('/'))
        resource[name] = { ...(resource[name] as object | undefined), ...(value as object) };
      else resource[name] = value;
    }
  if (identifiers.length > 0) resource.identifier = identifiers;
  return resource;
}

const content = ({ id: _id, meta: _meta, ...rest }: Resource): string => JSON.stringify(rest);

/** @param current the stored resource with its stamps, or undefined; references in `fact.resource` are already resolved */
export function mergeFact(
  current: { resource: Resource; stamps: string | null } | undefined,
  fact: Fact,
  controlId: string,
): Merged {
  const stamp = stampOf({ stamp: fact.stamp, controlId });
  return fact.merge === 'replace' ? replace(current, fact, stamp) : join(current, fact, stamp);
}

function replace(
  current: { resource: Resource; stamps: string | null } | undefined,
  fact: Fact,
  stamp: string,
): Merged {
  if (!current) return { resource: fact.resource, stamps: stamp, unchanged: false };
  if (current.stamps !== null && current.stamps > stamp) return 'older';
  if (current.stamps === stamp) return 'same';
  return { resource: fact.resource, stamps: stamp, unchanged: content(current.resource) === content(fact.resource) };
}

function join(current: { resource: Resource; stamps: string | null } | undefined, fact: Fact, stamp: string): Merged {
  const said = elementsOf(fact.resource);
  for (const cleared of fact.cleared ?? [])
    for (const family of parted.has(cleared) ? clearedParts(cleared, current?.resource) : [familyOf(cleared)])
      if (!said.has(family)) said.set(family, []);
  if (!current) {
    const stamps = Object.fromEntries([...said.keys()].map((family) => [family, stamp]));
    return { resource: assemble(fact.resource.resourceType, said), stamps: JSON.stringify(stamps), unchanged: false };
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
  const resource = assemble(fact.resource.resourceType, elements);
  return {
    resource,
    stamps: JSON.stringify(stamps),
    unchanged: content(resource) === content(assemble(current.resource.resourceType, elementsOf(current.resource))),
  };
}

/** The parts an emptied element has or may still get from older messages. */
const clearedParts = (name: string, current: Resource | undefined): string[] =>
  [
    ...new Set([
      ...(name === 'period'
        ? ['start', 'end']
        : ['admitSource', 'dischargeDisposition', 'origin', 'destination', 'reAdmission']),
      ...Object.keys((current?.[name] as object | undefined) ?? {}),
    ]),
  ].map((part) => `${name}/${part}`);

/** The newest stamp (without control id) anywhere in a resource's stamps: what the master index orders demographics by. */
export function newestStamp(stamps: string): string {
  const list = stamps.startsWith('{') ? Object.values(JSON.parse(stamps) as Record<string, string>) : [stamps];
  return list.toSorted().at(-1) ?? '';
}
