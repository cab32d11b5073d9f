import type { Protocol } from '../places/institutions.ts';
import type { KeyRing } from './keys.ts';
import { judge } from './mllp.ts';
import type { Outcome } from './outcome.ts';
import type { Tokens } from './tokens.ts';

const WAYS: Record<Exclude<Protocol, 'hl7v2-mllp'>, { path: string; type: string }> = {
  'hl7v2-http': { path: '/hl7v2', type: 'application/hl7-v2' },
  fhir: { path: '/fhir', type: 'application/fhir+json' },
  cda: { path: '/documents', type: 'application/xml' },
};

/** Sends over HTTP with the token of the institution's client. 429 and 5xx mean later; other refusals are final. */
export class HttpSender {
  server: string;
  tokens: Tokens;
  keys: KeyRing;

  constructor(server: string, tokens: Tokens, keys: KeyRing) {
    this.server = server.replace(/\/$/, '');
    this.tokens = tokens;
    this.keys = keys;
  }

  async send(
    protocol: Exclude<Protocol, 'hl7v2-mllp'>,
    clientId: string,
    bytes: Buffer,
    again = true,
  ): Promise<Outcome> {
    const way = WAYS[protocol];
    try {
      const token = await this.tokens.of(clientId, this.keys.privateKey(clientId), 'system/*.cruds');
      const answer = await fetch(this.server + way.path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': way.type },
        body: new Uint8Array(bytes),
        signal: AbortSignal.timeout(60_000),
      });
      const text = await answer.text();
      if (answer.status === 401 && again) {
        this.tokens.forget(clientId);
        return await this.send(protocol, clientId, bytes, false);
      }
      if (answer.status === 429 || answer.status >= 500 || answer.status === 409)
        return { kind: 'try-again', why: `${answer.status} ${text.slice(0, 300)}` };
      if (protocol === 'hl7v2-http' && /MSA\|/.test(text)) return judge(text);
      return answer.ok
        ? { kind: 'taken', acknowledgement: text }
        : { kind: 'refused', acknowledgement: `${answer.status} ${text}` };
    } catch (error) {
      return { kind: 'try-again', why: (error as Error).message };
    }
  }
}
