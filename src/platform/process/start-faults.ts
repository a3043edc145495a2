import { connect } from 'node:net';
import { StartError } from './lifecycle.js';

/** Redis that has not answered by then is not there. */
const PATIENCE_MS = 3000;

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? '';

const DATABASE_FAULTS: Record<string, string> = {
  ENOTFOUND: 'DATABASE_URL names a host that cannot be found: correct it, or leave it out for the database that comes with StarCare',
  EAI_AGAIN: 'DATABASE_URL names a host that cannot be found at present: correct it, or see to the name service',
  ECONNREFUSED: 'Nothing answers where DATABASE_URL points: start PostgreSQL there, or correct host and port',
  ETIMEDOUT: 'Nothing answers where DATABASE_URL points: see to the network in between, or correct host and port',
  EHOSTUNREACH: 'The host of DATABASE_URL cannot be reached: see to the network in between, or correct it',
  '28P01': 'PostgreSQL does not let the user of DATABASE_URL in: correct user and password',
  '28000': 'PostgreSQL does not let the user of DATABASE_URL in: see to pg_hba.conf, or correct the user',
  '3D000': 'The database that DATABASE_URL names does not exist: create it (createdb), or correct its name',
};

/** What an operator can mend about the database they named; anything else as it is. */
export function databaseFault(error: unknown): unknown {
  const said = DATABASE_FAULTS[codeOf(error)];
  return said ? new StartError(`${said} (${codeOf(error)}).`) : error;
}

const FOLDER_CODES = new Set(['ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EEXIST']);

export const folderFault = (error: unknown): unknown =>
  FOLDER_CODES.has(codeOf(error)) ? new StartError(`DATA_DIR cannot be used (${codeOf(error)}): name a folder that this user may write to.`) : error;

const HOST_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL']);

export const hostFault = (error: unknown): unknown =>
  HOST_CODES.has(codeOf(error))
    ? new StartError(`HOST is no address of this machine (${codeOf(error)}): use 127.0.0.1, 0.0.0.0, or one that it has.`)
    : error;

/** A sentence for the console when nothing answers at REDIS_URL: StarCare starts all the same, its jobs wait in PostgreSQL. */
export function redisFault(url: string): Promise<string | null> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname || '127.0.0.1', port: Number(port || 6379), timeout: PATIENCE_MS });
    const end = (code: string | null): void => {
      socket.destroy();
      resolve(code && `Nothing answers at REDIS_URL (${code}): jobs wait until it does. Start Redis, or correct the address.`);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error) => end(codeOf(error)));
  });
}
