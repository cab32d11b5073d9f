import { type DocumentType, normaliseNumber, parseDocumentNumber, parseResidentNumber } from '@hutong/china';
import type { TraceQuery } from '@hutong/contract/identity.ts';
import { isNoName } from '../decide/names-fit.ts';
import type { Document } from '../model.ts';
import type { Comparable } from './records.ts';

const documentTypes: ReadonlySet<string> = new Set<DocumentType>([
  'passport',
  'officer-card',
  'driving-licence',
  'hm-travel-permit',
  'tw-travel-permit',
  'hmt-residence-permit',
  'foreign-permanent-id',
  'birth-certificate',
  'health-record',
  'household-book',
  'other',
]);

/**
 * A paper in its normalised form; null for what is no number of that paper. Papers that carry a resident-style number (residence permits, the permanent
 * residence card of 2023) are that number: whoever typed it as an identity card means the same.
 */
export function readDocument(type: string, written: string, today: string): Document | null {
  if (!documentTypes.has(type)) return null;
  const parsed = parseDocumentNumber(type as DocumentType, written, today);
  return parsed.ok ? { type: parsed.value.type, number: parsed.value.number } : null;
}

const residentNumberOf = (written: string, today: string): string | null => {
  const parsed = parseResidentNumber(normaliseNumber(written), today);
  return parsed.ok ? parsed.value.number18 : null;
};

/** What somebody asks for, as a person to compare. A number that is not valid says nothing. */
export function comparableOfQuery(query: TraceQuery, today: string): Comparable {
  const number = query.number ? residentNumberOf(query.number, today) : null;
  const documents = (query.documents ?? []).flatMap(
    ({ type, number: written }) => readDocument(type, written, today) ?? [],
  );
  return {
    names: query.name && !isNoName(query.name) ? [query.name] : [],
    sex: query.sex ?? null,
    birthDate: query.birthDate && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(query.birthDate) ? query.birthDate : null,
    numbers: number ? [number] : [],
    documents,
    phones: query.phone ? [query.phone.replace(/[\s-]/g, '')] : [],
    address: query.address ?? null,
  };
}
