import { createLocalJWKSet, createRemoteJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { Config } from '../../kit/config.ts';
import { consoleClientId, consoleSecret, issuerOf } from './provider.ts';
import { publicHalf } from './signing-keys.ts';

/** Whoever says who somebody is: the provider inside or one outside. The login treats both alike. */
export type Issuer = {
  kind: 'inside' | 'outside';
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  keys: JWTVerifyGetKey;
  algorithms: string[];
  clientId: string;
  clientSecret: string;
  secretIn: 'header' | 'body';
};

export function insideIssuer(config: Config, keys: JWK[]): Issuer {
  // The public address may lead out through a proxy that this server cannot reach itself.
  const host = ['0.0.0.0', '::', ''].includes(config.host) ? '127.0.0.1' : config.host;
  return {
    kind: 'inside',
    issuer: issuerOf(config),
    authorizationEndpoint: `${issuerOf(config)}/auth`,
    tokenEndpoint: `http://${host.includes(':') ? `[${host}]` : host}:${config.port}/oidc/token`,
    keys: createLocalJWKSet({ keys: keys.map(publicHalf) }),
    algorithms: ['ES256'],
    clientId: consoleClientId,
    clientSecret: consoleSecret(config),
    secretIn: 'header',
  };
}

const discoveredFor = 3_600_000;

/**
 * Discovery (OpenID Connect Discovery 1.0 section 4), read at the first login and again each hour: an issuer that is away
 * when the server starts does not stop it.
 * @throws when the issuer does not answer, or answers for somebody else
 */
export function outsideIssuer(oidc: NonNullable<Config['oidc']>): () => Promise<Issuer> {
  let kept: { issuer: Issuer; until: number } | null = null;
  return async () => {
    if (kept && kept.until > Date.now()) return kept.issuer;
    const response = await fetch(`${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(10_000),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`discovery answered ${response.status}`);
    const found = (await response.json()) as Record<string, unknown>;
    const address = (name: string): string => {
      const url = String(found[name] ?? '');
      const protocol = URL.parse(url)?.protocol;
      if (protocol !== 'https:' && !(protocol === 'http:' && oidc.issuer.startsWith('http:')))
        throw new Error(`discovery names no usable ${name}`);
      return url;
    };
    // Section 4.3: anything else would let one issuer speak for another.
    if (found.issuer !== oidc.issuer) throw new Error('discovery answered for another issuer');
    const methods = Array.isArray(found.token_endpoint_auth_methods_supported)
      ? found.token_endpoint_auth_methods_supported
      : ['client_secret_basic'];
    const issuer: Issuer = {
      kind: 'outside',
      issuer: oidc.issuer,
      authorizationEndpoint: address('authorization_endpoint'),
      tokenEndpoint: address('token_endpoint'),
      keys: createRemoteJWKSet(new URL(address('jwks_uri')), { timeoutDuration: 10_000 }),
      // Public-key signatures only: with HS256 whoever knows the client secret could write id tokens.
      algorithms: ['ES256', 'ES384', 'RS256', 'RS384', 'PS256', 'EdDSA'],
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      secretIn: methods.includes('client_secret_basic') ? 'header' : 'body',
    };
    kept = { issuer, until: Date.now() + discoveredFor };
    return issuer;
  };
}
