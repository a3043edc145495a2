import { createServer } from 'node:net';

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

/** `wanted` when it is free, else any free port (0 asks for any). */
export async function freePort(wanted: number): Promise<number> {
  const port = (await tryListen(wanted)) ?? (await tryListen(0));
  if (!port) throw new Error('no free port on 127.0.0.1');
  return port;
}
