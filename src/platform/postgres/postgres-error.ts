/** The embedded server cannot do what was asked; the message says why and names the way out. */
export class PostgresError extends Error {}
