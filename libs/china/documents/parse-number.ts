import { normaliseNumber } from '../normalise-number.ts';
import type { Parsed } from '../parsed.ts';
import { parseResidentNumber, type ResidentNumberKind } from '../resident-number.ts';
import type { DocumentType } from './document-types.ts';
import type { DocumentReason, DocumentValue } from './document-value.ts';
import { refuseDocument } from './refuse-document.ts';

type ParsedDocument = Parsed<DocumentValue, DocumentReason>;

/**
 * Reads `text` as the number of one kind of paper. `today` is `YYYY-MM-DD`.
 * Formats of papers without a published standard (officer card, foreign passports) are only bounded, never guessed.
 */
export function parseDocumentNumber(type: DocumentType, text: string, today: string): ParsedDocument {
  const written = normaliseNumber(text);
  if (written === '') return refuseDocument('empty', type);
  return READERS[type](written, today);
}

const READERS: Readonly<Record<DocumentType, (written: string, today: string) => ParsedDocument>> = {
  'resident-id': (written, today) => citizen('resident-id', written, today, null),
  // Children without a card are recorded with the household register, under the same citizen number.
  'household-book': (written, today) => citizen('household-book', written, today, null),
  'hmt-residence-permit': (written, today) => citizen('hmt-residence-permit', written, today, 'hmt-residence'),
  'foreign-permanent-id': foreignPermanent,
  passport: (written) => bounded('passport', written.replaceAll('-', ''), /^(?=.*[0-9])[0-9A-Z]{5,20}$/),
  'officer-card': (written) => bounded('officer-card', written, /^(?=.*[0-9])[0-9A-Z\p{Script=Han}()\-.·第号]{3,24}$/u),
  'driving-licence': drivingLicence,
  'hm-travel-permit': hmTravelPermit,
  'tw-travel-permit': twTravelPermit,
  'birth-certificate': birthCertificate,
  'health-record': healthRecord,
  other,
};

function citizen(
  type: 'resident-id' | 'household-book' | 'hmt-residence-permit',
  written: string,
  today: string,
  kind: ResidentNumberKind | null,
): ParsedDocument {
  const parsed = parseResidentNumber(written, today);
  if (!parsed.ok) return parsed;
  if (kind !== null && parsed.value.kind !== kind) return refuseDocument('not-this-document', type);
  return { ok: true, value: { type, number: parsed.value.number18, resident: parsed.value } };
}

/** Since 2023-12-01 18 places, first digit 9 (machine-reading rules, 2023 edition); the 2004 form stays valid. */
function foreignPermanent(written: string, today: string): ParsedDocument {
  if (/^[A-Z]{3}[0-9]{12}$/.test(written)) {
    const countryAlpha3 = written.slice(0, 3);
    return { ok: true, value: { type: 'foreign-permanent-id', number: written, layout: '2004', countryAlpha3 } };
  }
  if (!/^9[0-9]{16}[0-9X]$/.test(written)) return refuseDocument('format', 'foreign-permanent-id');
  const parsed = parseResidentNumber(written, today);
  if (!parsed.ok) return parsed;
  const number = parsed.value.number18;
  const inside = { placeCode: number.slice(1, 3), countryNumeric: number.slice(3, 6) };
  const value = { type: 'foreign-permanent-id', number, layout: '2023', resident: parsed.value, ...inside } as const;
  return { ok: true, value };
}

/** The last two digits count the issues and change with every card, so they are not part of the number. */
function hmTravelPermit(written: string): ParsedDocument {
  const found = /^([HM][0-9]{8})([0-9]{2})?$/.exec(written);
  if (!found) return refuseDocument('format', 'hm-travel-permit');
  const number = found[1]!;
  const region = number.startsWith('H') ? 'hong-kong' : 'macao';
  const issueCount = found[2] === undefined ? null : Number(found[2]);
  return { ok: true, value: { type: 'hm-travel-permit', number, region, issueCount } };
}

/** Booklets before 2015 print the count and a letter in brackets behind the eight lasting digits. */
function twTravelPermit(written: string): ParsedDocument {
  const found = /^([0-9]{8})(?:([0-9]{2})(?:\(?[A-Z]\)?)?)?$/.exec(written);
  if (!found) return refuseDocument('format', 'tw-travel-permit');
  const issueCount = found[2] === undefined ? null : Number(found[2]);
  return { ok: true, value: { type: 'tw-travel-permit', number: found[1]!, issueCount } };
}

function birthCertificate(written: string): ParsedDocument {
  const found = /^([A-Z])([0-9]{9})$/.exec(written);
  if (!found) return refuseDocument('format', 'birth-certificate');
  return { ok: true, value: { type: 'birth-certificate', number: written, series: found[1]!, serial: found[2]! } };
}

/** National norm for basic public health services: 6 area + 3 township + 3 village + 5 sequence. Village-bound. */
function healthRecord(written: string): ParsedDocument {
  const number = written.replaceAll('-', '');
  if (!/^[0-9]{17}$/.test(number)) return refuseDocument('format', 'health-record');
  const sequence = Number(number.slice(12));
  if (sequence === 0) return refuseDocument('sequence-impossible', 'health-record');
  const [areaCode, townshipCode, villageCode] = [number.slice(0, 6), number.slice(0, 9), number.slice(0, 12)];
  return { ok: true, value: { type: 'health-record', number, areaCode, townshipCode, villageCode, sequence } };
}

/** A driving licence bears the citizen number; old systems stored the 12-digit file number instead. */
function drivingLicence(written: string, today: string): ParsedDocument {
  if (/^[0-9]{12}$/.test(written)) {
    return { ok: true, value: { type: 'driving-licence', number: written, resident: null } };
  }
  const parsed = parseResidentNumber(written, today);
  if (parsed.ok) {
    return { ok: true, value: { type: 'driving-licence', number: parsed.value.number18, resident: parsed.value } };
  }
  return parsed.reason === 'length' || parsed.reason === 'characters'
    ? refuseDocument('format', 'driving-licence')
    : parsed;
}

/**
 * "Other" hides papers that have a form of their own: newborns are registered as 99 with the birth certificate. Only
 * self-proving numbers are recognised (a check digit, or a letter with exactly nine digits); the rest stays text.
 */
function other(written: string, today: string): ParsedDocument {
  for (const type of ['resident-id', 'foreign-permanent-id', 'birth-certificate'] as const) {
    if (type === 'resident-id' && written.length !== 18) continue;
    const parsed = READERS[type](written, today);
    if (parsed.ok) return parsed;
  }
  return bounded('other', written, /^(?=.*[0-9])[0-9A-Z\p{Script=Han}()\-./·_#:]{3,40}$/u);
}

function bounded(type: 'passport' | 'officer-card' | 'other', written: string, pattern: RegExp): ParsedDocument {
  return pattern.test(written) ? { ok: true, value: { type, number: written } } : refuseDocument('format', type);
}
