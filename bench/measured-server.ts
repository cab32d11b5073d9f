import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

export type Usage = { rss: number; cpu: { user: number; system: number }; recorded: number };

export type MeasuredServer = {
  base: string;
  mllpPort: number;
  databaseUrl: string;
  /** Registers a sender for MLLP and FHIR. @returns a bearer token for its FHIR face */
  register(code: string): Promise<string>;
  /** The same, for long runs. @returns a function that obtains a fresh token */
  tokens(code: string): Promise<() => Promise<string>>;
  usage(): Promise<Usage>;
  /** Peak resident memory seen so far, sampled ten times a second. */
  peakRss(): number;
  /** Demo staff get their workplaces among the institutions registered by now. */
  refresh(): Promise<void>;
  settle(): Promise<void>;
  /** The demo's people find their workplaces and records. */
  refreshDemo(): Promise<void>;
  /** Takes a CPU profile from here to `profiled`, if BENCH_PROFILE names a folder for it. */
  profile(): void;
  profiled(): void;
  stop(): Promise<void>;
};

async function token(base: string, clientId: string, jwk: JWK, scope: string): Promise<string> {
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
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Registers an institution that sends over MLLP and FHIR, as an operator would. @returns how its client obtains a bearer token */
export async function registerSender(
  base: string,
  operatorKeyFile: string,
  code: string,
): Promise<() => Promise<string>> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const operator = await token(base, 'operator', JSON.parse(readFileSync(operatorKeyFile, 'utf8')) as JWK, '');
  const clientId = `client-${code}`;
  const response = await fetch(`${base}/api/directory/institutions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${operator}` },
    body: JSON.stringify({
      institutions: [
        {
          code,
          nameZh: `测量医院${code}`,
          nameEn: `Bench ${code}`,
          tier: 3,
          kind: 'hospital',
          area: '500112',
          senders: [
            { protocol: 'hl7v2-mllp', facility: code },
            {
              protocol: 'fhir',
              clientId,
              jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256', use: 'sig' }] },
            },
          ],
        },
      ],
    }),
  });
  if (response.status !== 200) throw new Error(await response.text());
  const jwk = { ...(await exportJWK(privateKey)), kid: '1' };
  return () => token(base, clientId, jwk, 'system/*.cruds');
}

/** Two benches at once, or one beside a running server, must not meet on a port. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export async function startServer(asked?: number): Promise<MeasuredServer> {
  const port = asked ?? (await freePort());
  const child: ChildProcess = fork(join(import.meta.dirname, 'server.ts'), [String(port)], {
    // As `npm start` does.
    execArgv: ['--max-semi-space-size=32', '--heap-growing-percent=50'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the server ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as T);
      });
    });
  const opened = await next<{ port: number; mllpPort: number; operatorKeyFile: string; databaseUrl: string }>();
  const base = `http://127.0.0.1:${opened.port}`;
  let peak = 0;
  const sampler = setInterval(() => {
    try {
      peak = Math.max(
        peak,
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
      );
    } catch {
      // Not Linux: only the usage calls tell.
    }
  }, 100);
  return {
    base,
    mllpPort: opened.mllpPort,
    databaseUrl: opened.databaseUrl,
    peakRss: () => peak,
    tokens: (code) => registerSender(base, opened.operatorKeyFile, code),
    register: async (code) => (await registerSender(base, opened.operatorKeyFile, code))(),
    async usage() {
      child.send('usage');
      return next<Usage>();
    },
    profile: () => void child.send('profile'),
    profiled: () => void child.send('profiled'),
    async refresh() {
      child.send('refresh');
      await next();
    },
    async settle() {
      child.send('settle');
      await next();
    },
    async refreshDemo() {
      child.send('refresh-demo');
      await next();
    },
    async stop() {
      clearInterval(sampler);
      child.removeAllListeners('exit');
      const gone = new Promise((done) => child.once('exit', done));
      child.send('stop');
      await gone;
    },
  };
}
