// Makes `npm start` and `npm test` work on a fresh clone: installs, builds and compresses what is missing or stale.
// Runs before anything is installed, so it may use Node's own modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function run(sentence, file, args) {
  console.log(sentence);
  const { status, signal } = spawnSync(file, args, { cwd: root, stdio: 'inherit' });
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) fail(`${path.basename(args[0] ?? file)} ${args.slice(1).join(' ')} failed with exit code ${status}.`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`StarCare needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

/** npm keeps what it installed in node_modules/.package-lock.json: compare versions, not times, which a git checkout changes. */
function installed() {
  const hidden = at('node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const there = json(hidden).packages;
  return Object.entries(json(at('package-lock.json')).packages).every(
    ([name, wanted]) => name === '' || wanted.optional || wanted.devOptional || wanted.peer || there[name]?.version === wanted.version,
  );
}

function install() {
  if (installed()) return;
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const sentence = 'Installing the packages of package-lock.json (a minute or two, once) …';
  if (npm) run(sentence, process.execPath, [npm, ...args]);
  else run(sentence, 'npm', args);
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(full);
    else yield full;
  }
}

function sourceHash() {
  const hash = createHash('sha256');
  const single = ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', '.swcrc'].map((name) => at(name));
  for (const file of [...single, ...filesBelow(at('src'))])
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function build() {
  const stamp = at('dist', '.source-hash');
  const hash = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  run('Building …', process.execPath, [at('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build']);
  writeFileSync(stamp, hash);
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** One start prepares the folder at a time, or each would delete what the other builds. What a killed one left is taken over. */
function alone() {
  const lock = at('.preparing');
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      process.on('exit', () => rmSync(lock, { force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') return; // a folder that cannot be written to holds what somebody else prepared
    }
    const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    if (holder && !isAlive(holder)) rmSync(lock, { force: true });
    else if (!told) console.log(`Another start prepares this folder${holder ? ` (process ${holder})` : ''}: waiting for it …`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

checkNode();
alone();
install();
build();
const { buildAssets } = await import('./assets.mjs');
await buildAssets();
