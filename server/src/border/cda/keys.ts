import type { PersonKey } from '../fact.ts';

/** Parts of a business key in one text; `|` and `%` inside a part are written `%7C` and `%25`. Empty leading parts fall off. */
export function keyText(...parts: string[]): string {
  const from = parts.findIndex((part) => part !== '');
  if (from < 0) return '';
  return parts
    .slice(from)
    .map((part) => part.replaceAll('%', '%25').replaceAll('|', '%7C'))
    .join('|');
}

/** Key of the Patient fact of a person. */
export const personKeyText = ({ authority, localId }: PersonKey): string => keyText(authority, localId);

export type Reference = { reference?: string; display?: string };

export const referenceTo = (type: string, key: string): { reference: string } => ({ reference: `key:${type}|${key}` });
