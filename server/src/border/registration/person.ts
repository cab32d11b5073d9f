import { parseResidentNumber, splitName } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { all, at, oids, ownText, parseTime, pathOf, roots, urn, type XmlElement } from '../cda/index.ts';
import type { BorderIssue, PersonKey, Resource } from '../fact.ts';
import { attribute, itemsOf } from './read-message.ts';
import { issue } from './rules.ts';

const idTypes = 'http://terminology.hl7.org/CodeSystem/v2-0203';
/** GB/T 2261.1, and the letters of IHE. */
const sexes: Readonly<Record<string, string>> = {
  '0': 'unknown',
  '1': 'male',
  '2': 'female',
  '9': 'unknown',
  M: 'male',
  F: 'female',
  UN: 'other',
  U: 'unknown',
};

export type Identified = { root: string; value: string; element: XmlElement };
export type ReadOptions = { institution: string; today: string; issues: BorderIssue[] };

/** Every identifier under these elements, wrapped or plain, without empty ones. */
export const identifiersOf = (elements: readonly XmlElement[]): Identified[] =>
  elements.flatMap(itemsOf).flatMap((element) => {
    const value = attribute(element, 'extension');
    return value === '' ? [] : [{ root: attribute(element, 'root'), value, element }];
  });

/** What names the person for this sender: its own number first, the resident number where it has none. */
export function personOf(ids: readonly Identified[]): PersonKey | null {
  const chosen = ids.find(({ root }) => root !== roots.resident) ?? ids[0];
  return chosen ? { authority: chosen.root, localId: chosen.value } : null;
}

const textOf = (element: XmlElement): string =>
  attribute(element, 'value') ||
  ownText(element) ||
  element.children.map((part) => attribute(part, 'value') || ownText(part)).join('');

/** A `patient` role as a Patient resource. Only what is there is said: an update leaves the rest as it was. */
export function patientOf(role: XmlElement, ids: readonly Identified[], options: ReadOptions): Resource {
  const body = at(role, 'patientPerson');
  const resource: Resource = { resourceType: 'Patient', identifier: ids.map((id) => identifierOf(id, options)) };
  const set = (name: string, value: unknown): void => {
    if (Array.isArray(value) ? value.length > 0 : value !== undefined) resource[name] = value;
  };
  set(
    'name',
    all(body, 'name')
      .flatMap(itemsOf)
      .flatMap((one) => nameOf(textOf(one))),
  );
  set('gender', sexOf(at(body, 'administrativeGenderCode'), options.issues));
  set('birthDate', birthDateOf(at(body, 'birthTime'), options));
  set(
    'telecom',
    all(body, 'telecom')
      .flatMap(itemsOf)
      .flatMap((one) => {
        const value = attribute(one, 'value').replace(/^(tel|mailto):/i, '');
        return value === '' ? [] : [{ system: value.includes('@') ? 'email' : 'phone', value }];
      }),
  );
  set(
    'address',
    all(body, 'addr')
      .flatMap(itemsOf)
      .flatMap((one) => {
        const text = textOf(one);
        return text === '' ? [] : [{ use: 'home', text }];
      }),
  );
  const ethnic = at(body, 'ethnicGroupCode');
  const code = ethnic && itemsOf(ethnic)[0];
  if (attribute(code, 'code') !== '')
    resource.extension = [
      {
        url: 'urn:hutong:extension:ethnic-group',
        valueCoding: {
          system: urn(oids.ethnicGroup),
          code: attribute(code, 'code').padStart(2, '0'),
          ...(attribute(at(code, 'displayName'), 'value') && { display: attribute(at(code, 'displayName'), 'value') }),
        },
      },
    ];
  const deceased = at(body, 'deceasedTime');
  const died = deceased && parseTime(attribute(deceased, 'value'));
  if (died) resource.deceasedDateTime = died.fhir;
  else if (attribute(at(body, 'deceasedInd'), 'value') === 'true') resource.deceasedBoolean = true;
  return resource;
}

function nameOf(text: string): object[] {
  if (text === '') return [];
  const { surname, given } = splitName(text);
  return [{ use: 'official', text, ...(surname && { family: surname }), ...(surname && given && { given: [given] }) }];
}

function identifierOf({ root, value, element }: Identified, { institution, today, issues }: ReadOptions): object {
  if (root !== roots.resident) return { ...(root && { system: urn(root) }), value };
  const type = { coding: [{ system: idTypes, code: 'NI' }] };
  const parsed = parseResidentNumber(value, today);
  if (parsed.ok) return { use: 'official', type, system: systems.residentNumber, value: parsed.value.number18 };
  issues.push(issue('registration.resident-number', pathOf(element)));
  return {
    use: 'temp',
    type,
    system: `urn:hutong:institution:${encodeURIComponent(institution)}:resident-number-unverified`,
    value,
  };
}

export function sexOf(element: XmlElement | undefined, issues: BorderIssue[]): string | undefined {
  const code = attribute(element, 'code');
  if (!element || code === '') return undefined;
  const found = Object.hasOwn(sexes, code) ? sexes[code] : undefined;
  if (!found) issues.push(issue('registration.unknown-code', pathOf(element), 'GB/T 2261.1'));
  return found;
}

export function birthDateOf(
  element: XmlElement | undefined,
  { today, issues }: Pick<ReadOptions, 'today' | 'issues'>,
): string | undefined {
  const text = attribute(element, 'value');
  if (!element || text === '') return undefined;
  const date = parseTime(text)?.date;
  if (!date) issues.push(issue('registration.bad-time', pathOf(element)));
  else if (date > today) issues.push(issue('registration.birth-date-future', pathOf(element)));
  else return date;
  return undefined;
}
