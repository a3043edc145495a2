import type pg from 'pg';

/**
 * Options of every pool. A connection that nobody needs stays open for 15 minutes (pg would close it after 10 s): a new one reads the catalogue and plans
 * every statement anew, so that a page on new connections takes five times as long; who clicks after reading a page would meet that.
 * The near end asks after the far one by TCP, for what lies between may forget a connection that is silent.
 */
export const POOL_OPTIONS = {
  idleTimeoutMillis: 15 * 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 60_000,
  /**
   * The server's last word may come in one piece with what gave a connection to somebody: it is heard before they could listen, and an error that nobody
   * hears ends the process. They are told by their first statement.
   */
  onConnect: (client: pg.ClientBase): void => void client.on('error', () => undefined),
};
