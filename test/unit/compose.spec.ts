import { existsSync, readFileSync } from 'node:fs';
import { readConfig } from '../../src/platform/config/config.js';

const text = readFileSync('docker-compose.yml', 'utf8');
const shared = /^x-environment:.*\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? '';
const pairs = (lines: string): Record<string, string> =>
  Object.fromEntries(
    [...lines.matchAll(/^ +([A-Z_]+): *'?(.*?)'?$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replace(/\$\{\w+:\?\}/g, 'secret').replace(/\$\{\w+:-\}/g, ''),
    ]),
  );
const own = (service: string): Record<string, string> => {
  const line = new RegExp(`^  ${service}:\\n(?: {4}.*\\n)*? {4}environment: \\{ <<: \\*environment, (.*) \\}`, 'm').exec(text)?.[1] ?? '';
  return pairs(line.replaceAll(', ', '\n ').replace(/^/, ' '));
};

describe('SYS-4 docker-compose.yml', () => {
  it.each([
    ['web', 3000],
    ['worker', 3001],
  ] as const)('starts %s with settings the product takes', (role, port) => {
    const config = readConfig({ ...pairs(shared), ...own(role) });
    expect(config).toMatchObject({ role, port, host: '0.0.0.0', demo: false, production: true, redisUrl: 'redis://redis:6379' });
    expect(config.databaseUrl).toBe('postgres://starcare:secret@postgres:5432/starcare');
  });

  it('sets no variable that nobody reads', () => {
    const read = readFileSync('src/platform/config/config.ts', 'utf8');
    const set = Object.keys({ ...pairs(shared), ...own('web'), ...own('worker') });
    expect(set.length).toBeGreaterThan(6);
    expect(set.filter((name) => !read.includes(name))).toEqual([]);
  });

  it('runs only files that are there or are built, in images that others publish', () => {
    expect(text).not.toMatch(/^ +build:/m);
    const images = [...text.matchAll(/image: (\S+)/g)].map(([, image]) => image);
    expect(new Set(images)).toEqual(new Set(['node:20-bookworm-slim', 'postgres:18', 'redis:7']));
    const files = [...text.matchAll(/command: \[node, (?:--[\w-]+, )?(\S+)\]/g)].map(([, file = '']) => file);
    expect(files).toEqual(['dist/main.js', 'scripts/prepare.mjs']);
    const sources = files.map((file) => file.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
    expect(sources.filter((file) => !existsSync(file))).toEqual([]);
  });
});
