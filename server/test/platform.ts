import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { Registration } from '../src/core/directory/index.ts';
import { readConfig } from '../src/kit/config.ts';
import { openPlatform, type Platform } from '../src/open-platform.ts';
import { freshDatabase } from './database.ts';
import { testSecret } from './secret.ts';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** A hospital's system: its institution, and a token that is fetched anew when it runs out. */
export type Hospital = {
  code: string;
  clientId: string;
  facility: string;
  token(): Promise<string>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
};

export type TestPlatform = Platform & {
  base: string;
  dataDir: string;
  /** Registers an institution with every protocol and a key of its own, through the real interface. */
  hospital(code: string, more?: Partial<Registration>): Promise<Hospital>;
  /** Logs a demo person in by the real login pages; the cookie goes with every request. */
  staff(login: string): Promise<(path: string, init?: RequestInit) => Promise<Response>>;
  close(): Promise<void>;
};

export async function clientToken(base: string, clientId: string, jwk: JWK, scope: string): Promise<string> {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', ...(jwk.kid && { kid: jwk.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(`${base}/oidc`)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('2m')
    .sign(await importJWK(jwk, 'ES256'));
  const response = await fetch(`${base}/oidc/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  const body = (await response.json()) as { access_token?: string };
  if (!body.access_token) throw new Error(`no token for ${clientId}: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

/** The whole server on a database of its own, listening on free ports of 127.0.0.1, in demo mode but without the city. */
export async function testPlatform(
  options: { database?: { url: string; drop(): Promise<void> }; env?: Record<string, string> } = {},
): Promise<TestPlatform> {
  const database = options.database ?? (await freshDatabase());
  const folder = mkdtempSync(join(tmpdir(), 'hutong-platform-'));
  const port = await freePort();
  const config = readConfig(
    [],
    {
      PORT: String(port),
      MLLP_PORT: '0',
      MLLP_THREADS: '1',
      HUTONG_DATA: folder,
      HUTONG_DEMO: 'yes',
      LOG_LEVEL: 'error',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...options.env,
    },
    () => testSecret,
  );
  const platform = await openPlatform(config, database.url);
  const base = `http://127.0.0.1:${platform.port}`;
  const operatorKey = JSON.parse(readFileSync(platform.operatorKeyFile as string, 'utf8')) as JWK;
  return {
    ...platform,
    base,
    dataDir: folder,
    async hospital(code, more = {}) {
      const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
      const kid = randomUUID();
      const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'ES256' };
      const clientId = `client-${code}`;
      const facility = `FAC-${code}`;
      const registration: Registration = {
        code,
        nameZh: `测试医院${code}`,
        nameEn: `Test hospital ${code}`,
        tier: 2,
        kind: 'hospital',
        area: '500112',
        senders: [
          { protocol: 'hl7v2-mllp', application: '', facility },
          {
            protocol: 'fhir',
            clientId,
            jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] },
          },
        ],
        ...more,
      };
      const registered = await fetch(`${base}/api/directory/institutions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await clientToken(base, 'operator', operatorKey, '')}`,
        },
        body: JSON.stringify({ institutions: [registration] }),
      });
      if (registered.status !== 200)
        throw new Error(`registration failed: ${registered.status} ${await registered.text()}`);
      let token: Promise<string> | null = null;
      const hospital: Hospital = {
        code,
        clientId,
        facility,
        token: () => (token ??= clientToken(base, clientId, jwk, 'system/*.cruds')),
        fetch: async (path, init = {}) =>
          fetch(`${base}${path}`, {
            ...init,
            headers: { ...init.headers, authorization: `Bearer ${await hospital.token()}` },
          }),
      };
      return hospital;
    },
    async staff(login) {
      const { loginAs } = await import('./login-as.ts');
      return loginAs(base, login);
    },
    async close() {
      await platform.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
