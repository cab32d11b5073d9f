import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';

/** Access tokens by signed client assertion (SMART backend services, RFC 7523), kept until shortly before they end. */
export class Tokens {
  server: string;
  endpoint: Promise<string> | null = null;
  held = new Map<string, { token: string; until: number }>();

  constructor(server: string) {
    this.server = server.replace(/\/$/, '');
  }

  async of(clientId: string, key: JWK, scope?: string): Promise<string> {
    const known = this.held.get(clientId);
    if (known && known.until > Date.now()) return known.token;
    const endpoint = await this.tokenEndpoint();
    const algorithm = key.alg ?? 'ES256';
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: algorithm, ...(key.kid ? { kid: key.kid } : {}) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(endpoint)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('4m')
      .sign(await importJWK(key, algorithm));
    const answer = await fetch(endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        ...(scope ? { scope } : {}),
      }),
    });
    if (!answer.ok)
      throw new Error(`no token for ${clientId}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
    const body = (await answer.json()) as { access_token: string; expires_in?: number };
    this.held.set(clientId, { token: body.access_token, until: Date.now() + ((body.expires_in ?? 300) - 30) * 1_000 });
    return body.access_token;
  }

  /** A token that the server no longer takes. */
  forget(clientId: string): void {
    this.held.delete(clientId);
  }

  tokenEndpoint(): Promise<string> {
    this.endpoint ??= this.discover().catch((error: unknown) => {
      this.endpoint = null;
      throw error;
    });
    return this.endpoint;
  }

  async discover(): Promise<string> {
    const answer = await fetch(`${this.server}/oidc/.well-known/openid-configuration`);
    if (!answer.ok) throw new Error(`discovery answered ${answer.status}`);
    return ((await answer.json()) as { token_endpoint: string }).token_endpoint;
  }
}
