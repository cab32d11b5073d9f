import { systems } from '@hutong/contract/systems.ts';
import { keyText } from '../../key-text.ts';
import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import { type Reference, referenceTo } from '../keys.ts';
import { all, at, type XmlElement } from '../read/element.ts';
import { roots, urn } from '../systems.ts';

/**
 * A member of staff (assignedAuthor, assignedEntity, participantRole): a Practitioner when a number is given, else only the
 * name, because two doctors of one name are two people. Roots .1.4 and .1.7 are used for the same staff numbers.
 */
export function staff(context: Context, assigned: XmlElement | undefined): Reference | undefined {
  const number = all(assigned, 'id')
    .filter(({ attributes }) => attributes.get('root') === roots.staff || attributes.get('root') === roots.author)
    .map((id) => context.reading.attribute(id, 'extension'))
    .find((value) => value !== '');
  const name =
    context.reading.text(at(assigned, 'assignedPerson/name')) ||
    context.reading.text(at(assigned, 'playingEntity/name'));
  // The role (审核医师, 医嘱开立者) is told by where the person stands.
  context.reading.take(at(assigned, 'code'));
  if (number === undefined) return name === '' ? undefined : { display: name };
  const key = keyText(number);
  if (!context.has('Practitioner', key)) {
    const resource = {
      resourceType: 'Practitioner',
      identifier: [{ system: systems.staff, value: number }],
      name: name === '' ? [] : [{ text: name }],
    };
    context.add(key, resource, { merge: 'elements', nobody: true });
  }
  return { ...referenceTo('Practitioner', key), ...(name === '' ? {} : { display: name }) };
}

/** An institution with its code becomes an Organization; without one only its name is known. */
export function organization(context: Context, element: XmlElement | undefined): Reference | undefined {
  const id = all(element, 'id').find((one) => (one.attributes.get('root') ?? roots.institution) === roots.institution);
  const code = context.reading.attribute(id, 'extension');
  const name = context.reading.text(at(element, 'name'));
  if (code === '') return name === '' ? undefined : { display: name };
  const key = keyText(code);
  if (!context.has('Organization', key)) {
    const resource = {
      resourceType: 'Organization',
      identifier: [{ system: urn(roots.institution), value: code }],
      name,
    };
    context.add(key, resource, { merge: 'elements', nobody: true });
  }
  return compact({ ...referenceTo('Organization', key), display: name });
}

export type Place = { number: string; name: string; element: XmlElement };

/**
 * The chain bed → room → department → ward → institution of the Chinese header, by the root of each link. Empty links are
 * left out; the institution itself is read by {@link organization}.
 */
export function placesOf(context: Context, first: XmlElement | undefined): Map<string, Place> {
  const places = new Map<string, Place>();
  for (let element = first; element; element = at(element, 'asOrganizationPartOf/wholeOrganization')) {
    const id = at(element, 'id');
    const root = id?.attributes.get('root')?.trim() ?? '';
    if (root === roots.institution) {
      places.set(root, { number: '', name: '', element });
      continue;
    }
    const number = context.reading.attribute(id, 'extension');
    const name = context.reading.text(at(element, 'name'));
    if ((number !== '' || name !== '') && !places.has(root))
      places.set(root, { number, name: name || number, element });
  }
  return places;
}
