import { kindPathOf, type XmlElement } from '../cda/index.ts';
import type { Unmapped } from '../fact.ts';

/** What the mapping reads of a registration (`person.ts`), by the element it stands in. Attributes that only describe the structure carry nothing. */
const understood: Readonly<Record<string, ReadonlySet<string>>> = {
  patient: new Set(['id', 'statusCode', 'patientPerson']),
  patientPerson: new Set([
    'id',
    'name',
    'telecom',
    'administrativeGenderCode',
    'birthTime',
    'addr',
    'ethnicGroupCode',
    'deceasedTime',
    'deceasedInd',
    'asOtherIDs',
  ]),
  asOtherIDs: new Set(['id']),
};
const structural: ReadonlySet<string> = new Set(['classCode', 'typeCode', 'determinerCode', 'nullFlavor', 'xsi:type']);

const says = ({ attributes, content, children }: XmlElement): boolean =>
  [...attributes].some(([name, value]) => !structural.has(name) && value.trim() !== '') ||
  content.some((part) => typeof part === 'string' && part.trim() !== '') ||
  children.some(says);

/** Elements of a registration that say something and have no place in the record: counted and shown, as for every other format. */
export function unmappedIn(role: XmlElement): Unmapped[] {
  const counts = new Map<string, number>();
  const paths = new Map<XmlElement, string>();
  const count = (element: XmlElement): void => {
    const path = kindPathOf(element, paths);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  };
  const walk = (element: XmlElement): void => {
    const known = understood[element.name];
    for (const child of element.children)
      if (!known?.has(child.name)) {
        if (says(child)) count(child);
      } else if (Object.hasOwn(understood, child.name)) walk(child);
  };
  walk(role);
  return [...counts].map(([path, count]) => ({ path, count }));
}
