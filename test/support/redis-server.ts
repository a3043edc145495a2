import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { until } from './until.js';

export interface RedisServer {
  url: string;
  /** Forgets everything, as a restart without persistence would. */
  flush(): Promise<void>;
  /** Stops and starts it on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Below what systems give to connections (Linux: 32768 and up): else anybody's connection may take the port before its server has it. */
const PORTS = { from: 15_000, to: 32_000 };

/** A port for a server that has to be told its port before it starts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A real redis-server of its own, in memory only, on a free port. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child = await launch(port);
  const restart = async (): Promise<void> => {
    await end(child);
    child = await launch(port);
  };
  return { url: `redis://127.0.0.1:${port}`, flush: () => flush(port), restart, stop: () => end(child) };
}

async function launch(port: number): Promise<ChildProcess> {
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until('redis-server accepts connections', () => said.includes('Ready to accept connections'));
  return child;
}

async function flush(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.write('FLUSHALL\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.end();
  if (!answer.toString().startsWith('+OK')) throw new Error(`FLUSHALL was answered ${answer.toString()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
