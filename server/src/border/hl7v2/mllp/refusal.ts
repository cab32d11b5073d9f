import { issue, type RuleId } from '../rules.ts';
import { acknowledge } from '../wire/acknowledge.ts';
import { decode, encode } from '../wire/charset.ts';
import { parse } from '../wire/parse.ts';

/**
 * An AR for a message that was not kept: too large, or the server failed over it. `beginning` may end anywhere; its MSH is
 * enough to name the control id, so that the sender knows what to send again.
 */
export function refusal(beginning: Buffer, rule: RuleId, at: string, detail = ''): Buffer {
  const end = firstLineEnd(beginning);
  const decoded = decode(beginning.subarray(0, end));
  const message = 'text' in decoded ? parse(decoded.text, decoded.charset) : undefined;
  const usable = message && 'segments' in message ? message : undefined;
  const text = acknowledge(usable, {
    code: 'AR',
    issues: [issue(rule, 'MSH', detail)],
    controlId: `AR${Date.parse(at).toString(36)}`,
    at,
  });
  return encode(text, usable?.charset ?? 'UNICODE UTF-8');
}

function firstLineEnd(bytes: Buffer): number {
  const ends = [bytes.indexOf(0x0d), bytes.indexOf(0x0a)].filter((at) => at > 3);
  return ends.length > 0 ? Math.min(...ends) : bytes.length;
}
