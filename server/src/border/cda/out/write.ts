import type { Resource } from '../../fact.ts';
import { kindOf, type WrittenKind } from '../kinds.ts';
import { Bag } from './bag.ts';
import { headerNodes } from './header.ts';
import { reportBody } from './report-body.ts';
import { visitBody } from './visit-body.ts';
import { node, render } from './xml.ts';

export type WriteInput = {
  /** Document number, unique in the institution. */
  id: string;
  /** The same for all versions of a document; version counts from 1. */
  setId?: string;
  version?: number;
  /** When the document is made, ISO 8601. */
  time: string;
  /** Custodian, when no Composition names one. */
  institution: { code: string; name: string };
  /**
   * One Patient, and for a report its DiagnosticReport with what it refers to, for a visit the Encounter with its Conditions and
   * orders; a Composition adds words, author and signatures. References among them are `Type/id`.
   */
  resources: readonly Resource[];
};

/**
 * A shared document from FHIR resources, UTF-8. Reading it back gives the same facts. What the kind has no element for is left
 * out; what it requires and the resources lack is left empty, and {@link checkDocument} then says so.
 */
export function write(kind: WrittenKind, input: WriteInput): string {
  const known = kindOf(kind);
  if (!known) throw new Error(`Document kind ${kind} is not in the terminology data`);
  const bag = new Bag(input.resources);
  const sections = kind === 'C0002' ? visitBody(bag) : reportBody(kind, bag);
  const document = node(
    'ClinicalDocument',
    { xmlns: 'urn:hl7-org:v3', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' },
    headerNodes(known, input, bag),
    node('component', {}, node('structuredBody', {}, sections)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(document)}\n`;
}
