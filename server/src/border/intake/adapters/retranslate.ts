import type { Translation } from '../../fact.ts';
import type { RawMessage } from '../tables.ts';
import { translateCda } from './cda.ts';
import { retranslateHl7 } from './hl7v2.ts';
import { translateRegistration } from './registration.ts';
import { translateKeptRow } from './rows.ts';

/** Stored bytes to facts again, by the protocol they came with. Pure, and the same result as the first time unless a mapping was repaired. */
export function retranslate(
  { protocol, raw, receivedAt }: Pick<RawMessage, 'protocol' | 'raw' | 'receivedAt'>,
  institution: string,
): Translation {
  if (protocol === 'cda') return translateCda(raw, institution, receivedAt);
  if (protocol === 'registration') return translateRegistration(raw, institution, receivedAt);
  if (protocol === 'files') return translateKeptRow(raw, institution, receivedAt);
  return retranslateHl7(raw, institution, receivedAt);
}
