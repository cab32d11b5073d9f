import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { freshDatabase } from '../../../test/database.ts';
import { testSecret } from '../../../test/secret.ts';
import { type Directory, openDirectory } from '../../core/directory/index.ts';
import { openIdentity } from '../../core/identity/index.ts';
import type { Config } from '../../kit/config.ts';
import { GroupCommitter } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import { openGateway } from '../gateway.ts';
import type { Route } from '../route.ts';
import { type Login, openLogin } from './index.ts';

/** For the tests of this room: a real gateway on a real database with one hospital, three people and somebody to knock. */
export type TestCity = {
  config: Config;
  url: string;
  pool: Pool;
  directory: Directory;
  login: Login;
  hospitalKey: JWK;
  close(): Promise<void>;
};

export const demoAccounts = [
  { login: 'lin', password: 'demo-lin-2026' },
  { login: 'zhao', password: 'demo-zhao-2026' },
  { login: 'gone', password: 'demo-gone-2026' },
];

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export async function keyPair(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

const half = ({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...rest }: JWK): JWK => rest;

export function registration(code: string, clientId: string, keys: JWK[]) {
  return {
    code,
    nameZh: `第${code}医院`,
    nameEn: `Hospital ${code}`,
    tier: 3 as const,
    kind: 'hospital',
    area: '500103',
    senders: [{ protocol: 'fhir' as const, clientId, jwks: { keys: keys.map(half) } }],
  };
}

export async function openTestCity(overrides: Partial<Config> = {}): Promise<TestCity> {
  const database = await freshDatabase();
  const port = overrides.port ?? (await freePort());
  const dataDir = mkdtempSync(join(tmpdir(), 'hutong-login-'));
  const config: Config = {
    port,
    host: '127.0.0.1',
    mllpPort: 0,
    mllpTls: null,
    mllpThreads: 1,
    dataDir,
    databaseUrl: database.url,
    publicUrl: `http://localhost:${port}`,
    demo: true,
    city: false,
    citySize: 100,
    erasureTwoPersons: true,
    secret: testSecret,
    previousSecret: null,
    cipher: 'aes-256-gcm',
    cardKeys: null,
    insuranceUrl: null,
    egress: [],
    egressNetworks: [],
    oidc: null,
    twoPeople: false,
    logLevel: 'silent',
    maxBodyBytes: 1_000_000,
    boundaries: null,
    version: '0',
    ...overrides,
  };
  const directory = await openDirectory(database.pool);
  const hospitalKey = await keyPair('ES256');
  await directory.register([registration('H1', 'h1-system', [hospitalKey])]);
  await directory.registerStaff([
    {
      login: 'lin',
      nameZh: '林医生',
      nameEn: 'Dr Lin',
      role: 'clinician',
      institution: directory.institutionByCode('H1')?.id ?? null,
    },
    { login: 'zhao', nameZh: '赵运维', nameEn: 'Zhao', role: 'operator', institution: null },
    { login: 'gone', nameZh: '离岗者', nameEn: 'Gone', role: 'auditor', institution: null },
  ]);
  const committer = new GroupCommitter(database.pool);
  const identity = openIdentity(database.pool);
  const login = await openLogin({ config, pool: database.pool, directory, identity, committer, demoAccounts });
  // Routes as other rooms have them: one that asks for a permission and shows who came, one that changes something.
  const probes: Route[] = [
    {
      method: 'GET',
      path: '/api/probe',
      permission: 'directory.read',
      summary: 'probe',
      handle: async ({ caller }) => ({ body: caller }),
    },
    {
      method: 'POST',
      path: '/api/probe',
      permission: 'directory.read',
      summary: 'probe',
      handle: async ({ caller }) => ({ body: caller }),
    },
    {
      method: 'POST',
      path: '/hl7v2',
      permission: 'messages.send',
      summary: 'probe',
      takes: 'bytes',
      handle: async ({ caller }) => ({ body: caller }),
    },
    {
      method: 'GET',
      path: '/fhir/probe',
      permission: 'fhir.read',
      impersonal: true,
      face: 'fhir',
      summary: 'probe',
      handle: async ({ caller }) => ({ body: caller }),
    },
    {
      method: 'POST',
      path: '/fhir/probe',
      permission: 'fhir.write',
      impersonal: true,
      face: 'fhir',
      summary: 'probe',
      handle: async ({ caller }) => ({ body: caller }),
    },
    {
      method: 'POST',
      path: '/api/directory/probe',
      permission: 'directory.write',
      summary: 'probe',
      handle: async ({ caller }) => ({ body: caller }),
    },
  ];
  const app = await openGateway({
    config,
    committer,
    routes: [...login.routes, ...probes],
    authenticate: login.authenticate,
    raw: login.raw,
  });
  await app.listen({ port, host: '127.0.0.1' });
  return {
    config,
    url: config.publicUrl,
    pool: database.pool,
    directory,
    login,
    hospitalKey,
    async close() {
      await app.close();
      await login.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A browser as far as a login needs one: cookies by path, redirects one by one, forms. */
export class TestBrowser {
  readonly cookies = new Map<string, { value: string; path: string; text: string }>();
  readonly visited: string[] = [];
  private readonly proxy: { from: string; to: string; headers: Record<string, string> } | null;

  /** @param proxy what a reverse proxy would do: requests for the public address arrive at the server's own */
  constructor(proxy: { from: string; to: string; headers: Record<string, string> } | null = null) {
    this.proxy = proxy;
  }

  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url);
    const cookie = [...this.cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(([key, { value }]) => `${key.split('|')[0]}=${value}`)
      .join('; ');
    const { proxy } = this;
    const response = await fetch(proxy ? url.replace(proxy.from, proxy.to) : url, {
      ...init,
      redirect: 'manual',
      headers: { ...proxy?.headers, ...(cookie && { cookie }), ...(init.headers as Record<string, string>) },
    });
    this.visited.push(url);
    for (const text of response.headers.getSetCookie()) {
      const [first = '', ...attributes] = text.split(';').map((part) => part.trim());
      const [name = '', value = ''] = [first.slice(0, first.indexOf('=')), first.slice(first.indexOf('=') + 1)];
      const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
      if (value === '' || attributes.some((part) => /^max-age=0$/i.test(part))) this.cookies.delete(`${name}|${path}`);
      else this.cookies.set(`${name}|${path}`, { value, path, text });
    }
    return response;
  }

  /** Follows redirects until a page, or until `stop` says so. */
  async go(
    url: string,
    init: RequestInit = {},
    stop: (next: string) => boolean = () => false,
  ): Promise<{ response: Response; url: string }> {
    let response = await this.request(url, init);
    let here = url;
    for (let hops = 0; hops < 12; hops++) {
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) break;
      here = new URL(location, here).href;
      if (stop(here)) break;
      response = await this.request(here);
    }
    return { response, url: here };
  }

  /** Opens the login and sends the form; ends where the browser would stand. */
  async logIn(
    city: { url: string },
    login: string,
    password: string,
    query = '',
  ): Promise<{ response: Response; url: string }> {
    const page = await this.go(`${city.url}/login${query}`);
    return this.send(page.url, { login, password });
  }

  send(
    page: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ response: Response; url: string }> {
    return this.go(page, { method: 'POST', body: new URLSearchParams(fields), headers });
  }
}

export const now = (): number => Math.floor(Date.now() / 1000);

export async function assertion(
  city: { url: string },
  clientId: string,
  key: JWK,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const { importJWK } = await import('jose');
  return new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: `${city.url}/oidc/token`,
    jti: crypto.randomUUID(),
    iat: now(),
    exp: now() + 120,
    ...claims,
  })
    .setProtectedHeader({ alg: key.alg ?? 'ES256', kid: key.kid, typ: 'JWT', ...header } as never)
    .sign(await importJWK(key, key.alg));
}

export async function askToken(
  city: { url: string },
  clientAssertion: string,
  extra: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${city.url}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion,
      ...extra,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
