import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { Submission } from './submissions.ts';

/** What became of one request. `rules` counts the reasons of what was held. */
export type Answer = {
  taken: number;
  again: number;
  held: number;
  refused: number;
  rules: string[];
  /** Of a table, each row by itself. */
  rows: { row: number; outcome: string; message: string; rules: string[] }[];
};

export type Sender = { send(submission: Submission): Promise<Answer> };

type SenderOptions = { server: string; institution: string; keys: string; operatorKey: string };

async function token(
  server: string,
  clientId: string,
  jwk: JWK,
  scope: string,
): Promise<{ value: string; until: number }> {
  const discovery = (await (await fetch(`${server}/oidc/.well-known/openid-configuration`)).json()) as {
    issuer: string;
  };
  const alg = jwk.alg ?? 'ES256';
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg, ...(jwk.kid && { kid: jwk.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(discovery.issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('2m')
    .sign(await importJWK(jwk, alg));
  const response = await fetch(`${server}/oidc/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  const body = (await response.json()) as { access_token?: string; expires_in?: number; error_description?: string };
  if (!body.access_token)
    throw new Error(`The platform gave no token (${response.status} ${body.error_description ?? ''})`);
  return { value: body.access_token, until: Date.now() + ((body.expires_in ?? 600) - 60) * 1000 };
}

/** The institution on whose behalf files are loaded. It is registered once, with a key of its own; an existing one is never changed. */
async function register({
  server,
  institution,
  keys,
  operatorKey,
}: SenderOptions): Promise<{ clientId: string; jwk: JWK }> {
  const file = join(keys, `loader-${institution}.jwk.json`);
  const clientId = `loader-${institution}`;
  if (existsSync(file)) return { clientId, jwk: JSON.parse(readFileSync(file, 'utf8')) as JWK };
  if (!existsSync(operatorKey))
    throw new Error(`No key for ${institution} and no operator key at ${operatorKey}; give --operator-key FILE`);
  const operator = await token(server, 'operator', JSON.parse(readFileSync(operatorKey, 'utf8')) as JWK, '');
  const authorization = { authorization: `Bearer ${operator.value}` };
  const known = (await (
    await fetch(`${server}/api/directory/institutions?q=${encodeURIComponent(institution)}`, { headers: authorization })
  ).json()) as { items: { code: string }[] };
  if (known.items.some(({ code }) => code === institution))
    throw new Error(
      `${institution} is registered already, and its key is not at ${file}; choose another --institution`,
    );
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = randomUUID();
  const response = await fetch(`${server}/api/directory/institutions`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      institutions: [
        {
          code: institution,
          nameZh: `批量导入（${institution}）`,
          nameEn: `Bulk load (${institution})`,
          tier: 1,
          kind: 'laboratory',
          area: '500112',
          senders: [
            {
              protocol: 'fhir',
              clientId,
              jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] },
            },
          ],
        },
      ],
    }),
  });
  if (response.status !== 200)
    throw new Error(`The platform did not register ${institution}: ${response.status} ${await response.text()}`);
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'ES256' };
  mkdirSync(keys, { recursive: true });
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  return { clientId, jwk };
}

const one = (outcome: keyof Omit<Answer, 'rules' | 'rows'>, items: number, rules: string[] = []): Answer => ({
  taken: 0,
  again: 0,
  held: 0,
  refused: 0,
  [outcome]: items,
  rules,
  rows: [],
});
const issueRules = (issues: { severity?: string; rule?: string }[] | undefined): string[] =>
  (issues ?? []).filter(({ severity }) => severity === 'error').map(({ rule }) => rule ?? 'unknown');

function judge({ path, items }: Submission, status: number, text: string, outcome: string | null): Answer {
  if (path === '/hl7v2' && outcome === 'again') return one('again', items);
  if (path === '/hl7v2') {
    const code = /MSA\|(\w\w)/.exec(text)?.[1];
    const rule = /^ERR\|(?:[^|]*\|){2}(\d+)\^?([^|^]*)/m.exec(text);
    // A message that asks for an accept acknowledgement (MSH-15) is answered CA where others are answered AA.
    return code === 'AA' || code === 'CA'
      ? one('taken', items)
      : one(code === 'AR' || code === 'CR' ? 'refused' : 'held', items, [
          rule ? `hl7v2 ${rule[1]} ${rule[2]}` : `MSA ${code ?? status}`,
        ]);
  }
  const body = JSON.parse(text || '{}') as {
    rows?: { row: number; outcome: string; id: string; issues: { severity: string; rule: string }[] }[];
    issues?: [];
    outcome?: string;
    issue?: { details?: { coding?: { code?: string }[] } }[];
    code?: string;
  };
  if (body.rows) {
    const count = (outcome: string): number => body.rows?.filter((row) => row.outcome === outcome).length ?? 0;
    return {
      taken: count('taken'),
      again: count('again'),
      held: count('held') + count('conflict'),
      refused: count('refused'),
      rules: body.rows.flatMap(({ issues }) => issueRules(issues)),
      rows: body.rows.map(({ row, outcome, id, issues }) => ({ row, outcome, message: id, rules: issueRules(issues) })),
    };
  }
  if (status === 201 || (status === 200 && path === '/fhir')) return one('taken', items);
  if (status === 200) return one('again', items);
  return one(
    status === 403 ? 'refused' : 'held',
    items,
    body.issue?.map(({ details }) => details?.coding?.[0]?.code ?? 'unknown') ??
      (issueRules(body.issues).length > 0 ? issueRules(body.issues) : [body.code ?? String(status)]),
  );
}

const retryDelays = [500, 1000, 2000, 4000, 8000, 16_000];

/** Sends through the platform's own interfaces; waits and repeats when it says that it cannot store at this moment. */
export async function openSender(options: SenderOptions): Promise<Sender> {
  const { clientId, jwk } = await register(options);
  let current = await token(options.server, clientId, jwk, 'system/*.cruds');
  return {
    async send(submission) {
      for (let attempt = 0; ; attempt++) {
        if (current.until < Date.now()) current = await token(options.server, clientId, jwk, 'system/*.cruds');
        const response = await fetch(`${options.server}${submission.path}`, {
          method: 'POST',
          headers: {
            'content-type': submission.type,
            authorization: `Bearer ${current.value}`,
            'x-message-identity': 'content',
          },
          body: submission.body as BodyInit,
        }).catch(() => null);
        const busy = response === null || response.status === 503 || response.status === 429;
        if (!busy)
          return judge(submission, response.status, await response.text(), response.headers.get('x-message-outcome'));
        const delay = retryDelays[attempt];
        if (delay === undefined)
          throw new Error('The platform has not taken anything for half a minute; run the same command again to go on');
        await new Promise((done) => setTimeout(done, delay));
      }
    },
  };
}
