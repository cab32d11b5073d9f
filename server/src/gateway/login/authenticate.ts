import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { type Permission, permissionsOfRole, type Role } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Config } from '../../kit/config.ts';
import type { Authenticate } from '../gateway.ts';
import { readCookie } from './cookies.ts';
import type { PlatformClient } from './platform-clients.ts';
import { audiences, issuerOf } from './provider.ts';
import type { ResidentAccount, Residents } from './residents.ts';
import { permissionsOfScopes } from './scopes.ts';
import { type Sessions, sessionCookie } from './sessions.ts';
import { publicHalf } from './signing-keys.ts';

export type AuthenticateOptions = {
  config: Config;
  keys: JWK[];
  sessions: Sessions;
  directory: Directory;
  residents: Residents;
  /** Resolves when the directory in memory is at most a few seconds old. */
  fresh(): Promise<void>;
  platformClient(clientId: string): Promise<PlatformClient | undefined>;
};

const mostVerified = 5000;

const grants = new WeakMap<JWTPayload, { permissions: Permission[]; scopes: string[] }>();
/** What a token's scopes allow, worked out once: they do not change while it is valid. */
function grantsOf(payload: JWTPayload): { permissions: Permission[]; scopes: string[] } {
  let known = grants.get(payload);
  if (!known) {
    const scopes = typeof payload.scope === 'string' && payload.scope ? payload.scope.split(' ') : [];
    known = { permissions: permissionsOfScopes(scopes), scopes };
    grants.set(payload, known);
  }
  return known;
}

/** Who asks: a bearer token of ours, or the session cookie; both are looked up afresh, so that whoever was dismissed is out within seconds. */
export function openAuthenticate({
  config,
  keys,
  sessions,
  directory,
  residents,
  fresh,
  platformClient,
}: AuthenticateOptions): Authenticate {
  const keySet = createLocalJWKSet({ keys: keys.map(publicHalf) });
  const { fhir, api } = audiences(config);
  // A signature does not turn false: a token seen before costs a look-up. Its end is checked each time.
  const verified = new Map<string, JWTPayload>();

  async function verify(token: string): Promise<JWTPayload | null> {
    const known = verified.get(token);
    if (known) {
      if ((known.exp ?? 0) * 1000 > Date.now()) return known;
      verified.delete(token);
      return null;
    }
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer: issuerOf(config),
        audience: [fhir, api],
        algorithms: ['ES256'],
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'client_id'],
      });
      if (verified.size >= mostVerified) verified.clear();
      verified.set(token, payload);
      return payload;
    } catch {
      return null;
    }
  }

  async function byToken(header: string): ReturnType<Authenticate> {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
    const payload = token ? await verify(token) : null;
    const clientId = payload?.client_id;
    if (!payload || typeof clientId !== 'string') return { refusal: 'HT-ACCESS-005' };
    if (payload.aud === api) {
      const own = await platformClient(clientId);
      return own
        ? {
            caller: {
              kind: 'client',
              id: clientId,
              role: 'client',
              institution: null,
              permissions: own.permissions,
              scopes: [],
            },
          }
        : { refusal: 'HT-ACCESS-005' };
    }
    await fresh();
    const sender = directory.senderByClient(clientId);
    if (!sender || payload.aud !== fhir) return { refusal: 'HT-ACCESS-005' };
    return {
      caller: {
        kind: 'client',
        id: clientId,
        role: 'client',
        institution: sender.institution.id,
        ...grantsOf(payload),
      },
    };
  }

  return async ({ headers, method }) => {
    if (headers.authorization !== undefined) return byToken(headers.authorization);
    const id = readCookie(headers.cookie, sessionCookie);
    const login = id ? await sessions.find(id) : null;
    if (!login) return { caller: null };
    await fresh();
    const staff = directory.staff(login);
    const resident = staff ? null : await residents.find(login);
    if (!staff && !resident) return { caller: null };
    // A header that no foreign page can send without being allowed to (Fetch standard, CORS): the guard against forged requests.
    if (method !== 'GET' && method !== 'HEAD' && headers['x-hutong'] !== '1') return { refusal: 'HT-ACCESS-004' };
    if (!staff)
      return {
        caller: {
          kind: 'resident',
          id: login,
          role: 'resident',
          institution: null,
          permissions: permissionsOfRole.resident,
          scopes: [],
          subject: (resident as ResidentAccount).subject,
        },
      };
    const role = staff.role as Role;
    return {
      caller: {
        kind: 'staff',
        id: login,
        role,
        institution: staff.institution,
        permissions: permissionsOfRole[role] ?? [],
        scopes: [],
      },
    };
  };
}

/** Reads the directory again when what is in memory is older than `maxAge` milliseconds; callers at once share one reading. */
export function freshener(directory: Directory, maxAge: number): () => Promise<void> {
  let read = Date.now();
  let reading: Promise<void> | null = null;
  return () => {
    if (Date.now() - read < maxAge) return Promise.resolve();
    reading ??= directory
      .refresh()
      .then(() => {
        read = Date.now();
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
}
