import { parseResidentNumber, splitName } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { shippedTerminology } from '../../../core/terminology/index.ts';
import type { PersonKey } from '../../fact.ts';
import { compact } from '../compact.ts';
import type { Context } from '../context.ts';
import { personKeyText } from '../keys.ts';
import { all, at, type XmlElement } from '../read/element.ts';
import { coded } from '../read/statement.ts';
import { oids, roots, urn } from '../systems.ts';

const ID_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const GENDER: Record<string, string> = { '0': 'unknown', '1': 'male', '2': 'female', '9': 'unknown' };

/** Numbers that name the person, the institution's own first: each is a number space of its own, hence the authority. */
const OWN_NUMBERS = [roots.outpatient, roots.inpatient, roots.healthCard, roots.healthRecord];

type Identifier = { use?: string; type?: unknown; system: string; value: string };

/** Reads who the document is about: sets `context.person`, adds the Patient; false when nobody can be named. */
export function patient(context: Context): boolean {
  const role = at(context.root, 'recordTarget/patientRole');
  const body = at(role, 'patient');
  const resident = residentIdentifier(context, [...all(role, 'id'), ...all(body, 'id')]);
  const own = OWN_NUMBERS.map((root) => ({ root, value: context.number(root) })).filter(({ value }) => value !== '');
  const named =
    own[0] ??
    (resident?.system === systems.residentNumber ? { root: roots.resident, value: resident.value } : undefined);
  if (!role || !named) {
    context.report('cda.person-missing', role ?? context.root);
    return false;
  }
  const person: PersonKey = { authority: named.root, localId: named.value };
  context.person = person;
  const identifiers: Identifier[] = own.map(({ root, value }) => ({ system: urn(root), value }));
  if (resident) identifiers.push(resident);
  const resource = {
    resourceType: 'Patient',
    identifier: identifiers,
    name: names(context, body),
    telecom: all(role, 'telecom').flatMap((one) => telecom(context, one)),
    gender: gender(context, at(body, 'administrativeGenderCode')),
    birthDate: birthDate(context, body),
    address: all(role, 'addr').flatMap((one) => address(context, one)),
    maritalStatus: concept(context, at(body, 'maritalStatusCode'), oids.marriage),
    extension: extensions(context, body),
  };
  context.add(personKeyText(person), resource, { merge: 'elements' });
  return true;
}

function residentIdentifier(context: Context, ids: XmlElement[]): Identifier | undefined {
  const id = ids.find((one) => one.attributes.get('root')?.trim() === roots.resident);
  const value = context.reading.attribute(id, 'extension');
  if (!id || value === '') return undefined;
  const type = { coding: [{ system: ID_TYPES, code: 'NI' }] };
  const parsed = parseResidentNumber(value, context.today);
  if (parsed.ok) return { use: 'official', type, system: systems.residentNumber, value: parsed.value.number18 };
  context.report('cda.resident-number', id);
  const institution = encodeURIComponent(context.options.institution);
  return { use: 'temp', type, system: `urn:hutong:institution:${institution}:resident-number-unverified`, value };
}

function names(context: Context, body: XmlElement | undefined): unknown[] {
  const text = context.reading.text(at(body, 'name'));
  if (text === '') return [];
  const { surname, given } = splitName(text);
  return [compact({ use: 'official', text, family: surname, given: surname === '' || given === '' ? [] : [given] })];
}

function gender(context: Context, element: XmlElement | undefined): string | undefined {
  const { code } = coded(context.reading, element);
  if (!element || code === '') return undefined;
  const found = Object.hasOwn(GENDER, code) ? GENDER[code] : undefined;
  if (found === undefined) context.report('cda.unknown-code', element, 'GB/T 2261.1');
  return found;
}

/** `age` can be told from the birth date on any day, so it counts as taken with it. */
function birthDate(context: Context, body: XmlElement | undefined): string | undefined {
  const element = at(body, 'birthTime');
  const time = context.time(element);
  if (!element || !time) return undefined;
  context.reading.take(at(body, 'age'));
  const date = time.date;
  if (date > context.today) {
    context.report('cda.birth-date-future', element);
    return undefined;
  }
  return date;
}

function telecom(context: Context, element: XmlElement): unknown[] {
  const value = context.reading.attribute(element, 'value').replace(/^tel:/i, '');
  if (value === '') return [];
  return [
    value.includes('@') ? { system: 'email', value: value.replace(/^mailto:/i, '') } : { system: 'phone', value },
  ];
}

/** Chinese addresses have parts that plain CDA lacks (township, county); China writes them from large to small in one line. */
function address(context: Context, element: XmlElement): unknown[] {
  const part = (...names: string[]): string =>
    names.map((name) => context.reading.text(at(element, name))).find((text) => text !== '') ?? '';
  const state = part('state');
  const city = part('city');
  const county = part('county');
  const township = part('township');
  const street = [part('streetName', 'streetAddressLine', 'village'), part('houseNumber')].join('');
  const postalCode = part('postalCode');
  const own = context.reading.text(element);
  // A municipality is province and city at once.
  const text = [state, city === state ? '' : city, county, township, street].join('') || own;
  if (text === '' && postalCode === '') return [];
  return [
    compact({
      use: 'home',
      text,
      line: [township, street].filter((one) => one !== ''),
      city,
      district: county,
      state,
      postalCode,
    }),
  ];
}

function concept(context: Context, element: XmlElement | undefined, oid: string): unknown {
  const { code, display } = coded(context.reading, element);
  if (code === '') return undefined;
  const name = display || shippedTerminology().display(urn(oid), code, 'zh') || '';
  return { coding: [compact({ system: urn(oid), code, display: name })] };
}

function extensions(context: Context, body: XmlElement | undefined): unknown[] {
  const ethnic = codeExtension(context, at(body, 'ethnicGroupCode'), oids.ethnicGroup, 'ethnic-group');
  const job = at(body, 'occupation/occupationCode') ?? at(body, 'employerOrganization/asEmployee/occupationCode');
  const occupation = codeExtension(context, job, oids.occupation, 'occupation');
  const employer = context.reading.text(at(body, 'employerOrganization/name'));
  const workplace = employer === '' ? [] : [{ url: 'urn:hutong:extension:workplace', valueString: employer }];
  return [...ethnic, ...occupation, ...workplace];
}

function codeExtension(context: Context, element: XmlElement | undefined, oid: string, name: string): unknown[] {
  const { code, display } = coded(context.reading, element);
  if (code === '') return [];
  const padded = name === 'ethnic-group' && /^\d$/.test(code) ? `0${code}` : code;
  const text = display || shippedTerminology().display(urn(oid), padded, 'zh') || '';
  return [
    { url: `urn:hutong:extension:${name}`, valueCoding: compact({ system: urn(oid), code: padded, display: text }) },
  ];
}
