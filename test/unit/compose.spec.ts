import { existsSync, readFileSync } from 'node:fs';
import { readConfig } from '../../src/platform/config/config.js';

const text = readFileSync('docker-compose.yml', 'utf8');
const docker = readFileSync('Dockerfile', 'utf8');
const shared = /^x-environment:.*\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? '';
const pairs = (lines: string): Record<string, string> =>
  Object.fromEntries(
    [...lines.matchAll(/^ +([A-Z_]+): *'?(.*?)'?$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replace(/\$\{\w+:\?\}/g, 'secret').replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
const own = (service: string): Record<string, string> => {
  const line = new RegExp(`^  ${service}:\\n(?: {4}.*\\n)*? {4}environment: \\{ <<: \\*environment, (.*) \\}`, 'm').exec(text)?.[1] ?? '';
  return pairs(line.replaceAll(', ', '\n ').replace(/^/, ' '));
};

describe('SYS-4 docker-compose.yml', () => {
  it.each([
    ['web', 3000],
    ['worker', 3000],
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

  it('hands on every setting that the manual names', () => {
    // what is the containers' own, not of who runs them
    const fixed = ['PORT', 'HOST', 'DATA_DIR', 'ROLE', 'DEMO', 'CLOCK', 'DATABASE_URL', 'REDIS_URL'];
    const [table = ''] = /## Settings[^#]*/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !fixed.includes(name) && !text.includes(`\${${name}:`))).toEqual([]);
  });

  it('gives the figures for Prometheus to nobody outside', () => {
    expect(text).toMatch(/location ~ \^\/metrics\/\*\$\$ \{ return 404; \}/);
  });

  it('runs one image of ours, which its Dockerfile makes, and images that others publish', () => {
    const images = [...text.matchAll(/image: (\S+)/g)].map(([, image]) => image);
    expect(new Set(images)).toEqual(new Set(['starcare', 'postgres:18', 'redis:7', 'nginx:1.28']));
    expect(text).toMatch(/build: \.\n {2}image: starcare/);
  });

  it('two web processes behind the proxy and two workers, the only door the proxy', () => {
    for (const service of ['web', 'worker']) expect(text).toMatch(new RegExp(`^  ${service}:\\n(?: {4}.*\\n)*? {4}deploy: \\{ replicas: 2 \\}`, 'm'));
    expect([...text.matchAll(/ports: (.*)/g)].map(([, ports]) => ports)).toEqual(["['3000:80']"]);
  });

  it('keeps what web and worker share in a volume', () => {
    expect(text).toContain("volumes: ['files:/data']");
    expect(docker).toContain('DATA_DIR=/data');
  });
});

describe('SYS-4 Dockerfile', () => {
  it('copies what a run needs, all of it there or built, and runs as nobody special', () => {
    const copied = [...docker.matchAll(/COPY --from=build --chown=root:root \/app\/(\S+?)\/? /g)].map(([, name = '']) => name);
    expect(copied).toEqual(['package.json', 'node_modules', 'dist', 'migrations', 'templates']);
    expect(copied.filter((name) => !['node_modules', 'dist'].includes(name) && !existsSync(name))).toEqual([]);
    expect(docker).toMatch(/^USER node$/m);
    expect(docker.match(/^FROM /gm)).toHaveLength(2);
    expect(docker).toContain('CMD ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/main.js"]');
  });

  it('gives every process the same room for what dies young, however it is started', () => {
    const given = ['package.json', 'Dockerfile', 'docs/operations.md'].flatMap(
      (name) => readFileSync(name, 'utf8').match(/--max-semi-space-size=\d+/g) ?? [],
    );
    expect(given).toEqual(Array(5).fill('--max-semi-space-size=64'));
  });

  it('leaves out of its context what is not built from, and nothing that is', () => {
    const left = readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean);
    expect(left).toContain('node_modules');
    expect(left.filter((name) => ['src', 'migrations', 'templates', 'scripts', 'package.json'].includes(name))).toEqual([]);
  });
});
