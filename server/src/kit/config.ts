import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readTls, type TlsTexts } from './tls-files.ts';
import { type CipherName, ciphers } from './vault.ts';

/** Where the project stands on disk; nothing outside it is read unless a flag or a variable names it. */
export const projectRoot = resolve(import.meta.dirname, '../../..');

/** One row per setting: the same table feeds `--help`, the reference page and the reader below. */
export const settings = [
  ['port', 'PORT', '8080', 'HTTP port of the gateway'],
  ['host', 'HOST', '127.0.0.1', 'Address the HTTP and MLLP ports listen on'],
  ['mllp-port', 'MLLP_PORT', '2575', 'TCP port for HL7 v2 over MLLP'],
  ['mllp-threads', 'MLLP_THREADS', '0', 'Threads that take HL7 v2 over MLLP; 0: one per core, four at most'],
  ['mllp-tls-key', 'MLLP_TLS_KEY', '', 'PEM file of a private key: MLLP speaks TLS alone. Default: plain TCP'],
  ['mllp-tls-cert', 'MLLP_TLS_CERT', '', 'PEM file of the certificate that belongs to it, with its chain'],
  [
    'mllp-tls-ca',
    'MLLP_TLS_CA',
    '',
    'PEM file of authorities: a sender must show a certificate of theirs, whose common name is the code of its institution',
  ],
  ['data', 'HUTONG_DATA', '.data', 'Folder for the embedded database and keys'],
  ['database-url', 'DATABASE_URL', '', 'An outside PostgreSQL 15+ instead of the embedded one'],
  ['public-url', 'PUBLIC_URL', '', 'How browsers reach the gateway; default http://localhost:<port>'],
  [
    'demo',
    'HUTONG_DEMO',
    '',
    'yes: demo accounts and the synthetic city; no: neither. Default: yes with the embedded database',
  ],
  ['city', 'HUTONG_CITY', '', 'no: demo mode without the synthetic city. Default: yes in demo mode'],
  ['city-size', 'HUTONG_CITY_SIZE', '1000', 'Residents of the synthetic city on the first demo run'],
  [
    'secret',
    'HUTONG_SECRET',
    '',
    'At least 32 characters; signs cookies and wraps the keys that seal numbers in the database. Demo mode makes its own; otherwise required',
  ],
  [
    'previous-secret',
    'HUTONG_PREVIOUS_SECRET',
    '',
    'The secret before, for one start while it is being changed: the keys are wrapped anew',
  ],
  [
    'cipher',
    'HUTONG_CIPHER',
    'aes-256-gcm',
    'What seals numbers in the database: aes-256-gcm, or sm4-gcm where national cryptography is required',
  ],
  ['card-keys', 'HUTONG_CARD_KEYS', '', 'JSON file with the keys of the health codes; demo mode makes its own'],
  ['insurance-url', 'HUTONG_INSURANCE_URL', '', 'Local service that decodes insurance credentials; default: none'],
  ['oidc-issuer', 'OIDC_ISSUER', '', 'An outside OIDC issuer for staff logins; default: the provider inside'],
  ['oidc-client-id', 'OIDC_CLIENT_ID', 'hutong-console', 'Client id at the outside issuer'],
  ['oidc-client-secret', 'OIDC_CLIENT_SECRET', '', 'Client secret at the outside issuer'],
  [
    'two-people',
    'HUTONG_TWO_PEOPLE',
    'no',
    'yes: linking two residents by hand in the review queue needs two members of staff',
  ],
  ['log-level', 'LOG_LEVEL', 'info', 'trace, debug, info, warn, error, silent'],
  [
    'egress',
    'HUTONG_EGRESS',
    '',
    'Origins that webhooks, web push and subscriptions may call, separated by commas (https://hooks.example:8443); none otherwise',
  ],
  [
    'egress-networks',
    'HUTONG_EGRESS_NETWORKS',
    '',
    'Private networks that the names of those origins may lead to (10.20.0.0/16), separated by commas; public addresses only otherwise',
  ],
  [
    'boundaries',
    'BOUNDARIES_FILE',
    '',
    'GeoJSON of district boundaries for the risk map (features with a six-digit property code, adcode, area or gb)',
  ],
  [
    'erasure-two-persons',
    'ERASURE_TWO_PERSONS',
    'yes',
    'no: whoever asks for the erasure of a resident may also agree to it',
  ],
  ['max-body-mb', 'MAX_BODY_MB', '64', 'Largest HTTP body or HL7 v2 message taken, in MB'],
] as const;

export type SettingName = (typeof settings)[number][0];

export type Config = {
  port: number;
  host: string;
  mllpPort: number;
  /** 0: as many as usual. */
  mllpThreads: number;
  /** null: plain TCP. */
  mllpTls: TlsTexts | null;
  dataDir: string;
  databaseUrl: string | null;
  publicUrl: string;
  demo: boolean;
  /** The first demo run brings the synthetic city to life. */
  city: boolean;
  citySize: number;
  secret: string;
  previousSecret: string | null;
  cipher: CipherName;
  cardKeys: string | null;
  insuranceUrl: string | null;
  oidc: { issuer: string; clientId: string; clientSecret: string } | null;
  /** A link of residents by hand needs two members of staff. */
  twoPeople: boolean;
  logLevel: string;
  maxBodyBytes: number;
  erasureTwoPersons: boolean;
  /** Origins that the platform may call out to, and private networks that their names may lead to. */
  egress: string[];
  egressNetworks: string[];
  /** The operator's official boundary file; null: maps are drawn on the tile grid only. */
  boundaries: string | null;
  version: string;
};

const numberOf = (name: string, text: string, low: number, high: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high)
    throw new ConfigError(`--${name} must be a whole number from ${low} to ${high}, not '${text}'`);
  return value;
};

/** `https://a.example, https://b.example:8443` as origins. */
function originsOf(list: string): string[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const url = URL.canParse(one) ? new URL(one) : null;
      if (!url || !/^https?:$/.test(url.protocol) || url.origin !== one.replace(/\/$/, ''))
        throw new ConfigError(`--egress takes origins such as https://hooks.example, not '${one}'`);
      return url.origin;
    });
}

/** `10.20.0.0/16, fd00:1::/32` as they are. */
const networksOf = (list: string): string[] =>
  list
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [net = '', prefix = '', more] = one.split('/');
      const most = isIP(net) === 6 ? 128 : 32;
      if (isIP(net) === 0 || more !== undefined || !/^\d{1,3}$/.test(prefix) || Number(prefix) > most)
        throw new ConfigError(`--egress-networks takes networks such as 10.20.0.0/16, not '${one}'`);
      return one;
    });

/** A setting that cannot be used; the start prints its sentence and leaves with status 2. */
export class ConfigError extends Error {}

/**
 * Flags win over environment variables, those over defaults.
 * @param generatedSecret what demo mode uses when no secret is set (kept in the data folder by the caller)
 * @throws ConfigError for a value that cannot be used, and for default secrets outside demo mode
 */
export function readConfig(
  argv: string[],
  env: NodeJS.ProcessEnv,
  generatedSecret: (dataDir: string) => string,
): Config {
  let flags: Record<string, string | undefined>;
  try {
    const options = Object.fromEntries(settings.map(([name]) => [name, { type: 'string' as const }]));
    flags = parseArgs({ args: argv, options, strict: true }).values as Record<string, string | undefined>;
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  const text = (name: SettingName): string => {
    const row = settings.find(([candidate]) => candidate === name);
    return flags[name] ?? env[row?.[1] ?? ''] ?? row?.[2] ?? '';
  };
  const databaseUrl = text('database-url') || null;
  const demoText = text('demo') || (databaseUrl ? 'no' : 'yes');
  if (!['yes', 'no'].includes(demoText)) throw new ConfigError(`--demo must be yes or no, not '${demoText}'`);
  const demo = demoText === 'yes';
  const cityText = text('city') || demoText;
  if (!['yes', 'no'].includes(cityText)) throw new ConfigError(`--city must be yes or no, not '${cityText}'`);
  const dataDir = resolve(text('data'));
  const secret = text('secret') || (demo ? generatedSecret(dataDir) : '');
  if (secret.length < 32)
    throw new ConfigError(
      'HUTONG_SECRET must be set to at least 32 characters outside demo mode (openssl rand -hex 32)',
    );
  const cipher = text('cipher');
  if (!Object.hasOwn(ciphers, cipher))
    throw new ConfigError(`--cipher must be ${Object.keys(ciphers).join(' or ')}, not '${cipher}'`);
  const port = numberOf('port', text('port'), 0, 65535);
  const twoPeople = text('two-people');
  if (!['yes', 'no'].includes(twoPeople)) throw new ConfigError(`--two-people must be yes or no, not '${twoPeople}'`);
  const issuer = text('oidc-issuer');
  const mllpTls = mllpTlsOf({ key: text('mllp-tls-key'), cert: text('mllp-tls-cert'), ca: text('mllp-tls-ca') });
  if (mllpTls && demo && cityText === 'yes')
    throw new ConfigError('--mllp-tls-key: the hospitals of the synthetic city speak plain MLLP; add --city no');
  return {
    port,
    host: text('host'),
    mllpPort: numberOf('mllp-port', text('mllp-port'), 0, 65535),
    mllpThreads: numberOf('mllp-threads', text('mllp-threads'), 0, 16),
    mllpTls,
    dataDir,
    databaseUrl,
    publicUrl: (text('public-url') || `http://localhost:${port}`).replace(/\/$/, ''),
    demo,
    city: demo && cityText === 'yes',
    citySize: numberOf('city-size', text('city-size'), 100, 1_000_000),
    secret,
    previousSecret: text('previous-secret') || null,
    cipher: cipher as CipherName,
    cardKeys: text('card-keys') || null,
    insuranceUrl: text('insurance-url') || null,
    oidc: issuer ? { issuer, clientId: text('oidc-client-id'), clientSecret: text('oidc-client-secret') } : null,
    twoPeople: twoPeople === 'yes',
    logLevel: text('log-level'),
    maxBodyBytes: numberOf('max-body-mb', text('max-body-mb'), 1, 1024) * 1024 * 1024,
    egress: originsOf(text('egress')),
    egressNetworks: networksOf(text('egress-networks')),
    erasureTwoPersons: text('erasure-two-persons') !== 'no',
    boundaries: text('boundaries') || null,
    version: (JSON.parse(readFileSync(resolve(projectRoot, 'package.json'), 'utf8')) as { version: string }).version,
  };
}

function mllpTlsOf(files: { key: string; cert: string; ca: string }): TlsTexts | null {
  try {
    return readTls(files);
  } catch (error) {
    throw new ConfigError(`--mllp-tls-key, --mllp-tls-cert, --mllp-tls-ca: ${(error as Error).message}`);
  }
}

/** The settings as a page of text: `--help`, and the reference page. */
export const settingsHelp = (): string =>
  [
    'npm start -- [--setting value]',
    '',
    ...settings.map(
      ([flag, variable, value, means]) =>
        `  --${flag.padEnd(20)} ${variable.padEnd(20)} ${means}${value ? ` (default ${value})` : ''}`,
    ),
  ].join('\n');
