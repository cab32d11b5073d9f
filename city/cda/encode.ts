import type { Planned } from '../messages/message.ts';
import { body } from './body.ts';
import { header } from './header.ts';

/** One shared document (CDA R2, realm CN, WS/T 500-2016) in UTF-8. */
export function encodeDocument(message: Planned): Buffer {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:mif="urn:hl7-org:v3/mif" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n${header(message)}\n${body(message)}\n</ClinicalDocument>\n`;
  const bytes = Buffer.from(text, 'utf8');
  // A connection that broke in the middle of an upload.
  return message.broken === 'truncated' ? bytes.subarray(0, Math.floor(bytes.length * 0.8)) : bytes;
}
