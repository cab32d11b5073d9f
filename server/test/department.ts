import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { registerPlatformClient } from '../src/gateway/login/platform-clients.ts';
import type { TestPlatform } from './platform.ts';

/** Sends counts under its agreement. */
export type Department = (items: object[]) => Promise<Response>;

/** The token of a department's system: a key of its own, a signed assertion, and only the permission to submit. */
export async function departmentToken(platform: TestPlatform, clientId: string): Promise<string | undefined> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  await registerPlatformClient(platform.pool, {
    clientId,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] },
    permissions: ['surveillance.submit'],
  });
  const ask = async (): Promise<string | undefined> => {
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`${platform.base}/oidc`)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(privateKey);
    const answer = await fetch(`${platform.base}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    return ((await answer.json()) as { access_token?: string }).access_token;
  };
  // Registered clients are read anew every three seconds.
  let token = await ask();
  for (let tries = 0; !token && tries < 40; tries++) {
    await new Promise((done) => setTimeout(done, 300));
    token = await ask();
  }
  return token;
}

export async function departmentOf(platform: TestPlatform, clientId: string, agreement: string): Promise<Department> {
  const token = await departmentToken(platform, clientId);
  return (items) =>
    fetch(`${platform.base}/api/surveillance/counts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ agreement, items }),
    });
}
