/**
 * Options of every pool. A connection that nobody needs stays open for 15 minutes (pg would close it after 10 s): a new one reads the catalogue and plans
 * every statement anew, so that a page on new connections takes five times as long; who clicks after reading a page would meet that.
 * The near end asks after the far one by TCP, for what lies between may forget a connection that is silent.
 */
export const POOL_OPTIONS = { idleTimeoutMillis: 15 * 60_000, keepAlive: true, keepAliveInitialDelayMillis: 60_000 };
