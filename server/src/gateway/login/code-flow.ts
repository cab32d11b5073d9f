import { createHash, randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import { ok, type Result, refuse } from '../../kit/result.ts';
import { readCookie, writeCookie } from './cookies.ts';
import type { Issuer } from './issuer.ts';
import { localPath } from './local-path.ts';
import { seal, unseal } from './seal.ts';

/** Authorization code flow with PKCE (RFC 9700 section 2.1), the same for the issuer inside and one outside. */
export type CodeFlow = { key: Buffer; callback: string; secure: boolean };

type Begun = { state: string; nonce: string; verifier: string; to: string; until: number };
const minutesToLogIn = 15;
const token = (): string => randomBytes(32).toString('base64url');
/** A cookie for each login under way, so that two tabs do not spoil each other. */
const cookieName = (state: string): string => `hutong_login_${state.slice(0, 8)}`;

export function begin(
  flow: CodeFlow,
  issuer: Issuer,
  wish: { as?: string | undefined; to?: string | undefined; language?: string | undefined },
): { location: string; cookie: string } {
  const begun: Begun = {
    state: token(),
    nonce: token(),
    verifier: token(),
    to: localPath(wish.to),
    until: Date.now() + minutesToLogIn * 60_000,
  };
  const url = new URL(issuer.authorizationEndpoint);
  const parameters = {
    client_id: issuer.clientId,
    response_type: 'code',
    scope: issuer.kind === 'inside' ? 'openid' : 'openid profile',
    redirect_uri: flow.callback,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: createHash('sha256').update(begun.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(wish.as && { login_hint: wish.as }),
    ...(wish.language && { ui_locales: wish.language }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const value = seal(flow.key, JSON.stringify(begun), 'login under way').toString('base64url');
  return {
    location: url.href,
    cookie: writeCookie(cookieName(begun.state), value, {
      path: '/login',
      secure: flow.secure,
      seconds: minutesToLogIn * 60,
    }),
  };
}

/** 'expired': begun too long ago, elsewhere, or never. 'denied': the issuer says no. 'invalid': its answer does not hold. 'away': it does not answer. */
export type FlowError = 'expired' | 'denied' | 'invalid' | 'away';

export async function finish(
  flow: CodeFlow,
  issuer: Issuer,
  query: Record<string, string | undefined>,
  cookies: string | undefined,
): Promise<Result<{ login: string; to: string }, FlowError>> {
  const { state, code, error, iss } = query;
  const sealed = state && /^[\w-]{43}$/.test(state) ? readCookie(cookies, cookieName(state)) : undefined;
  const text = sealed && unseal(flow.key, Buffer.from(sealed, 'base64url'), 'login under way');
  const begun = text ? (JSON.parse(text) as Begun) : null;
  if (!begun || begun.state !== state || begun.until < Date.now()) return refuse('expired');
  // RFC 9207: an answer that names another issuer was meant for another login.
  if (iss !== undefined && iss !== issuer.issuer) return refuse('invalid');
  if (error) return refuse('denied');
  if (!code) return refuse('invalid');
  const answer = await redeem(flow, issuer, code, begun.verifier);
  if (!answer.ok) return answer;
  try {
    const { payload } = await jwtVerify(answer.value, issuer.keys, {
      issuer: issuer.issuer,
      audience: issuer.clientId,
      algorithms: issuer.algorithms,
      clockTolerance: 15,
      requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
    });
    // OpenID Connect Core 3.1.3.7: with several audiences the one it was issued to must be us.
    const ours =
      payload.azp === undefined
        ? !Array.isArray(payload.aud) || payload.aud.length === 1
        : payload.azp === issuer.clientId;
    if (!ours || payload.nonce !== begun.nonce) return refuse('invalid');
    const login =
      typeof payload.preferred_username === 'string' && payload.preferred_username
        ? payload.preferred_username
        : payload.sub;
    return login ? ok({ login, to: begun.to }) : refuse('invalid');
  } catch (cause) {
    // A key set that could not be fetched is the issuer's absence, everything else is the token's fault.
    return refuse(
      (cause as { code?: string }).code === 'ERR_JWKS_TIMEOUT' || cause instanceof TypeError ? 'away' : 'invalid',
    );
  }
}

async function redeem(
  flow: CodeFlow,
  issuer: Issuer,
  code: string,
  verifier: string,
): Promise<Result<string, FlowError>> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: flow.callback,
    code_verifier: verifier,
  });
  const headers: Record<string, string> = { accept: 'application/json' };
  if (issuer.secretIn === 'header' && issuer.clientSecret)
    // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
    headers.authorization = `Basic ${Buffer.from([issuer.clientId, issuer.clientSecret].map(encodeURIComponent).join(':')).toString('base64')}`;
  else {
    body.set('client_id', issuer.clientId);
    if (issuer.clientSecret) body.set('client_secret', issuer.clientSecret);
  }
  let response: Response;
  let answer: { id_token?: unknown };
  try {
    response = await fetch(issuer.tokenEndpoint, {
      method: 'POST',
      body,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    answer = (await response.json()) as { id_token?: unknown };
  } catch {
    return refuse('away');
  }
  if (response.status >= 500) return refuse('away');
  return response.ok && typeof answer?.id_token === 'string' ? ok(answer.id_token) : refuse('invalid');
}
