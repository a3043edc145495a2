import { ConfigError, readConfig } from './config.js';

const read = (env: Record<string, string>) => readConfig(env, '/srv/starcare');

const KEY = Buffer.alloc(32).toString('base64');

describe('Configuration', () => {
  it('SYS-2 takes one key of personal data or several, the first for what is new', () => {
    const other = Buffer.alloc(32, 1).toString('base64');
    expect(read({ PERSONAL_DATA_KEY: KEY }).sealKeys).toHaveLength(1);
    expect(read({ PERSONAL_DATA_KEYS: `${other}, ${KEY}` }).sealKeys.map(({ key }) => key[0])).toEqual([1, 0]);
    expect(read({}).sealKeys).toEqual([]);
  });

  it.each([
    ['PORT', { PORT: 'eighty' }],
    ['PORT', { PORT: '70000' }],
    ['DEMO', { DEMO: 'yes' }],
    ['ROLE', { ROLE: 'server' }],
    ['CTI', { CTI: 'carrier' }],
    ['PORT', { PORT: '0x10' }],
    ['PORT', { PORT: '3e3' }],
    ['CLOCK', { CLOCK: 'tomorrow' }],
    ['CLOCK', { CLOCK: '1' }],
    ['CLOCK', { CLOCK: 'Dec 1 2026' }],
    ['CLOCK', { CLOCK: '2026-02-30T10:00:00+08:00' }],
    ['DATABASE_URL must be an address that begins with postgres://', { DATABASE_URL: 'nonsense' }],
    ['REDIS_URL must be an address that begins with redis://', { REDIS_URL: 'localhost:6379' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['CLOCK', { CLOCK: '2026-11-24T10:00:00+08:00', NODE_ENV: 'production' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'proxy.example.com' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/99' }],
    ['OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET', { OIDC_ISSUER: 'https://id.example.com' }],
    ['OIDC_ISSUER must', { OIDC_ISSUER: 'http://id.example.com', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'x' }],
    ['OIDC_ISSUER must', { OIDC_ISSUER: 'http://localhost.example.com', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'x' }],
    ['PERSONAL_DATA_KEY must', { PERSONAL_DATA_KEY: 'hunter2' }],
    ['PERSONAL_DATA_KEYS must', { PERSONAL_DATA_KEYS: `${KEY},hunter2` }],
    ['PERSONAL_DATA_KEY and PERSONAL_DATA_KEYS', { PERSONAL_DATA_KEY: KEY, PERSONAL_DATA_KEYS: KEY }],
    ['ROLE=worker needs DATABASE_URL and REDIS_URL', { ROLE: 'worker' }],
    ['ROLE=web needs DATABASE_URL and REDIS_URL', { ROLE: 'web', DATABASE_URL: 'postgres://h/d' }],
    ['REPORTS_DATABASE_URL needs DATABASE_URL', { REPORTS_DATABASE_URL: 'postgres://h/d' }],
    ['ARCHIVE_TABLESPACE must', { ARCHIVE_TABLESPACE: 'cold; drop table' }],
    ['ARCHIVE_TABLESPACE must', { ARCHIVE_TABLESPACE: 'pg_global' }],
    ['ARCHIVE_AFTER_MONTHS needs ARCHIVE_TABLESPACE', { ARCHIVE_AFTER_MONTHS: '24' }],
    ['ARCHIVE_AFTER_MONTHS must', { ARCHIVE_TABLESPACE: 'cold', ARCHIVE_AFTER_MONTHS: '0' }],
    ['MESSAGES_KEEP_MONTHS must be a whole number from 13', { MESSAGES_KEEP_MONTHS: '12' }],
  ])('names the variable at fault: %s', (named, env) => {
    expect(() => read(env)).toThrow(ConfigError);
    expect(() => read(env)).toThrow(named);
  });

  it('never repeats a value, which may be a secret', () => {
    expect(() => read({ PORT: 'hunter2' })).toThrow(/^(?!.*hunter2).*$/);
    expect(() => read({ PERSONAL_DATA_KEYS: `${KEY},hunter2` })).toThrow(/^(?!.*(hunter2|AAAA)).*$/);
  });

  it('takes an empty value as not set', () => {
    expect(read({ PORT: '', DATABASE_URL: '', ROLE: '', DEMO: '', CLOCK: '' })).toEqual(read({}));
  });

  it('puts a relative data folder below the root, and leaves an absolute one', () => {
    expect(read({}).dataDir).toBe('/srv/starcare/.data');
    expect(read({ DATA_DIR: '/var/data' }).dataDir).toBe('/var/data');
  });

  it('FED-1 takes files of 2 GB and workbooks that unpack to 3 GB, or what the installation says in megabytes', () => {
    expect(read({})).toMatchObject({ uploadLimit: 2 * 1024 ** 3, unpackedLimit: 3 * 1024 ** 3 });
    expect(read({ UPLOAD_LIMIT_MB: '10', UNPACKED_LIMIT_MB: '20' })).toMatchObject({ uploadLimit: 10 * 1024 ** 2, unpackedLimit: 20 * 1024 ** 2 });
    expect(() => read({ UPLOAD_LIMIT_MB: '0' })).toThrow('UPLOAD_LIMIT_MB');
  });

  it('SYS-4 leaves every month where it is unless told otherwise', () => {
    expect(read({})).toMatchObject({ archiveTablespace: undefined, archiveAfterMonths: 12, messagesKeepMonths: undefined });
    expect(read({ ARCHIVE_TABLESPACE: 'cold', ARCHIVE_AFTER_MONTHS: '24', MESSAGES_KEEP_MONTHS: '36' })).toMatchObject({
      archiveTablespace: 'cold',
      archiveAfterMonths: 24,
      messagesKeepMonths: 36,
    });
  });

  it('reads an instant with its offset', () => {
    expect(read({ CLOCK: '2026-11-24T10:00:00+08:00' }).clockStart?.toISOString()).toBe('2026-11-24T02:00:00.000Z');
    expect(read({ CLOCK: '2026-11-24T10:00:00' }).clockStart?.toISOString()).toBe('2026-11-24T02:00:00.000Z');
  });
});
