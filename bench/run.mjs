// `npm run bench -- <job> [--rows N] [--reps 3] [--smoke] [--json out.json]`: one script per claim about speed, see docs/operations.md.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const folder = import.meta.dirname;
process.chdir(path.dirname(folder));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string' }, reps: { type: 'string', default: '3' }, smoke: { type: 'boolean', default: false }, json: { type: 'string' } },
});

const jobs = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
const [job] = positionals;
if (!job || !existsSync(path.join(folder, `${job}.bench.ts`))) {
  console.error(`Say which: npm run bench -- <${jobs.join(' | ')}> [--rows N] [--reps 3] [--smoke] [--json out.json]`);
  process.exit(1);
}

require('../scripts/register.cjs');
const { runBenchmark } = require('./frame.ts');
const { benchmark } = require(`./${job}.bench.ts`);
const rows = values.rows ? Number(values.rows) : undefined;
process.exitCode = await runBenchmark(benchmark, { rows, reps: Number(values.reps), smoke: values.smoke, json: values.json });
