import { issue, type RuleId } from '../rules.ts';
import { acknowledge } from '../wire/acknowledge.ts';
import { encode } from '../wire/charset.ts';
import { envelope } from '../wire/envelope.ts';

/**
 * An AR for a message that was not kept: too large, or the server failed over it. `beginning` may end anywhere; its MSH is
 * enough to name the control id, so that the sender knows what to send again.
 */
export function refusal(beginning: Buffer, rule: RuleId, at: string, detail = ''): Buffer {
  const message = envelope(beginning);
  const text = acknowledge(message, {
    code: 'AR',
    issues: [issue(rule, 'MSH', detail)],
    controlId: `AR${Date.parse(at).toString(36)}`,
    at,
  });
  return encode(text, message?.charset ?? 'UNICODE UTF-8');
}
