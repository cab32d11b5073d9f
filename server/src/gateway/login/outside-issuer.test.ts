import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Provider } from './oidc-library.ts';
import { freePort, keyPair, openTestCity, TestBrowser, type TestCity } from './test-city.ts';

/** A second provider, as a commission's own would be: another process's port, its own keys, its own accounts. */
let outside: {
  url: string;
  server: Server;
  who: Record<string, unknown>;
  change: ((path: string, body: string) => string) | null;
};
let city: TestCity;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const cityPort = await freePort();
  const client = {
    client_id: 'hutong',
    client_secret: 'the outside secret',
    redirect_uris: [`http://localhost:${cityPort}/login/callback`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
  };
  const provider = new Provider(url, {
    clients: [client],
    jwks: { keys: [await keyPair('ES256')] },
    cookies: { keys: ['x'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/enter/${uid}` },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...outside.who }) }),
    async loadExistingGrant({
      oidc,
    }: {
      oidc: { provider: typeof provider; client: { clientId: string }; session: { accountId: string } };
    }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/enter/'))
      return void provider.interactionFinished(request, response, { login: { accountId: 'subject-77' } });
    // Lets a test play a dishonest issuer: what the provider answers is changed on its way out.
    const { change } = outside;
    if (change) {
      const end = response.end.bind(response);
      response.end = ((body?: unknown, ...rest: never[]) => {
        if (typeof body !== 'string' && !Buffer.isBuffer(body)) return end(body as never, ...rest);
        const text = change(request.url ?? '', body.toString());
        response.setHeader('content-length', Buffer.byteLength(text));
        return end(text as never);
      }) as never;
    }
    void callback(request, response);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  outside = { url, server, who: { preferred_username: 'lin' }, change: null };
  city = await openTestCity({
    port: cityPort,
    publicUrl: `http://localhost:${cityPort}`,
    oidc: { issuer: url, clientId: 'hutong', clientSecret: 'the outside secret' },
  });
});
afterAll(async () => {
  outside.server.close();
  await city.close();
});
afterEach(() => Object.assign(outside, { who: { preferred_username: 'lin' }, change: null }));

const enter = () => {
  const browser = new TestBrowser();
  return browser.go(`${city.url}/login?to=/inbox`).then((end) => ({ ...end, browser }));
};

describe('an issuer outside', () => {
  it('logs in whom the staff directory knows', async () => {
    const { url, browser } = await enter();
    expect(browser.visited.some((address) => address.startsWith(`${outside.url}/auth`))).toBe(true);
    expect(url).toBe(`${city.url}/inbox`);
    expect(await (await browser.request(`${city.url}/api/session`)).json()).toMatchObject({
      id: 'lin',
      role: 'clinician',
    });
    const { rows } = await city.pool.query("select agent, ground from audit.entry where action = 'login'");
    expect(rows).toContainEqual({ agent: 'staff lin', ground: 'outside issuer' });
  });

  it('falls back on the subject when no preferred_username is given', async () => {
    outside.who = {};
    const end = await enter();
    expect(end.response.status).toBe(403);
    await city.directory.registerStaff([
      { login: 'subject-77', nameZh: '柒', nameEn: 'Seven', role: 'auditor', institution: null },
    ]);
    expect((await enter()).url).toBe(`${city.url}/inbox`);
  });

  it('does not let in whom the directory does not know, and says what to do', async () => {
    outside.who = { preferred_username: 'stranger' };
    const { response, browser } = await enter();
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('人员目录');
    expect((await browser.request(`${city.url}/api/session`)).status).toBe(401);
    const { rows } = await city.pool.query("select agent, what from audit.entry where action = 'refused'");
    expect(rows).toContainEqual({ agent: 'nobody', what: 'console session' });
    expect(JSON.stringify(rows)).not.toContain('stranger');
  });

  it('is not believed when the id token was changed on its way', async () => {
    const forge =
      (edit: (header: Record<string, unknown>, payload: Record<string, unknown>) => void) =>
      (path: string, body: string) => {
        if (path !== '/token') return body;
        const answer = JSON.parse(body) as { id_token: string };
        const [header, payload, signature] = answer.id_token
          .split('.')
          .map((part, index) => (index < 2 ? JSON.parse(Buffer.from(part, 'base64url').toString()) : part));
        edit(header, payload);
        const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
        return JSON.stringify({
          ...answer,
          id_token: `${part(header)}.${part(payload)}.${header.alg === 'none' ? '' : signature}`,
        });
      };
    // Nothing changed: the way of changing itself does no harm.
    outside.change = forge(() => {});
    expect((await enter()).url).toBe(`${city.url}/inbox`);
    for (const edit of [
      (_: Record<string, unknown>, payload: Record<string, unknown>) => {
        payload.preferred_username = 'zhao';
      },
      (header: Record<string, unknown>) => {
        header.alg = 'none';
      },
      (_: Record<string, unknown>, payload: Record<string, unknown>) => {
        payload.nonce = 'another';
      },
    ]) {
      outside.change = forge(edit);
      expect((await enter()).response.status).toBe(400);
    }
  });

  it('closes the password page inside', async () => {
    const query = new URLSearchParams({
      client_id: 'hutong-console',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${city.url}/login/callback`,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    expect((await fetch(`${city.url}/oidc/auth?${query}`, { redirect: 'manual' })).status).toBe(400);
  });

  it('that is away is said to be away', async () => {
    await new Promise((done) => {
      outside.server.close(done);
      outside.server.closeAllConnections();
    });
    const port = await freePort();
    const alone = await openTestCity({
      oidc: { issuer: `http://localhost:${port}`, clientId: 'hutong', clientSecret: 's' },
    });
    const { response } = await new TestBrowser().go(`${alone.url}/login?lang=en`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('does not answer');
    await alone.close();
  });
});
