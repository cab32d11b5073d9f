import { type Demographics, residentOfSource, type Sighting, type Source, type Told } from '../model.ts';

export const blankSource = ({ id, institution, authority, localId }: Sighting): Source => ({
  id,
  institution,
  authority,
  localId,
  resident: residentOfSource(id),
  mergedInto: null,
  mergedStamp: null,
  number: null,
  numberStamp: null,
  documents: [],
  told: [],
  how: 'local-id',
  name: null,
  sex: null,
  birthDate: null,
  phone: null,
  address: null,
  area: null,
  ethnicGroup: null,
  deceased: null,
  stamp: '',
  version: 0,
});

const fields = ['name', 'sex', 'birthDate', 'phone', 'address', 'area', 'ethnicGroup', 'deceased'] as const;
const remembered = ['name', 'phone', 'number'] as const;

/** Notes a value in its kind's history. Sorted, so that two orders of arrival end in the same text. */
function tell(source: Source, kind: Told['kind'], value: string, stamp: string): boolean {
  const known = source.told.find((told) => told.kind === kind && told.value === value);
  if (known && known.first <= stamp && known.last >= stamp) return false;
  const next: Told = known
    ? { ...known, first: stamp < known.first ? stamp : known.first, last: stamp > known.last ? stamp : known.last }
    : { kind, value, first: stamp, last: stamp };
  source.told = [...source.told.filter((told) => told !== known), next].sort((a, b) =>
    `${a.kind} ${a.first} ${a.value}` < `${b.kind} ${b.first} ${b.value}` ? -1 : 1,
  );
  return true;
}

/** A second value of a kind opens its history: the one that stands and the one now told, each with its time. */
function remember(source: Source, says: Demographics): boolean {
  let changed = false;
  for (const kind of remembered) {
    const value = says[kind];
    const standing = source[kind];
    if (!value || (standing === null && !source.told.some((told) => told.kind === kind))) continue;
    if (value === standing && !source.told.some((told) => told.kind === kind)) continue;
    if (standing !== null && value !== standing)
      changed = tell(source, kind, standing, (kind === 'number' ? source.numberStamp : source.stamp) ?? '') || changed;
    changed = tell(source, kind, value, says.stamp) || changed;
  }
  return changed;
}

/** Last stamp wins for the demographics as a whole, filling gaps from older messages; numbers and documents keep stamps of their own. */
export function absorb(source: Source, says: Demographics): boolean {
  let changed = remember(source, says);
  const newer = says.stamp >= source.stamp;
  for (const field of fields) {
    const value = says[field];
    if (value === undefined || value === source[field]) continue;
    if (newer || source[field] === null) {
      Object.assign(source, { [field]: value });
      changed = true;
    }
  }
  if (newer && says.stamp !== source.stamp) {
    source.stamp = says.stamp;
    changed = true;
  }
  const number = says.number ?? null;
  if (
    number !== null &&
    (says.stamp > (source.numberStamp ?? '') || (says.stamp === source.numberStamp && number > (source.number ?? '')))
  ) {
    Object.assign(source, { number, numberStamp: says.stamp });
    changed = true;
  }
  for (const { type, number: value } of says.documents ?? []) {
    const known = source.documents.find((document) => document.type === type && document.number === value);
    if (known && known.stamp >= says.stamp) continue;
    source.documents = [
      ...source.documents.filter((document) => document !== known),
      { type, number: value, stamp: says.stamp },
    ].sort((a, b) => (`${a.type} ${a.number}` < `${b.type} ${b.number}` ? -1 : 1));
    changed = true;
  }
  return changed;
}

/** Every name the person was ever called here. */
export const namesOf = (source: Source): string[] => [
  ...(source.name ? [source.name] : []),
  ...source.told.filter(({ kind, value }) => kind === 'name' && value !== source.name).map(({ value }) => value),
];
