import type { Translation } from '../../fact.ts';
import type { RawMessage } from '../tables.ts';
import { retranslateHl7 } from './hl7v2.ts';

/** Stored bytes to facts again, by the protocol they came with. Pure, and the same result as the first time unless a mapping was repaired. */
export function retranslate(message: RawMessage, institution: string): Translation {
  return retranslateHl7(message.raw, institution, message.receivedAt);
}
