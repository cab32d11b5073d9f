import type { PersonKey } from '../fact.ts';
import { keyText } from '../key-text.ts';

/** Key of the Patient fact of a person. */
export const personKeyText = ({ authority, localId }: PersonKey): string => keyText(authority, localId);

export type Reference = { reference?: string; display?: string };

export const referenceTo = (type: string, key: string): { reference: string } => ({ reference: `key:${type}|${key}` });
