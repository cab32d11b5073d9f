import { readFileSync, statSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askToken, assertion, keyPair, now, openTestCity, registration, type TestCity } from './test-city.ts';

let city: TestCity;
beforeAll(async () => {
  city = await openTestCity();
});
afterAll(() => city.close());

const tokenFor = async (scope?: string, clientId = 'h1-system', key: JWK = city.hospitalKey): Promise<string> => {
  const { status, body } = await askToken(
    city,
    await assertion(city, clientId, key),
    scope === undefined ? {} : { scope },
  );
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
  expect(status).toBe(200);
  return String(body.access_token);
};
const call = (path: string, token: string, method = 'GET') =>
  fetch(`${city.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
const refusal = async (path: string, token: string): Promise<unknown> =>
  ((await (await call(path, token)).json()) as { code: string }).code;

describe('tokens of hospitals', () => {
  it('are given for a signed assertion and open what their scopes cover', async () => {
    const token = await tokenFor('system/*.cruds');
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(token)).toMatchObject({
      iss: `${city.url}/oidc`,
      aud: `${city.url}/fhir`,
      client_id: 'h1-system',
      scope: 'system/*.cruds',
    });
    const answer = await call('/fhir/probe', token);
    expect(await answer.json()).toEqual({
      kind: 'client',
      id: 'h1-system',
      role: 'client',
      institution: city.directory.institutionByCode('H1')?.id,
      permissions: ['fhir.read', 'fhir.write', 'codes.scan', 'codes.serve', 'messages.send'],
      scopes: ['system/*.cruds'],
    });
  });

  it('carry only SMART system scopes, in the words of version 1 and 2', async () => {
    const token = await tokenFor(
      'system/Observation.rs system/Patient.write openid user/*.read system/*.xyz system/Condition.',
    );
    expect(decodeJwt(token).scope).toBe('system/Observation.rs system/Patient.write');
    const { status, body } = await askToken(city, await assertion(city, 'h1-system', city.hospitalKey), {
      scope: 'user/*.read launch',
    });
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
  });

  it('give reading for r and s, writing for c, u and d, and sending messages to every registered sender', async () => {
    const open = async (token: string) => [
      (await call('/fhir/probe', token)).status,
      (await call('/fhir/probe', token, 'POST')).status,
      (await call('/hl7v2', token, 'POST')).status,
    ];
    expect(await open(await tokenFor('system/Observation.rs'))).toEqual([200, 403, 200]);
    expect(await open(await tokenFor('system/*.c'))).toEqual([403, 200, 200]);
    expect(await open(await tokenFor())).toEqual([403, 403, 200]);
  });

  it('work at once for an institution that was registered a moment ago, with each algorithm', async () => {
    for (const alg of ['ES256', 'ES384', 'RS384', 'EdDSA']) {
      const key = await keyPair(alg);
      await city.directory.register([registration(`N-${alg}`, `new-${alg}`, [key])]);
      expect((await call('/hl7v2', await tokenFor(undefined, `new-${alg}`, key), 'POST')).status, alg).toBe(200);
    }
  });

  it('stop working when the client is taken out of the directory', async () => {
    const key = await keyPair('ES256');
    await city.directory.register([registration('GONE', 'gone-system', [key])]);
    const token = await tokenFor(undefined, 'gone-system', key);
    expect((await call('/hl7v2', token, 'POST')).status).toBe(200);
    await city.directory.register([{ ...registration('GONE', 'x', []), senders: [] }]);
    expect((await call('/hl7v2', token, 'POST')).status).toBe(401);
    expect((await askToken(city, await assertion(city, 'gone-system', key))).status).toBe(401);
  });

  it('are refused for every assertion that does not hold', async () => {
    const other = await keyPair('ES256');
    const bad: Record<string, string> = {
      'a key that is not registered': await assertion(city, 'h1-system', other),
      'somebody else’s kid': await assertion(city, 'h1-system', { ...other, kid: city.hospitalKey.kid as string }),
      'another audience': await assertion(city, 'h1-system', city.hospitalKey, { aud: 'https://evil.example/token' }),
      expired: await assertion(city, 'h1-system', city.hospitalKey, { exp: now() - 60 }),
      'too long a life': await assertion(city, 'h1-system', city.hospitalKey, { exp: now() + 3600 }),
      'not yet': await assertion(city, 'h1-system', city.hospitalKey, { nbf: now() + 600 }),
      'another issuer': await assertion(city, 'h1-system', city.hospitalKey, { iss: 'h2-system' }),
      'an unknown client': await assertion(city, 'h9-system', city.hospitalKey),
      'no id': await assertion(city, 'h1-system', city.hospitalKey, { jti: undefined }),
      'no end': await assertion(city, 'h1-system', city.hospitalKey, { exp: undefined }),
      'no signature': new UnsecuredJWT({
        iss: 'h1-system',
        sub: 'h1-system',
        aud: `${city.url}/oidc/token`,
        jti: 'x',
        exp: now() + 60,
      }).encode(),
      'the public key as a secret': await new SignJWT({
        iss: 'h1-system',
        sub: 'h1-system',
        aud: `${city.url}/oidc/token`,
        jti: 'y',
        exp: now() + 60,
      })
        .setProtectedHeader({ alg: 'HS256', kid: city.hospitalKey.kid as string })
        .sign(Buffer.from(JSON.stringify({ x: city.hospitalKey.x, y: city.hospitalKey.y }))),
    };
    for (const [why, text] of Object.entries(bad)) {
      const { status, body } = await askToken(city, text);
      expect([why, status, body.error]).toEqual([why, 401, 'invalid_client']);
    }
  });

  it('are given once for an assertion, also when it is replayed in the same moment', async () => {
    const once = await assertion(city, 'h1-system', city.hospitalKey);
    const answers = await Promise.all(Array.from({ length: 8 }, () => askToken(city, once)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)]);
    expect((await askToken(city, once)).status).toBe(401);
  });

  it('take the issuer as the assertion’s audience as well, and no other resource', async () => {
    expect(
      (await askToken(city, await assertion(city, 'h1-system', city.hospitalKey, { aud: `${city.url}/oidc` }))).status,
    ).toBe(200);
    for (const resource of ['https://evil.example/fhir', `${city.url}/api`]) {
      const { status, body } = await askToken(city, await assertion(city, 'h1-system', city.hospitalKey), { resource });
      expect([status, body.error]).toEqual([400, 'invalid_target']);
    }
  });

  it('are never given to a client of the code flow, nor codes to a machine', async () => {
    const basic = `Basic ${Buffer.from('hutong-console:guess').toString('base64')}`;
    const answer = await fetch(`${city.url}/oidc/token`, {
      method: 'POST',
      headers: { authorization: basic },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(401);
    const page = await fetch(
      `${city.url}/oidc/auth?client_id=h1-system&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(city.url)}`,
      { redirect: 'manual' },
    );
    expect(page.status).toBe(400);
  });
});

describe('a bearer token at the gateway', () => {
  const claims = (changes: Record<string, unknown> = {}) => ({
    iss: `${city.url}/oidc`,
    aud: `${city.url}/fhir`,
    sub: 'h1-system',
    client_id: 'h1-system',
    jti: 'j',
    iat: now(),
    exp: now() + 600,
    scope: 'system/*.cruds',
    ...changes,
  });
  const ourKey = async (): Promise<JWK> => {
    const { signingKeys } = await import('./signing-keys.ts');
    return (await signingKeys(city.pool, city.config.secret))[0] as JWK;
  };
  const signed = async (key: JWK, changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
    new SignJWT(claims(changes))
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...header } as never)
      .sign(await importJWK(key, 'ES256'));

  it('is believed only when signed by us, for us, now, as an access token', async () => {
    const key = await ourKey();
    const other = await keyPair('ES256');
    // The same way of making it, unchanged, is let in: the refusals below are about what was changed.
    expect((await call('/fhir/probe', await signed(key))).status).toBe(200);
    const bad: Record<string, string> = {
      'another key': await signed(other),
      'another key under our kid': await signed({ ...other, kid: key.kid as string }),
      'our key under another kid': await signed(key, {}, { kid: 'somebody' }),
      'another audience': await signed(key, { aud: 'https://elsewhere.example/fhir' }),
      'the console as audience': await signed(key, { aud: 'hutong-console' }),
      'a platform audience for a hospital': await signed(key, { aud: `${city.url}/api` }),
      'both audiences': await signed(key, { aud: [`${city.url}/fhir`, `${city.url}/api`] }),
      'another issuer': await signed(key, { iss: 'https://elsewhere.example' }),
      expired: await signed(key, { exp: now() - 1 }),
      'no end': await signed(key, { exp: undefined }),
      'not yet': await signed(key, { nbf: now() + 60 }),
      'an id token': await signed(key, {}, { typ: 'JWT' }),
      'an unknown client': await signed(key, { client_id: 'h9-system' }),
      'no client': await signed(key, { client_id: undefined }),
      'no signature': new UnsecuredJWT(claims()).encode(),
      'alg none in the header': `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.x`,
      'a changed claim': (await signed(key, { client_id: 'h1-system' })).replace(
        /\.([\w-]+)\./,
        (_, body: string) =>
          `.${Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), client_id: 'operator', aud: `${city.url}/api` })).toString('base64url')}.`,
      ),
      nonsense: 'a.b.c',
    };
    for (const [why, token] of Object.entries(bad))
      expect([why, await refusal('/api/probe', token)]).toEqual([why, 'HT-ACCESS-005']);
  });

  it('ends on time although its signature was seen before', async () => {
    const token = await signed(await ourKey(), { exp: now() + 2 });
    expect((await call('/fhir/probe', token)).status).toBe(200);
    await new Promise((done) => setTimeout(done, 2200));
    expect((await call('/fhir/probe', token)).status).toBe(401);
  });

  it('needs to be a bearer token, and a cookie does not help it', async () => {
    const answer = await fetch(`${city.url}/api/probe`, { headers: { authorization: 'Basic aGk6aGk=' } });
    expect(answer.status).toBe(401);
  });
});

describe('the operator’s client', () => {
  it('has its key in the data folder for its owner alone, and may register institutions', async () => {
    const file = city.login.operatorKeyFile ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = JSON.parse(readFileSync(file, 'utf8')) as JWK;
    const token = await tokenFor(undefined, 'operator', key);
    expect(decodeJwt(token)).toMatchObject({ aud: `${city.url}/api` });
    const answer = await call('/api/directory/probe', token, 'POST');
    expect(await answer.json()).toMatchObject({
      kind: 'client',
      id: 'operator',
      institution: null,
      permissions: expect.arrayContaining(['directory.write', 'operations.read']),
    });
    expect((await call('/fhir/probe', token)).status).toBe(403);
    const { rows } = await city.pool.query<{ jwks: { keys: JWK[] } }>(
      "select jwks from gateway.client where client_id = 'operator'",
    );
    expect(rows[0]?.jwks.keys[0]).not.toHaveProperty('d');
  });

  it('cannot be shadowed by an institution that registers a client of the same name', async () => {
    const key = await keyPair('ES256');
    await city.directory.register([registration('EVIL', 'operator', [key])]);
    expect((await askToken(city, await assertion(city, 'operator', key))).status).toBe(401);
  });
});

describe('discovery', () => {
  it('says where the provider is, under every name the specifications give it', async () => {
    for (const path of ['/oidc/.well-known/openid-configuration', '/.well-known/oauth-authorization-server/oidc']) {
      const found = (await (await fetch(`${city.url}${path}`)).json()) as Record<string, unknown>;
      expect(found).toMatchObject({
        issuer: `${city.url}/oidc`,
        token_endpoint: `${city.url}/oidc/token`,
        authorization_endpoint: `${city.url}/oidc/auth`,
        jwks_uri: `${city.url}/oidc/jwks`,
      });
    }
  });

  it('writes the public address whatever host a request names', async () => {
    const { request } = await import('node:http');
    const text = await new Promise<string>((done, fail) => {
      request(
        {
          host: '127.0.0.1',
          port: city.config.port,
          path: '/oidc/.well-known/openid-configuration',
          headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
        },
        (response) => {
          let body = '';
          response
            .on('data', (part) => {
              body += part;
            })
            .on('end', () => done(body));
        },
      )
        .on('error', fail)
        .end();
    });
    expect(text).not.toContain('evil.example');
  });

  it('shows only the public half of the keys', async () => {
    const { keys } = (await (await fetch(`${city.url}/oidc/jwks`)).json()) as { keys: JWK[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('promises with SMART what the token endpoint keeps', async () => {
    const smart = (await (await fetch(`${city.url}/fhir/.well-known/smart-configuration`)).json()) as Record<
      string,
      string[]
    >;
    expect(smart.token_endpoint).toBe(`${city.url}/oidc/token`);
    expect(smart.capabilities).toEqual(['client-confidential-asymmetric', 'permission-v1', 'permission-v2']);
    for (const scope of smart.scopes_supported ?? []) expect(decodeJwt(await tokenFor(scope)).scope).toBe(scope);
  });
});
