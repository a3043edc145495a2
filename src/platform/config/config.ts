import { isAbsolute, resolve } from 'node:path';
import { instantIn, isDay } from '../../kernel/day.js';
import { allowedOf } from '../outgoing/address.js';
import { readSealKey, type SealKey } from '../sealing/seal-key.js';

export type Role = 'all' | 'web' | 'worker';

/** The provider of single sign-on (OpenID Connect). */
export interface Oidc {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The claim that holds the user name here. */
  claim: string;
}

/** Everything read from the environment, read once and checked at boot. An empty value means not set. */
export interface Config {
  port: number;
  host: string;
  dataDir: string;
  /** Where templates/, migrations/ and node_modules/ lie. */
  root: string;
  databaseUrl: string | undefined;
  /** A replica that reports are read from. */
  reportsDatabaseUrl: string | undefined;
  redisUrl: string | undefined;
  role: Role;
  demo: boolean;
  /** How calls are placed. */
  cti: 'tel' | 'simulator';
  adminPassword: string | undefined;
  clockStart: Date | undefined;
  production: boolean;
  logLevel: string;
  /** Requests a minute the API takes from one address. */
  apiRateLimit: number;
  /** The operator's own hosts that webhooks may go to although they are private: names, addresses, networks. */
  outgoingAllow: readonly string[];
  /** Addresses and networks of our own proxies: only what comes from them may say who asks. */
  trustProxy: readonly string[];
  /** Keys of personal data at rest: the first seals, all of them open. */
  sealKeys: readonly SealKey[];
  /** Where people log in besides here; null: nowhere. */
  oidc: Oidc | null;
  /** Bytes of a file people may hand in. */
  uploadLimit: number;
  /** Bytes a workbook they hand in may unpack to. */
  unpackedLimit: number;
  /** Where months lie that nobody looks at every day; undefined: where all others do. */
  archiveTablespace: string | undefined;
  /** Months that pass before one moves there. */
  archiveAfterMonths: number;
  /** Months that pass before messages leave the database for a file; undefined: they stay. */
  messagesKeepMonths: number | undefined;
}

/** Names the variable at fault, never its value: values may be secrets. */
export class ConfigError extends Error {}

const MB = 1024 * 1024;

type Env = Record<string, string | undefined>;

function integer(env: Env, name: string, { fallback, min, max }: { fallback: number; min: number; max: number }): number {
  const text = env[name];
  if (!text) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isInteger(value) || value < min || value > max) throw new ConfigError(`${name} must be a whole number from ${min} to ${max}`);
  return value;
}

function oneOf<T extends string>(env: Env, name: string, allowed: readonly T[], fallback: T): T {
  const text = env[name] || fallback;
  if (!allowed.includes(text as T)) throw new ConfigError(`${name} must be one of ${allowed.join(', ')}`);
  return text as T;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** Without a zone it is Shanghai time, as everywhere. */
function instant(env: Env, name: string): Date | undefined {
  const text = env[name];
  if (!text) return undefined;
  const at = instantIn(text);
  if (!INSTANT.test(text) || !isDay(text.slice(0, 10)) || Number.isNaN(at.getTime()))
    throw new ConfigError(`${name} must be an ISO instant such as 2026-11-24T10:00:00+08:00`);
  if (env.NODE_ENV === 'production') throw new ConfigError(`${name} is refused with NODE_ENV=production: a shifted clock would move real contacts`);
  return at;
}

/** The address of a server we connect to. */
function address(env: Env, name: string, [scheme, ...others]: readonly [string, ...string[]]): string | undefined {
  const text = env[name];
  if (!text) return undefined;
  if (URL.canParse(text) && [scheme, ...others].includes(new URL(text).protocol.slice(0, -1))) return text;
  throw new ConfigError(`${name} must be an address that begins with ${scheme}://, such as ${EXAMPLES[scheme] ?? ''}`);
}

const EXAMPLES: Record<string, string> = { postgres: 'postgres://starcare:password@127.0.0.1:5432/starcare', redis: 'redis://127.0.0.1:6379' };
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** PERSONAL_DATA_KEYS, or PERSONAL_DATA_KEY while there is only one. */
function sealKeys(env: Env): SealKey[] {
  if (env.PERSONAL_DATA_KEY && env.PERSONAL_DATA_KEYS) throw new ConfigError('PERSONAL_DATA_KEY and PERSONAL_DATA_KEYS: set only one of them');
  const name = env.PERSONAL_DATA_KEYS ? 'PERSONAL_DATA_KEYS' : 'PERSONAL_DATA_KEY';
  const texts = (env[name] ?? '').split(',').filter((text) => text.trim() !== '');
  return texts.map((text) => {
    const key = readSealKey(text);
    if (!key) throw new ConfigError(`${name} must hold 32 bytes in base64, as openssl rand -base64 32 prints them; several with commas between`);
    return key;
  });
}

const entriesOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

/** TRUST_PROXY: addresses and networks with commas between. */
function trustProxy(env: Env): string[] {
  const entries = entriesOf(env.TRUST_PROXY);
  try {
    if (allowedOf(entries).names.size > 0) throw new RangeError('a name');
  } catch {
    throw new ConfigError('TRUST_PROXY must hold addresses or networks of your proxies such as 10.20.0.0/16, with commas between');
  }
  return entries;
}

/** OUTGOING_ALLOW: names, addresses and networks with commas between. */
function outgoingAllow(env: Env): string[] {
  const entries = entriesOf(env.OUTGOING_ALLOW);
  try {
    allowedOf(entries);
  } catch {
    throw new ConfigError('OUTGOING_ALLOW must hold host names, addresses or networks such as 10.20.0.0/16, with commas between');
  }
  return entries;
}

/** Over plain http only on this machine: a secret and people's names would pass in clear. */
const isIssuer = (text: string): boolean =>
  URL.canParse(text) && (new URL(text).protocol === 'https:' || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/.test(text));

/** OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: all or none. */
function oidc(env: Env): Oidc | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer || !clientId || !clientSecret) throw new ConfigError('OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: set all of them or none');
  if (!isIssuer(issuer)) throw new ConfigError('OIDC_ISSUER must be the https address of the provider, without /.well-known');
  return { issuer, clientId, clientSecret, claim: env.OIDC_USERNAME_CLAIM || 'preferred_username' };
}

/** Figures and rules look back a year: what they count must still be there. */
const LEAST_KEPT = 13;
const MOST_MONTHS = 1200;

/** ARCHIVE_TABLESPACE, ARCHIVE_AFTER_MONTHS and MESSAGES_KEEP_MONTHS: off unless set. */
function archive(env: Env): Pick<Config, 'archiveTablespace' | 'archiveAfterMonths' | 'messagesKeepMonths'> {
  const tablespace = env.ARCHIVE_TABLESPACE || undefined;
  if (tablespace && (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(tablespace) || tablespace === 'pg_global'))
    throw new ConfigError('ARCHIVE_TABLESPACE must be the name of a tablespace for tables: letters, digits and underscores');
  if (env.ARCHIVE_AFTER_MONTHS && !tablespace)
    throw new ConfigError('ARCHIVE_AFTER_MONTHS needs ARCHIVE_TABLESPACE, where the months move to; messages leave by MESSAGES_KEEP_MONTHS');
  return {
    archiveTablespace: tablespace,
    archiveAfterMonths: integer(env, 'ARCHIVE_AFTER_MONTHS', { fallback: 12, min: 1, max: MOST_MONTHS }),
    messagesKeepMonths: env.MESSAGES_KEEP_MONTHS
      ? integer(env, 'MESSAGES_KEEP_MONTHS', { fallback: LEAST_KEPT, min: LEAST_KEPT, max: MOST_MONTHS })
      : undefined,
  };
}

/** With a database of its own StarCare runs on a server: what it says on standard output is collected as the log. Asked before the rest is read, which may fail. */
export const isCollected = (env: Env = process.env): boolean => Boolean(env.DATABASE_URL);

export function readConfig(env: Env = process.env, root: string = process.cwd()): Config {
  const role = oneOf(env, 'ROLE', ['all', 'web', 'worker'] as const, 'all');
  if (role !== 'all' && !(env.DATABASE_URL && env.REDIS_URL)) throw new ConfigError(`ROLE=${role} needs DATABASE_URL and REDIS_URL`);
  if (env.REPORTS_DATABASE_URL && !env.DATABASE_URL) throw new ConfigError('REPORTS_DATABASE_URL needs DATABASE_URL, the database it is a copy of');
  const dataDir = env.DATA_DIR || '.data';
  return {
    port: integer(env, 'PORT', { fallback: 3000, min: 0, max: 65_535 }),
    host: env.HOST || '127.0.0.1',
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(root, dataDir),
    root,
    databaseUrl: address(env, 'DATABASE_URL', ['postgres', 'postgresql']),
    reportsDatabaseUrl: address(env, 'REPORTS_DATABASE_URL', ['postgres', 'postgresql']),
    redisUrl: address(env, 'REDIS_URL', ['redis', 'rediss']),
    role,
    demo: oneOf(env, 'DEMO', ['0', '1'] as const, '0') === '1',
    cti: oneOf(env, 'CTI', ['tel', 'simulator'] as const, 'tel'),
    adminPassword: env.ADMIN_PASSWORD || undefined,
    clockStart: instant(env, 'CLOCK'),
    production: env.NODE_ENV === 'production',
    logLevel: oneOf(env, 'LOG_LEVEL', LOG_LEVELS, 'info'),
    apiRateLimit: integer(env, 'API_RATE_LIMIT', { fallback: 60_000, min: 1, max: 10_000_000 }),
    outgoingAllow: outgoingAllow(env),
    trustProxy: trustProxy(env),
    sealKeys: sealKeys(env),
    oidc: oidc(env),
    uploadLimit: MB * integer(env, 'UPLOAD_LIMIT_MB', { fallback: 2048, min: 1, max: 1_000_000 }),
    unpackedLimit: MB * integer(env, 'UNPACKED_LIMIT_MB', { fallback: 3072, min: 1, max: 1_000_000 }),
    ...archive(env),
  };
}
