import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import type { Institution } from '../places/institutions.ts';
import type { KeyRing } from './keys.ts';
import type { Tokens } from './tokens.ts';

/** Institutions as the directory wants them (POST /api/directory/institutions). */
export function registrations(institutions: readonly Institution[], keys: KeyRing): object[] {
  return institutions.map((institution) => {
    const { code, nameZh, nameEn, tier, kind, area, protocol, applications, clientId } = institution;
    const speaks = protocol.startsWith('hl7v2');
    const senders = speaks
      ? Object.values(applications).map((application, index) => ({
          protocol,
          application,
          facility: code,
          ...(protocol === 'hl7v2-http' && index === 0 ? { clientId, jwks: keys.publicKeys(clientId) } : {}),
        }))
      : [{ protocol, clientId, jwks: keys.publicKeys(clientId) }];
    return { code, nameZh, nameEn, tier, kind, area, senders };
  });
}

/** Registers with the operator's client: a JWK file, `{jwk, clientId}`, or a JWK with `client_id`; client id `operator` by default. */
export async function register(
  server: string,
  tokens: Tokens,
  operatorKeyFile: string,
  institutions: readonly Institution[],
  keys: KeyRing,
): Promise<{ created: number; updated: number }> {
  const parsed = JSON.parse(readFileSync(operatorKeyFile, 'utf8')) as JWK & {
    jwk?: JWK;
    clientId?: string;
    client_id?: string;
  };
  const token = await tokens.of(parsed.clientId ?? parsed.client_id ?? 'operator', parsed.jwk ?? parsed);
  const answer = await fetch(`${server.replace(/\/$/, '')}/api/directory/institutions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ institutions: registrations(institutions, keys) }),
  });
  if (!answer.ok) throw new Error(`registration answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return (await answer.json()) as { created: number; updated: number };
}
