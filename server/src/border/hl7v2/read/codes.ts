import { systems } from '@hutong/contract/systems.ts';
import type { Context } from '../context.ts';
import { bounded } from './remembered.ts';
import type { Repetition } from './segment-reader.ts';

type Coding = { system?: string; code?: string; display?: string; version?: string };
export type Concept = { coding?: Coding[]; text?: string };

/** HL7 table 0396 and what Chinese systems write instead, to FHIR system URIs. Sought in upper case without blanks. */
const SYSTEMS = new Map<string, string>(
  Object.entries({
    LN: systems.loinc,
    LOINC: systems.loinc,
    SCT: 'http://snomed.info/sct',
    SNM3: 'http://snomed.info/sct',
    SNOMED: 'http://snomed.info/sct',
    'SNOMED-CT': 'http://snomed.info/sct',
    I10: systems.icd10,
    ICD10: systems.icd10,
    'ICD-10': systems.icd10,
    I10C: 'http://hl7.org/fhir/sid/icd-10-cm',
    I9: 'http://hl7.org/fhir/sid/icd-9-cm',
    I9M: 'http://hl7.org/fhir/sid/icd-9-cm',
    I9C: 'http://hl7.org/fhir/sid/icd-9-cm',
    I9CDX: 'http://hl7.org/fhir/sid/icd-9-cm',
    C4: 'http://www.ama-assn.org/go/cpt',
    UCUM: systems.ucum,
    CVX: 'http://hl7.org/fhir/sid/cvx',
    MVX: 'http://hl7.org/fhir/sid/mvx',
    NDC: 'http://hl7.org/fhir/sid/ndc',
    NCIT: 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl',
    RXNORM: 'http://www.nlm.nih.gov/research/umls/rxnorm',
    CDCREC: 'urn:oid:2.16.840.1.113883.6.238',
    NIP001: 'http://terminology.hl7.org/CodeSystem/v2-NIP001',
    DCM: 'http://dicom.nema.org/resources/ontology/DCM',
    ICDO: 'http://terminology.hl7.org/CodeSystem/icd-o-3',
    ISO3166_1: 'urn:iso:std:iso:3166',
  }),
);

/**
 * System URI of a coding system name. Names of HL7 tables become `http://terminology.hl7.org/CodeSystem/v2-nnnn`; any other
 * name is the sender's own: `urn:hutong:institution:<code>:codes[:<name>]`. '' gives undefined: a code of no stated system.
 */
export function codeSystem(name: string, institution: string): string | undefined {
  if (name === '') return undefined;
  return SYSTEMS.get(name) ?? named(name, institution);
}

/** What an institution calls its own lists, a few dozen words each: found once. */
const ownSystems = bounded<string>(20_000);

function named(name: string, institution: string): string {
  return ownSystems(`${institution}\n${name}`, () => systemOf(name, institution));
}

function systemOf(name: string, institution: string): string {
  const plain = name.toUpperCase().replaceAll(' ', '');
  const known = SYSTEMS.get(plain);
  if (known) return known;
  const table = /^HL7(\d{3,4})$/.exec(plain);
  if (table) return `http://terminology.hl7.org/CodeSystem/v2-${table[1]!.padStart(4, '0')}`;
  if (/^[0-2](\.\d+)+$/.test(plain)) return `urn:oid:${plain}`;
  const own = plain === 'L' || plain === '99LOCAL' ? '' : `:${encodeURIComponent(name)}`;
  return `urn:hutong:institution:${encodeURIComponent(institution)}:codes${own}`;
}

/**
 * CE, CWE, CNE (code^text^system^alternate code^text^system^version^…^original text) as a CodeableConcept. `own` names the
 * local list of codes that state no system ('OBX-3' of this institution); without it such a code gets no system.
 */
export function concept(value: Repetition | undefined, context: Context, own?: string): Concept | undefined {
  if (!value) return undefined;
  const original = value.text(9);
  const first = coding(value, 1, value.text(7), context, own);
  const second = coding(value, 4, value.text(8), context, undefined);
  const display = first?.display ?? second?.display;
  const text = original || display || value.text(2) || value.text(5);
  if (!first && !second) return text === '' ? undefined : { text };
  const found: Concept = { coding: first ? (second ? [first, second] : [first]) : [second!] };
  if (text) found.text = text;
  return found;
}

function coding(
  value: Repetition,
  at: 1 | 4,
  version: string,
  context: Context,
  own: string | undefined,
): Coding | undefined {
  const code = codeText(value.text(at));
  const display = value.text(at + 1);
  const name = value.text(at + 2);
  if (code === '') return undefined;
  const local = own === undefined ? undefined : codeSystem(own, context.options.institution);
  const system = codeSystem(name, context.options.institution) ?? local;
  const found: Coding = {};
  if (system) found.system = system;
  if (version && system) found.version = version;
  found.code = code;
  if (display) found.display = display;
  return found;
}

/** A FHIR code has no line breaks and single blanks only. */
export function codeText(text: string): string {
  if (/^[\w.-]*$/.test(text)) return text;
  return /\s/.test(text) ? text.trim().replace(/\s+/g, ' ') : text;
}

/** A table of ours: code of the sender → what FHIR has. `number` is the HL7 table, for the text. */
export type CodeTable<V> = { number: string; values: Readonly<Record<string, V>> };

/**
 * Looks a coded value up. An unknown code is a warning and stays unmapped (its mark is taken back); '' is simply undefined.
 */
export function lookUp<V>(
  table: CodeTable<V>,
  value: Repetition | undefined,
  context: Context,
  component = 1,
): V | undefined {
  if (!value) return undefined;
  const written = value.text(component);
  if (written === '') return undefined;
  const code = Object.hasOwn(table.values, written) ? written : written.toUpperCase();
  const found = Object.hasOwn(table.values, code) ? table.values[code] : undefined;
  if (found === undefined) {
    context.report('hl7v2.unknown-code', value.path, table.number);
    value.leave();
  } else if (component === 1) {
    // The display and the system of a code that the table translated say nothing more.
    value.text(2);
    value.text(3);
    value.text(7);
  }
  return found;
}
