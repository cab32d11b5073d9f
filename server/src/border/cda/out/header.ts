import { systems } from '@hutong/contract/systems.ts';
import type { Resource } from '../../fact.ts';
import type { Kind } from '../kinds.ts';
import { writeTime } from '../read/time.ts';
import { oids, roots } from '../systems.ts';
import { type Bag, type Concept, firstOf, type Identifier, numberOf, type Period, type Reference } from './bag.ts';
import type { WriteInput } from './write.ts';
import { type Node, node } from './xml.ts';

const id = (root: string, extension: string): Node => node('id', { root, extension });
const PATIENT_TYPES: Record<string, [code: string, display: string]> = {
  AMB: ['1', '门诊'],
  EMER: ['2', '急诊'],
  IMP: ['3', '住院'],
};
const GENDERS: Record<string, [code: string, display: string]> = {
  male: ['1', '男性'],
  female: ['2', '女性'],
  unknown: ['0', '未知的性别'],
};

/** Everything before the body: what, whose, by whom, kept where. */
export function headerNodes(kind: Kind, input: WriteInput, bag: Bag): Node[] {
  const composition = bag.first('Composition');
  const replaced = firstOf<{ targetIdentifier?: Identifier }>(composition?.relatesTo)?.targetIdentifier?.value;
  const parent = node('parentDocument', {}, id(roots.document, replaced ?? ''), node('setId'), node('versionNumber'));
  return [
    node('realmCode', { code: 'CN' }),
    node('typeId', { root: '2.16.840.1.113883.1.3', extension: 'POCD_MT000040' }),
    node('templateId', { root: kind.template }),
    id(roots.document, input.id),
    node('code', { code: kind.code, codeSystem: oids.documentKinds, codeSystemName: '卫生信息共享文档规范编码体系' }),
    node('title', {}, String(composition?.title ?? kind.zh)),
    node('effectiveTime', { value: writeTime(input.time) }),
    node('confidentialityCode', {
      code: String(composition?.confidentiality ?? 'N'),
      codeSystem: '2.16.840.1.113883.5.25',
      codeSystemName: 'Confidentiality',
    }),
    node('languageCode', { code: 'zh-CN' }),
    node('setId', input.setId === undefined ? {} : { extension: input.setId }),
    node('versionNumber', input.version === undefined ? {} : { value: String(input.version) }),
    recordTarget(bag),
    author(input, bag),
    custodian(input, bag),
    ...signers(composition, bag),
    ...requester(bag),
    ...(replaced === undefined ? [] : [node('relatedDocument', { typeCode: 'RPLC' }, parent)]),
    ...componentOf(kind, bag),
  ];
}

function recordTarget(bag: Bag): Node {
  const patient = bag.first('Patient');
  const encounter = bag.first('Encounter');
  const report = bag.first('DiagnosticReport');
  const numbers: [root: string, of: Resource | undefined][] = [
    [roots.outpatient, patient],
    [roots.inpatient, patient],
    [roots.healthCard, patient],
    [roots.healthRecord, patient],
    [roots.examinationReport, report],
    [roots.laboratoryReport, report],
    [roots.request, bag.follow(firstOf<Reference>(report?.basedOn))],
    [roots.specimen, bag.follow(firstOf<Reference>(report?.specimen))],
  ];
  const ids = numbers.map(([root, of]) => ({ root, value: numberOf(of, root) })).filter(({ value }) => value !== '');
  const type = PATIENT_TYPES[String((encounter?.class as { code?: string } | undefined)?.code ?? '')];
  const typed =
    type &&
    node(
      'patientType',
      {},
      node('patienttypeCode', {
        code: type[0],
        codeSystem: oids.patientType,
        codeSystemName: '患者类型代码表',
        displayName: type[1],
      }),
    );
  const telecoms = ((patient?.telecom ?? []) as { value?: string }[]).map(({ value }) =>
    node('telecom', { value: value ?? '' }),
  );
  const role = [ids.map(({ root, value }) => id(root, value)), typed, addresses(patient), telecoms, person(patient)];
  return node(
    'recordTarget',
    { typeCode: 'RCT', contextControlCode: 'OP' },
    node('patientRole', { classCode: 'PAT' }, ...role, report ? undefined : provider(encounter, bag)),
  );
}

function person(patient: Resource | undefined): Node {
  const identifiers = (patient?.identifier ?? []) as Identifier[];
  const resident = identifiers.find(
    ({ system, type }) => system === systems.residentNumber || type?.coding?.[0]?.code === 'NI',
  );
  const name = firstOf<{ text?: string }>(patient?.name)?.text;
  const gender = GENDERS[String(patient?.gender ?? '')];
  const marriage = (patient?.maritalStatus as Concept | undefined)?.coding?.[0];
  const extension = (
    which: string,
  ): { valueCoding?: { code?: string; display?: string }; valueString?: string } | undefined =>
    (
      (patient?.extension ?? []) as {
        url?: string;
        valueCoding?: { code?: string; display?: string };
        valueString?: string;
      }[]
    ).find(({ url }) => url === `urn:hutong:extension:${which}`);
  const ethnic = extension('ethnic-group')?.valueCoding;
  const job = extension('occupation')?.valueCoding;
  const workplace = extension('workplace')?.valueString;
  const coded = (
    element: string,
    system: string,
    coding: { code?: string; display?: string } | undefined,
  ): Node | undefined =>
    coding && node(element, { code: coding.code, codeSystem: system, displayName: coding.display });
  return node(
    'patient',
    { classCode: 'PSN', determinerCode: 'INSTANCE' },
    resident?.value !== undefined && id(roots.resident, resident.value),
    name !== undefined && node('name', {}, name),
    gender &&
      node('administrativeGenderCode', {
        code: gender[0],
        codeSystem: oids.sex,
        codeSystemName: '生理性别代码表（GB/T 2261.1）',
        displayName: gender[1],
      }),
    typeof patient?.birthDate === 'string' && node('birthTime', { value: writeTime(patient.birthDate) }),
    coded('maritalStatusCode', oids.marriage, marriage),
    coded('ethnicGroupCode', oids.ethnicGroup, ethnic),
    job && node('occupation', {}, coded('occupationCode', oids.occupation, job)),
    workplace !== undefined && node('employerOrganization', {}, node('name', {}, workplace)),
  );
}

type Address = {
  text?: string;
  line?: string[];
  city?: string;
  district?: string;
  state?: string;
  postalCode?: string;
};

function addresses(patient: Resource | undefined): Node[] {
  return ((patient?.address ?? []) as Address[]).map(({ text, line = [], city, district, state, postalCode }) => {
    const [first, second] = line.length > 1 ? [line[0], line.slice(1).join('')] : [undefined, line[0]];
    const parts: [string, string | undefined][] = [
      ['state', state],
      ['city', city],
      ['county', district],
      ['township', first],
      ['streetName', second],
      ['postalCode', postalCode],
    ];
    const present = parts.filter(([, value]) => value !== undefined).map(([name, value]) => node(name, {}, value));
    const onlyText = present.length === (postalCode === undefined ? 0 : 1) && text !== undefined;
    return node('addr', { use: 'H' }, onlyText && node('streetAddressLine', {}, text), present);
  });
}

function author(input: WriteInput, bag: Bag): Node {
  const composition = bag.first('Composition');
  const report = bag.first('DiagnosticReport');
  const encounter = bag.first('Encounter');
  const seen = report ? (report.issued ?? report.effectiveDateTime) : (encounter?.period as Period | undefined)?.start;
  const by = firstOf<Reference>(composition?.author) ?? firstOf<Reference>(report?.performer);
  const time = node('time', { value: writeTime(typeof seen === 'string' ? seen : input.time) });
  return node(
    'author',
    { typeCode: 'AUT', contextControlCode: 'OP' },
    time,
    node('assignedAuthor', { classCode: 'ASSIGNED' }, staff(by, bag, roots.author)),
  );
}

/** Number and name of a member of staff, as far as they are known. */
export function staff(by: Reference | undefined, bag: Bag, root: string): Node[] {
  const practitioner = bag.follow(by);
  const number = numberOf(practitioner, roots.staff);
  const name = by?.display ?? firstOf<{ text?: string }>(practitioner?.name)?.text;
  const numbered = number === '' ? [] : [id(root, number)];
  return name === undefined ? numbered : [...numbered, node('assignedPerson', {}, node('name', {}, name))];
}

function custodian(input: WriteInput, bag: Bag): Node {
  const keeper = bag.first('Composition')?.custodian as Reference | undefined;
  const organization = bag.follow(keeper);
  const code = numberOf(organization, roots.institution) || (keeper ? '' : input.institution.code);
  const name = keeper?.display ?? String(organization?.name ?? (keeper ? '' : input.institution.name));
  const content = [code !== '' && id(roots.institution, code), name !== '' && node('name', {}, name)];
  return node(
    'custodian',
    { typeCode: 'CST' },
    node(
      'assignedCustodian',
      { classCode: 'ASSIGNED' },
      node('representedCustodianOrganization', { classCode: 'ORG', determinerCode: 'INSTANCE' }, content),
    ),
  );
}

function signers(composition: Resource | undefined, bag: Bag): Node[] {
  const attesters = (composition?.attester ?? []) as { mode?: string; time?: string; party?: Reference }[];
  const ordered = [
    ...attesters.filter(({ mode }) => mode === 'legal').slice(0, 1),
    ...attesters.filter(({ mode }) => mode !== 'legal'),
  ];
  return ordered.map(({ mode, time, party }) => {
    const assigned = node('assignedEntity', {}, staff(party, bag, roots.staff));
    return node(
      mode === 'legal' ? 'legalAuthenticator' : 'authenticator',
      {},
      node('time', time === undefined ? {} : { value: writeTime(time) }),
      node('signatureCode'),
      assigned,
    );
  });
}

type Link = { root: string; name?: string; number?: string };

/** bed → department → institution as nested wholeOrganizations. */
function chain(links: Link[]): Node | undefined {
  let inner: Node | undefined;
  for (const { root, number, name } of links.reverse()) {
    const content = [
      node('id', { root, ...(number === undefined ? {} : { extension: number }) }),
      name !== undefined && node('name', {}, name),
    ];
    const outer: Node | undefined = inner && node('asOrganizationPartOf', { classCode: 'PART' }, inner);
    inner = node('wholeOrganization', { classCode: 'ORG', determinerCode: 'INSTANCE' }, ...content, outer);
  }
  return inner;
}

function institutionLink(reference: Reference | undefined, bag: Bag): Link[] {
  if (!reference) return [];
  const organization = bag.follow(reference);
  const code = numberOf(organization, roots.institution);
  const name = reference.display ?? (organization?.name as string | undefined);
  return [
    { root: roots.institution, ...(code === '' ? {} : { number: code }), ...(name === undefined ? {} : { name }) },
  ];
}

function links(encounter: Resource | undefined, bag: Bag): Link[] {
  const ward = firstOf<{ location?: Reference }>(encounter?.location)?.location?.display;
  const department = (encounter?.serviceType as Concept | undefined)?.text;
  return [
    ...(ward === undefined ? [] : [{ root: roots.ward, name: ward }]),
    ...(department === undefined ? [] : [{ root: roots.department, name: department }]),
    ...institutionLink(encounter?.serviceProvider as Reference | undefined, bag),
  ];
}

function provider(encounter: Resource | undefined, bag: Bag): Node | undefined {
  const whole = chain(links(encounter, bag));
  return whole && { ...whole, name: 'providerOrganization', attributes: [] };
}

function requester(bag: Bag): Node[] {
  const request = bag.follow(firstOf<Reference>(bag.first('DiagnosticReport')?.basedOn));
  const by = request?.requester as Reference | undefined;
  if (!by) return [];
  const code = firstOf<Concept>(request?.locationCode)?.text;
  const isInstitution = by.reference !== undefined || code !== undefined;
  const department = isInstitution ? code : by.display;
  const whole = chain([
    ...(department === undefined ? [] : [{ root: roots.department, name: department }]),
    ...(isInstitution ? institutionLink(by, bag) : []),
  ]);
  return whole
    ? [
        node(
          'participant',
          { typeCode: 'PRF' },
          node(
            'associatedEntity',
            { classCode: 'ASSIGNED' },
            { ...whole, name: 'scopingOrganization', attributes: [] },
          ),
        ),
      ]
    : [];
}

function componentOf(kind: Kind, bag: Bag): Node[] {
  const encounter = bag.first('Encounter');
  if (!encounter) return [];
  const number = firstOf<Identifier>(encounter.identifier)?.value;
  const { start, end } = (encounter.period ?? {}) as Period;
  const own = kind.code === 'C0002';
  const low = !own && start !== undefined && node('low', { value: writeTime(start) });
  const high = end !== undefined && node('high', { value: writeTime(end) });
  const whole = own ? undefined : chain(links(encounter, bag));
  const location =
    whole &&
    node(
      'location',
      {},
      node(
        'healthCareFacility',
        {},
        node('serviceProviderOrganization', {}, node('asOrganizationPartOf', { classCode: 'PART' }, whole)),
      ),
    );
  const inpatient = (encounter.class as { code?: string } | undefined)?.code === 'IMP';
  const numbered = number !== undefined && id(inpatient ? roots.inpatient : roots.outpatient, number);
  return [
    node(
      'componentOf',
      {},
      node('encompassingEncounter', {}, numbered, node('effectiveTime', {}, low, high), location),
    ),
  ];
}
