import { type AuditEntry, auditWriter } from '../../core/audit/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import type { Identity } from '../../core/identity/index.ts';
import { type Config, ConfigError } from '../../kit/config.ts';
import { type GroupCommitter, Unit } from '../../kit/group-commit.ts';
import type { Pool } from '../../kit/pool.ts';
import type { Authenticate, RawMount } from '../gateway.ts';
import type { Route } from '../route.ts';
import { demoCredentials, makeDemoAccounts } from './accounts.ts';
import { freshener, openAuthenticate } from './authenticate.ts';
import { openInteraction } from './interaction.ts';
import { insideIssuer, outsideIssuer } from './issuer.ts';
import { mountProvider } from './mount.ts';
import { sweepOidcModels } from './oidc-adapter.ts';
import { type DemoAccount, failurePage, pageHeaders } from './pages.ts';
import { makeDemoOperator, openPlatformClients } from './platform-clients.ts';
import { callbackUrl, openProvider } from './provider.ts';
import { openResidents } from './residents.ts';
import { loginRoutes, refusedPassword } from './routes.ts';
import { deriveKey } from './seal.ts';
import { openSessions } from './sessions.ts';
import { signingKeys } from './signing-keys.ts';
import { languageOf } from './words.ts';

export { eraseResidentAccounts, linkResident } from './residents.ts';

export type LoginOptions = {
  config: Config;
  pool: Pool;
  directory: Directory;
  identity: Identity;
  committer: GroupCommitter;
  /** Readable logins, made where they are missing. Given in demo mode only. */
  demoAccounts: readonly { login: string; password: string; nameZh?: string; nameEn?: string }[];
  /** Told of what broke: the kind and the place, never a message that may quote data. Default: one JSON line to stdout. */
  onFailure?: (error: Error) => void;
};

export type Login = {
  /** /login, /login/callback, /api/session, /api/logout, SMART discovery. */
  routes: Route[];
  /** /oidc (provider and password page), its RFC 8414 metadata. */
  raw: RawMount[];
  /** Bearer tokens of machine clients, session cookies of staff. */
  authenticate: Authenticate;
  /** Demo mode: the file with the operator's private key (JWK, client id `operator`); null otherwise. */
  operatorKeyFile: string | null;
  close(): Promise<void>;
};

/** How old the directory in memory may be when somebody is let in: with one second of a session's own, a dismissal is felt within five. */
const directoryMaxAge = 3000;
const sweepEvery = 60_000;

/**
 * Opens the login: keys, the OpenID provider inside (or the way to one outside), sessions, tokens.
 * @throws ConfigError outside demo mode when a demo password or key is still there, or when the secret can be guessed
 */
export async function openLogin({
  config,
  pool,
  directory,
  identity,
  committer,
  demoAccounts,
  onFailure = report(config),
}: LoginOptions): Promise<Login> {
  if (!config.demo) await refuseDemoLeftovers(config, pool);
  else await makeDemoAccounts(pool, demoAccounts);
  const operatorKeyFile = config.demo ? await makeDemoOperator(pool, config.dataDir) : null;
  const keys = await signingKeys(pool, config.secret);
  const platformClient = openPlatformClients(pool);
  const fresh = freshener(directory, directoryMaxAge);
  const freshNow = freshener(directory, 1000);
  const sessions = openSessions(pool);
  const audit = async (entry: AuditEntry): Promise<boolean> =>
    (await committer.commit(new Unit().add(auditWriter, [entry]))).ok;
  const residents = openResidents(pool, identity);
  const isStaff = async (login: string): Promise<boolean> => {
    await fresh();
    return directory.staff(login) !== undefined || (await residents.find(login)) !== null;
  };

  const provider = openProvider({
    config,
    pool,
    keys,
    platformClient,
    isStaff,
    onFailure,
    async senderKeys(clientId) {
      // Registered on another server a moment ago: worth one more look.
      if (!directory.senderByClient(clientId)) await freshNow();
      return directory.senderByClient(clientId)?.jwks ?? undefined;
    },
    showError(context, error) {
      for (const [name, value] of Object.entries(pageHeaders)) context.set(name, value);
      const why = error === 'server_error' ? 'storage' : error === 'access_denied' ? 'denied' : 'expired';
      context.body = failurePage(languageOf([context.headers['accept-language']]), why);
    },
  });
  const interaction = openInteraction({
    provider,
    pool,
    isStaff,
    // The resident's login is listed once the demo has somebody to be.
    async demoAccounts(): Promise<DemoAccount[]> {
      const shown = config.demo ? demoAccounts : [];
      const rows = await Promise.all(
        shown.map(async ({ login, password, nameZh, nameEn }) => {
          const staff = directory.staff(login);
          if (!staff && !(await residents.find(login))) return [];
          return [
            { login, password, nameZh: staff?.nameZh ?? nameZh ?? login, nameEn: staff?.nameEn ?? nameEn ?? login },
          ];
        }),
      );
      return rows.flat();
    },
    async auditRefusal(login) {
      if (!(await audit(refusedPassword(login, login === null ? undefined : directory.staff(login)))))
        throw new Error('audit away');
    },
  });
  const secure = config.publicUrl.startsWith('https:');
  const inside = insideIssuer(config, keys);
  const issuer = config.oidc ? outsideIssuer(config.oidc) : async () => inside;
  const routes = loginRoutes({
    config,
    sessions,
    directory,
    residents,
    fresh,
    audit,
    issuer,
    flow: { key: deriveKey(config.secret, 'login under way'), callback: callbackUrl(config), secure },
  });

  const timer = setInterval(
    () => void Promise.all([sweepOidcModels(pool), sessions.sweep()]).catch(onFailure),
    sweepEvery,
  );
  timer.unref();
  return {
    routes,
    raw: mountProvider({ publicUrl: config.publicUrl, provider, interaction, onFailure }),
    authenticate: openAuthenticate({ config, keys, sessions, directory, residents, fresh, platformClient }),
    operatorKeyFile,
    async close() {
      clearInterval(timer);
    },
  };
}

async function refuseDemoLeftovers(config: Config, pool: Pool): Promise<void> {
  if (new Set(config.secret).size < 10)
    throw new ConfigError('HUTONG_SECRET can be guessed; make one with: openssl rand -hex 32');
  const left = await demoCredentials(pool);
  if (left.length > 0)
    throw new ConfigError(
      `Outside demo mode no demo account may exist, but these do: ${left.join(', ')}. Take them away with: node server/src/gateway/login/add-account.ts --remove-demo`,
    );
}

const report =
  (config: Config) =>
  (error: Error): void => {
    if (config.logLevel === 'silent') return;
    const at = error.stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .slice(0, 3);
    process.stdout.write(
      `${JSON.stringify({ level: 50, time: Date.now(), kind: error.name, code: (error as { code?: string }).code, at, msg: 'login failure' })}\n`,
    );
  };
