import { parseResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { type Demographics, readDocument } from '../../core/identity/index.ts';
import type { Resource } from '../fact.ts';

type HumanName = { use?: string; text?: string; family?: string; given?: string[] };
type Identifier = { system?: string; value?: string; type?: { coding?: { code?: string }[] } };
type Address = {
  text?: string;
  line?: string[];
  city?: string;
  district?: string;
  state?: string;
  extension?: unknown[];
};

const hanAnywhere = /\p{Script=Han}/u;

/** The name a clerk would write: the official one, Han before Latin, surname first for Han names. */
function nameOf(names: HumanName[]): string | null {
  const texts = names
    .filter(({ use }) => use !== 'old' && use !== 'nickname')
    .sort((a, b) => Number(b.use === 'official') - Number(a.use === 'official'))
    .map(({ text, family, given }) => {
      const joined = [family ?? '', ...(given ?? [])].join('');
      return text ?? (hanAnywhere.test(joined) ? joined : [...(given ?? []), family ?? ''].join(' ').trim());
    })
    .filter((text) => text.length > 0);
  return texts.find((text) => hanAnywhere.test(text)) ?? texts[0] ?? null;
}

/** One line from the parts, larger before smaller; a part that the next one repeats is said once. */
function addressOf(address: Address | undefined): string | null {
  if (!address) return null;
  const parts = [address.state, address.city, address.district, ...(address.line ?? [])].filter(
    (part): part is string => Boolean(part),
  );
  const said = parts.filter((part, at) => !parts.slice(at + 1).some((later) => later.startsWith(part)));
  const han = said.some((part) => hanAnywhere.test(part));
  return said.length > 0 ? said.join(han ? '' : ' ') : (address.text ?? null);
}

/** Area code of the home address: our profile's extension, or nothing. */
function areaOf(address: Address | undefined): string | null {
  for (const extension of (address?.extension ?? []) as {
    url?: string;
    valueCoding?: { code?: string };
    valueCode?: string;
  }[])
    if (extension.url?.endsWith('area-code')) return extension.valueCoding?.code ?? extension.valueCode ?? null;
  return null;
}

/** Identifier types (HL7 table 0203, and our own words for papers) and the paper that each stands for. */
const papers: Readonly<Record<string, string>> = {
  PPN: 'passport',
  DL: 'driving-licence',
  MI: 'officer-card',
  BCT: 'birth-certificate',
  BR: 'birth-certificate',
  PRC: 'foreign-permanent-id',
  HMP: 'hm-travel-permit',
  TWP: 'tw-travel-permit',
};

/** Papers beside the resident number: passports, permits, birth certificates. What is no number of its paper is left to the record. */
function documentsOf(identifiers: readonly Identifier[], today: string): NonNullable<Demographics['documents']> {
  return identifiers.flatMap(({ value, type, system }) => {
    if (!value) return [];
    if (system === systems.healthRecordNumber) return readDocument('health-record', value, today) ?? [];
    for (const { code } of type?.coding ?? []) {
      const paper = code && (Object.hasOwn(papers, code) ? papers[code] : code);
      const found = paper ? readDocument(paper, value, today) : null;
      if (found) return found;
    }
    return [];
  });
}

const withDocuments = (documents: NonNullable<Demographics['documents']>): Pick<Demographics, 'documents'> =>
  documents.length > 0 ? { documents } : {};

const first = <T>(value: unknown): T | undefined => (Array.isArray(value) ? (value[0] as T | undefined) : undefined);

/**
 * What a Patient resource says of the person, in the master index's words.
 * @param today YYYY-MM-DD in Asia/Shanghai: a number whose birth date lies ahead is no number
 */
export function demographicsOf(patient: Resource, stamp: string, today: string): Demographics {
  const identifiers = (Array.isArray(patient.identifier) ? patient.identifier : []) as Identifier[];
  let number: string | null = null;
  for (const { system, value } of identifiers) {
    if (system !== systems.residentNumber || !value) continue;
    const parsed = parseResidentNumber(value, today);
    if (parsed.ok) number = parsed.value.number18;
  }
  const addresses = (Array.isArray(patient.address) ? patient.address : []) as Address[];
  const telecom = (Array.isArray(patient.telecom) ? patient.telecom : []) as { system?: string; value?: string }[];
  const ethnic = (
    (patient.extension ?? []) as { url?: string; valueCoding?: { display?: string; code?: string } }[]
  ).find(({ url }) => url?.endsWith('ethnic-group'));
  return {
    stamp,
    name: nameOf((Array.isArray(patient.name) ? patient.name : []) as HumanName[]),
    sex: (patient.gender as Demographics['sex']) ?? null,
    birthDate: (patient.birthDate as string | undefined) ?? null,
    ...(number !== null && { number }),
    ...withDocuments(documentsOf(identifiers, today)),
    phone:
      telecom
        .find(({ system, value }) => value && (system === 'phone' || system === undefined))
        ?.value?.replace(/[\s-]/g, '') ?? null,
    address: addressOf(first<Address>(addresses)),
    area: areaOf(first<Address>(addresses)),
    ethnicGroup: ethnic?.valueCoding?.display ?? ethnic?.valueCoding?.code ?? null,
    deceased:
      typeof patient.deceasedDateTime === 'string'
        ? patient.deceasedDateTime
        : patient.deceasedBoolean === true
          ? 'true'
          : null,
  };
}
