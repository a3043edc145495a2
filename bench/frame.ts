import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../src/platform/database/migrations.js';
import { startPostgres } from '../src/platform/postgres/postgres.js';
import { type Goal, isNoisy, judge, type Line, linesOf, type Times } from './judge.js';

/** One way to do the job. The first of a benchmark is the limit that the others are a ratio of. */
export interface Way {
  name: string;
  /** Brings the data to the state each run starts from; not timed. */
  prepare?(): Promise<void>;
  /** The timed part. @returns how many units (rows, claims, messages) it did. */
  run(): Promise<number>;
  /** Looks at what was done, clears up; not timed. */
  after?(units: number): Promise<void>;
}

export interface Prepared {
  /** sha256 of the input. */
  input: string;
  /** What the rate counts: `claims`, `rows`. */
  unit: string;
  ways: Way[];
  goals: Goal[];
  /** Correctness after all runs: sentences about what is wrong, none when all is well. */
  check(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Setting {
  rows: number;
  smoke: boolean;
  /** A migrated database on a server of its own with real fsync; undefined when the benchmark asked for none. */
  databaseUrl: string;
  say(line: string): void;
}

export interface Benchmark {
  name: string;
  rows: number;
  smokeRows: number;
  needsDatabase: boolean;
  setUp(setting: Setting): Promise<Prepared>;
}

export interface Request {
  rows?: number;
  reps: number;
  smoke: boolean;
  json?: string;
}

const TRIES = 3;

async function timed(way: Way): Promise<{ units: number; seconds: number }> {
  await way.prepare?.();
  const start = performance.now();
  const units = await way.run();
  const seconds = (performance.now() - start) / 1000;
  await way.after?.(units);
  return { units, seconds };
}

/** Interleaved: every repetition runs all ways, so that a slow minute of the machine hits each of them. */
async function measure(ways: readonly Way[], reps: number): Promise<Line[]> {
  const all: Times[] = ways.map((way) => ({ way: way.name, units: 0, seconds: [] }));
  for (let rep = 0; rep < reps; rep++) {
    for (const [i, way] of ways.entries()) {
      const { units, seconds } = await timed(way);
      const times = all[i];
      if (!times) continue;
      times.units = units;
      times.seconds.push(seconds);
    }
  }
  return linesOf(all);
}

function print(lines: readonly Line[], { unit, input }: Prepared): void {
  console.log(`input sha256\t${input}`);
  console.log(`way\tmedian_s\t${unit}/s\tratio\t(min_s max_s)`);
  for (const l of lines) {
    const spread = `(${l.minSeconds.toFixed(3)} ${l.maxSeconds.toFixed(3)})`;
    console.log(`${l.way}\t${l.medianSeconds.toFixed(3)}\t${Math.round(l.rate)}\t${l.ratio.toFixed(2)}\t${spread}`);
  }
}

/** @returns the exit code: 0 all goals met, 1 a goal missed or a wrong result, 2 too noisy to judge. */
async function conduct(prepared: Prepared, request: Request): Promise<number> {
  let lines: Line[] = [];
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    lines = await measure(prepared.ways, request.reps);
    print(lines, prepared);
    if (!isNoisy(lines)) break;
    console.log(`noisy: the limit itself swings by more than 2 between repetitions (${attempt} of ${TRIES})`);
  }
  const wrong = await prepared.check();
  wrong.forEach((sentence) => console.log(`wrong: ${sentence}`));
  const verdicts = isNoisy(lines) ? [] : judge(lines, prepared.goals);
  for (const v of verdicts) console.log(`goal: ${v.passed ? 'PASS' : 'FAIL'} ${v.way} ${v.measured.toFixed(2)} ${v.wanted.toFixed(2)}`);
  if (request.json) writeFileSync(request.json, `${JSON.stringify({ input: prepared.input, lines, verdicts, wrong }, null, 2)}\n`);
  if (wrong.length > 0 || verdicts.some((v) => !v.passed)) return 1;
  return isNoisy(lines) ? 2 : 0;
}

async function ownServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const root = process.cwd();
  const dataDir = mkdtempSync(join(tmpdir(), `starcare-bench-${process.pid}-`));
  chmodSync(dataDir, 0o755);
  const server = await startPostgres({ root, dataDir, port: 0 });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  await migrate(server.url, join(root, 'migrations'));
  return { url: server.url, stop };
}

export async function runBenchmark(benchmark: Benchmark, request: Request): Promise<number> {
  const rows = request.rows ?? (request.smoke ? benchmark.smokeRows : benchmark.rows);
  console.log(`${benchmark.name}: ${rows} rows, ${request.reps} repetitions${request.smoke ? ', smoke' : ''}`);
  const server = benchmark.needsDatabase ? await ownServer() : undefined;
  try {
    const prepared = await benchmark.setUp({ rows, smoke: request.smoke, databaseUrl: server?.url ?? '', say: console.log });
    try {
      return await conduct(prepared, request);
    } finally {
      await prepared.close();
    }
  } finally {
    await server?.stop();
  }
}
