import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../src/platform/postgres/postgres.js';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A test run that was killed leaves its server behind: the next run adopts it, stops it and clears its folder. */
export async function sweepServers(root: string): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^starcare-test-(\d+)-/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const dataDir = join(tmpdir(), name);
    const server = await startPostgres({ root, dataDir, port: 0, durable: false });
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
