// `npm test [-- jest arguments]`: all projects, then one honest line about what could not run here.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const NEEDED = {
  'redis-server': { names: ['redis-server'], what: 'the Bull runner' },
  kannel: { names: ['bearerbox'], what: 'the test of the HTTP gateway against a real Kannel' },
  psql: { names: ['psql'], what: 'the way back of an archived month by psql' },
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], what: 'the browser tests' },
};

const onPath = (name) => (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, name)));

const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { status, signal } = spawnSync(process.execPath, [jest, '--config', path.join(root, 'jest.config.cjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});

for (const [program, { names, what }] of Object.entries(NEEDED)) {
  if (!names.some(onPath)) console.log(`Did not run: ${what}, because ${program} is not installed here.`);
}
console.log('Did not run: the deaths of a whole province, which take minutes; npm run faults runs them with all others.');
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
