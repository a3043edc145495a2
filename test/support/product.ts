import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LineEvent, LineProcess } from './line-process.js';

/** The whole product as a process of its own, to be killed. Empty (DEMO=0) unless told otherwise. */
export class Product {
  private constructor(private readonly process: LineProcess<LineEvent>) {}

  static start(dataDir: string, env: Record<string, string> = {}): Product {
    return new Product(new LineProcess<LineEvent>('src/main.ts', [], { DATA_DIR: dataDir, PORT: '0', DEMO: '0', LOG_LEVEL: 'warn', ...env }));
  }

  /** `npm run demo:reset` on that folder. */
  static resetDemo(dataDir: string, env: Record<string, string> = {}): Product {
    return new Product(new LineProcess<LineEvent>('src/demo-reset.ts', [], { DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env }));
  }

  get pid(): number {
    return this.process.pid;
  }

  /** @returns the address, once it serves. */
  async ready(): Promise<string> {
    const { line = '' } = await this.process.says('out', 'is ready: ');
    return /is ready: ([^"]+)/.exec(line)?.[1] ?? ''; // with DATABASE_URL a line of JSON
  }

  async says(text: string): Promise<string> {
    return (await this.process.says('out', text)).line ?? '';
  }

  /** All it said to the error output until its end. */
  async complaints(): Promise<string> {
    await this.process.end();
    return this.process.heard
      .filter(({ event }) => event === 'error')
      .map(({ line }) => line)
      .join('\n');
  }

  /** All it said until its end, to either output. */
  async lines(): Promise<string[]> {
    await this.process.end();
    return this.process.heard.map(({ line }) => line ?? '');
  }

  end(): Promise<number | NodeJS.Signals | null> {
    return this.process.end();
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | NodeJS.Signals | null> {
    return this.process.kill(signal);
  }
}

/** A data folder of its own; `clear` once nothing runs on it any more. */
export class DataFolder {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), `starcare-test-${process.pid}-`));
    chmodSync(this.path, 0o755); // the database account has to pass through
  }

  /** Process id of the embedded server, or undefined when it left no trace. */
  postmaster(): number | undefined {
    const file = join(this.path, 'postgres', 'data', 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  }

  clear(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
