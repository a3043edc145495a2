import { connect, type Socket } from 'node:net';
import type pg from 'pg';

const CANCEL_REQUEST = 80_877_102;
const PATIENCE_MS = 5_000;

/** What pg knows of a connection beyond its types. */
interface Wired {
  processID: number;
  secretKey: number;
  host: string;
  port: number;
  connection: { stream: Socket };
}

/**
 * Ends what this very connection has running, by PostgreSQL's CancelRequest: the server knows it by its key, whoever stands between, and no connection
 * is taken for it. A server that cannot be reached, or that takes nothing unencrypted, goes on to the end of the statement.
 */
export function stopStatement(client: pg.ClientBase): Promise<void> {
  const wired = client as pg.ClientBase & Wired;
  const { remoteAddress, remotePort } = wired.connection.stream;
  const message = Buffer.alloc(16);
  [message.length, CANCEL_REQUEST, wired.processID, wired.secretKey].forEach((value, i) => message.writeInt32BE(value, 4 * i));
  return new Promise((resolve) => {
    const socket = remoteAddress && remotePort ? connect(remotePort, remoteAddress) : connect(`${wired.host}/.s.PGSQL.${wired.port}`);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve()); // the server hangs up once it has passed the word on
    socket.on('connect', () => socket.write(message)).resume();
  });
}
