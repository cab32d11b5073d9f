import type { JWK } from 'jose';
import type { Context, default as OpenIdProvider, StoredClient } from 'oidc-provider';
import type { Config } from '../../kit/config.ts';
import type { Pool } from '../../kit/pool.ts';
import { oidcAdapter } from './oidc-adapter.ts';
import { errors, Provider } from './oidc-library.ts';
import type { PlatformClient } from './platform-clients.ts';
import { systemScopes } from './scopes.ts';
import { deriveKey } from './seal.ts';

export const consoleClientId = 'hutong-console';
export const tokenSeconds = 600;
/** What a client may sign its assertion with: SMART asks for RS384 and ES384; ES256 and EdDSA are the smaller ones. */
export const assertionAlgorithms = ['ES256', 'ES384', 'RS384', 'EdDSA'];
const longestAssertion = 300;
const leeway = 15;

export const issuerOf = (config: Config): string => `${config.publicUrl}/oidc`;
/** Whom a token is for: an institution's at the exchange, a platform client's at the console's interface. Never both. */
export const audiences = (config: Config) => ({ fhir: `${config.publicUrl}/fhir`, api: `${config.publicUrl}/api` });
export const consoleSecret = (config: Config): string =>
  deriveKey(config.secret, 'console client').toString('base64url');
export const callbackUrl = (config: Config): string => `${config.publicUrl}/login/callback`;

export type ProviderOptions = {
  config: Config;
  pool: Pool;
  keys: JWK[];
  platformClient(clientId: string): Promise<PlatformClient | undefined>;
  /** The key set of a registered institution's client. */
  senderKeys(clientId: string): Promise<object | undefined>;
  isStaff(login: string): Promise<boolean>;
  showError(context: Context, error: string): void;
  onFailure(error: Error): void;
};

/** The OpenID provider inside: the console's logins (code and PKCE) and machine clients' tokens (signed assertion). Nothing else is switched on. */
export function openProvider({
  config,
  pool,
  keys,
  platformClient,
  senderKeys,
  isStaff,
  showError,
  onFailure,
}: ProviderOptions): OpenIdProvider {
  const { fhir, api } = audiences(config);
  const machine = {
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };

  // The platform's own names come first: an institution cannot register a client that shadows one of them.
  async function findClient(clientId: string): Promise<object | undefined> {
    if (clientId === consoleClientId)
      // With an outside issuer the password page inside is closed.
      return config.oidc
        ? undefined
        : {
            client_id: consoleClientId,
            client_secret: consoleSecret(config),
            token_endpoint_auth_method: 'client_secret_basic',
            grant_types: ['authorization_code'],
            response_types: ['code'],
            redirect_uris: [callbackUrl(config)],
          };
    const own = await platformClient(clientId);
    const jwks = own?.jwks ?? (await senderKeys(clientId));
    return jwks && { ...machine, client_id: clientId, jwks };
  }

  const provider = new Provider(issuerOf(config), {
    adapter: oidcAdapter(pool, findClient),
    jwks: { keys },
    cookies: {
      keys: [deriveKey(config.secret, 'provider cookies').toString('base64url')],
      // The provider's own session never leaves its folder; the console has its own.
      long: {
        httpOnly: true,
        sameSite: 'lax',
        signed: true,
        path: '/oidc',
        secure: config.publicUrl.startsWith('https:'),
      },
      short: { httpOnly: true, sameSite: 'lax', signed: true, secure: config.publicUrl.startsWith('https:') },
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        async defaultResource(_context: Context, client: StoredClient) {
          if (client.clientId === consoleClientId) return undefined;
          return (await platformClient(client.clientId)) ? api : fhir;
        },
        async getResourceServerInfo(context: Context, resource: string, client: StoredClient) {
          const own = await platformClient(client.clientId);
          if (client.clientId === consoleClientId || resource !== (own ? api : fhir)) throw new errors.InvalidTarget();
          const asked = typeof context.oidc.params?.scope === 'string' ? context.oidc.params.scope : '';
          const scopes = own ? [] : systemScopes(asked);
          if (asked && !own && scopes.length === 0)
            throw new errors.InvalidScope('none of the scopes is a SMART system scope', asked);
          return {
            audience: resource,
            scope: scopes.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: tokenSeconds,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { clientAuthSigningAlgValues: assertionAlgorithms, idTokenSigningAlgValues: ['ES256'] },
    responseTypes: ['code'],
    scopes: ['openid'],
    pkce: { required: () => true },
    clockTolerance: leeway,
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      ClientCredentials: tokenSeconds,
      Grant: 600,
      IdToken: 300,
      Interaction: 900,
      Session: 600,
    },
    async assertJwtClientAuthClaimsAndHeader(_context: Context, claims: { exp: number }) {
      // SMART App Launch 2.2, Backend Services: "no more than five minutes in the future".
      if (claims.exp > Date.now() / 1000 + longestAssertion + leeway)
        throw new errors.InvalidClientAuth('exp must be at most five minutes away');
    },
    async findAccount(_context: Context, login: string) {
      return (await isStaff(login)) ? { accountId: login, claims: async () => ({ sub: login }) } : undefined;
    },
    // The console is the house's own and needs nobody's consent.
    async loadExistingGrant({ oidc }: Context) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context: Context, interaction: { uid: string }) => `/oidc/interaction/${interaction.uid}` },
    renderError: async (context: Context, out: { error: string }) => showError(context, out.error),
  });
  // Behind our mount every request carries the public host and protocol, whoever forwarded it.
  provider.proxy = true;
  provider.on('server_error', (_context, error) => onFailure(error));
  return provider;
}
