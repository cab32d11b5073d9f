import type { Parsed } from '../parsed.ts';
import { DOCUMENT_CODES, type DocumentCodeSource } from './document-types.ts';
import type { DocumentReason, DocumentValue } from './document-value.ts';
import { parseDocumentNumber } from './parse-number.ts';
import { refuseDocument } from './refuse-document.ts';

/**
 * Reads a number under a two-digit type code as an interface sends it. `today` is `YYYY-MM-DD` (Asia/Shanghai);
 * `source` says whose code it is. A one-digit code is taken with its leading zero.
 */
export function parseDocument(
  typeCode: string,
  text: string,
  today: string,
  source: DocumentCodeSource = 'CV02.01.101',
): Parsed<DocumentValue, DocumentReason> {
  const codes = DOCUMENT_CODES[source];
  const code = typeCode.trim().padStart(2, '0');
  if (!Object.hasOwn(codes, code)) return refuseDocument('document-type-unknown', null);
  return parseDocumentNumber(codes[code]!, text, today);
}
