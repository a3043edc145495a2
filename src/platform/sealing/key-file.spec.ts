import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFromFile } from './key-file.js';

describe('SYS-2 a desk of its own makes its key and keeps it to itself', () => {
  let folder: string;
  const path = (): string => join(folder, 'data', 'personal-data.key');
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'starcare-key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('once, for its owner alone', async () => {
    const made = await keyFromFile(path());
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    const again = await keyFromFile(path());
    expect(again).toEqual(made);
  });

  it('two starts at once agree on one', async () => {
    const [one, other] = await Promise.all([keyFromFile(path()), keyFromFile(path())]);
    expect(one).toEqual(other);
  });

  it('refuses a file that others may read', async () => {
    await keyFromFile(path());
    await chmod(path(), 0o644);
    await expect(keyFromFile(path())).rejects.toThrow(/chmod 600/);
  });

  it('refuses a file without a key, and leaves it as it is', async () => {
    await keyFromFile(path());
    await writeFile(path(), 'lost');
    await expect(keyFromFile(path())).rejects.toThrow(/does not hold a key/);
    expect(await readFile(path(), 'utf8')).toBe('lost');
  });
});
