import { encodeDocument } from '../cda/encode.ts';
import { encodeBundle } from '../fhir/encode.ts';
import { encodeHl7 } from '../hl7v2/encode.ts';
import type { CityMessage, Planned } from './message.ts';

export function encodeMessage(message: Planned, seed: number): CityMessage {
  const { protocol } = message.institution;
  const bytes =
    protocol === 'fhir'
      ? encodeBundle(message)
      : protocol === 'cda'
        ? encodeDocument(message)
        : encodeHl7(message, seed);
  const duplicate = message.dirt.includes('duplicate');
  return {
    institution: message.institution,
    protocol,
    at: message.at,
    bytes,
    controlId: message.controlId,
    kind: message.kind,
    truth: {
      resident: message.identity.resident.number,
      localId: message.identity.localId,
      visit: message.visit.id,
      dirt: [...new Set([...message.identity.dirt, ...message.dirt])],
      broken: message.broken ?? null,
      duplicate,
      outbreak: message.visit.outbreak?.kind ?? null,
    },
  };
}
