import { parseResidentNumber } from '@hutong/china';
import {
  type Demographics,
  type Merge,
  type Rule,
  residentOfNumber,
  residentOfSource,
  type Sighting,
  type Source,
} from './model.ts';

/**
 * Who is who, from everything said so far. The result depends on what was said and when the sender said it, never on the order of arrival:
 * demographics and numbers are last-stamp-wins, merges form a forest, and the resident of a family follows from both.
 *
 * A person is recognised by a valid resident number that agrees with the birth date, or else by the institution's own
 * number (probabilistic linkage and its review are the master index's own work).
 */
export function decide(
  known: Map<bigint, Source>,
  sightings: Sighting[],
  merges: Merge[],
): { changed: Source[]; decisions: { source: bigint; from: bigint | null; to: bigint; rule: Rule }[] } {
  const sources = new Map([...known].map(([id, source]) => [id, { ...source }]));
  const before = new Map([...known].map(([id, source]) => [id, source]));
  const dirty = new Set<bigint>();
  for (const sighting of sightings) {
    let source = sources.get(sighting.id);
    if (!source) {
      source = blank(sighting);
      sources.set(sighting.id, source);
      dirty.add(sighting.id);
    }
    if (sighting.says && absorb(source, sighting.says)) dirty.add(sighting.id);
  }
  for (const { survivor, retired, stamp } of merges) {
    const source = sources.get(retired);
    if (!source || survivor === retired || (source.mergedStamp ?? '') >= stamp) continue;
    if (rootOf(sources, survivor) === retired) {
      // The survivor was once merged into this one: the later word wins, so that link is cut first.
      const former = sources.get(survivor);
      if (former && (former.mergedStamp ?? '') > stamp) continue;
      if (former) Object.assign(former, { mergedInto: null, mergedStamp: stamp });
      dirty.add(survivor);
    }
    Object.assign(source, { mergedInto: survivor, mergedStamp: stamp });
    dirty.add(retired);
  }
  const families = new Map<bigint, Source[]>();
  for (const source of sources.values()) {
    const root = rootOf(sources, source.id);
    families.set(root, [...(families.get(root) ?? []), source]);
  }
  const decisions: { source: bigint; from: bigint | null; to: bigint; rule: Rule }[] = [];
  for (const [root, members] of families) {
    const { resident, rule } = residentOf(sources.get(root) as Source, members);
    for (const member of members) {
      const how = member.id === root ? rule : 'merged-by-institution';
      const former = before.get(member.id);
      if (former && former.resident === resident && former.how === how) {
        member.resident = resident;
        continue;
      }
      Object.assign(member, { resident, how });
      dirty.add(member.id);
      if (!former || former.resident !== resident)
        decisions.push({ source: member.id, from: former?.resident ?? null, to: resident, rule: how });
    }
  }
  return { changed: [...dirty].map((id) => sources.get(id) as Source), decisions };
}

const blank = ({ id, institution, authority, localId }: Sighting): Source => ({
  id,
  institution,
  authority,
  localId,
  resident: residentOfSource(id),
  mergedInto: null,
  mergedStamp: null,
  number: null,
  numberStamp: null,
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

/** Last stamp wins for the demographics as a whole, filling gaps from older messages; the number keeps a stamp of its own. */
function absorb(source: Source, says: Demographics): boolean {
  let changed = false;
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
  return changed;
}

/** Follows the merges to the surviving identity; merges never form a ring, and a chain is as long as the institution made it. */
function rootOf(sources: Map<bigint, Source>, id: bigint): bigint {
  let at = id;
  for (let steps = 0; steps < 1000; steps++) {
    const next = sources.get(at)?.mergedInto;
    if (next === null || next === undefined || !sources.has(next)) return at;
    at = next;
  }
  return at;
}

/** A number whose own birth date is not the person's: a parent's or an agent's number used for a child, most often. Never linked by itself. */
export const numberContradicts = (number: string, birthDate: string | null): boolean => {
  if (!birthDate || birthDate.length < 10) return false;
  const parsed = parseResidentNumber(number, '9999-12-31');
  return parsed.ok && parsed.value.birthDate !== birthDate.slice(0, 10);
};

function residentOf(root: Source, members: Source[]): { resident: bigint; rule: Rule } {
  if (root.number) {
    if (!numberContradicts(root.number, root.birthDate))
      return { resident: residentOfNumber(root.number), rule: 'resident-number' };
    return { resident: residentOfSource(root.id), rule: 'number-contradicts-birth-date' };
  }
  // The survivor has no number: the newest usable one of those merged into it speaks for the family.
  const usable = members.filter(({ number, birthDate }) => number && !numberContradicts(number, birthDate));
  usable.sort((a, b) => ((a.numberStamp ?? '') < (b.numberStamp ?? '') ? 1 : -1));
  const number = usable[0]?.number;
  return number
    ? { resident: residentOfNumber(number), rule: 'resident-number' }
    : { resident: residentOfSource(root.id), rule: 'local-id' };
}
