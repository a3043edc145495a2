import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { mayEnter } from './account.js';
import type { Account } from './run.js';

async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(path, { recursive: true, mode: 0o755 });
  await chmod(path, 0o755); // whatever the umask says: the database account has to pass through
}

/**
 * The folder of the cluster: `<dataDir>/postgres`, or, when the database account may not enter there (a clone below /root),
 * a folder of its own below /var/lib whose name is derived from the data folder, so that every start finds it again.
 */
export async function clusterHome(dataDir: string, account: Account | undefined, tell: (line: string) => void): Promise<string> {
  await makeFolder(dataDir);
  if (await mayEnter(dataDir, account)) {
    const home = join(dataDir, 'postgres');
    await makeFolder(home);
    return home;
  }
  const key = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 12);
  const home = `/var/lib/starcare-${key}`;
  await makeFolder(home);
  tell(`The database account may not enter ${dataDir}: the database lies in ${home}`);
  return home;
}
