import { type ChildProcess, spawn } from 'node:child_process';
import { openAsBlob, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const PASSWORD = 'bench-only';
const LOOK_EVERY_MS = 50;

export interface Imported {
  id: string;
  state: string;
  reason?: string;
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  duplicate: number;
  rejected: number;
}

/** The whole product as a process of its own: what is measured includes the upload, and its memory is its own. */
export class ProductProcess {
  private token = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string,
  ) {}

  static async start(databaseUrl: string, dataDir: string): Promise<ProductProcess> {
    const child = spawn(process.execPath, ['-r', './scripts/register.cjs', 'src/main.ts'], {
      env: { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, PORT: '0', DEMO: '0', LOG_LEVEL: 'warn', ADMIN_PASSWORD: PASSWORD },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const product = new ProductProcess(child, await addressOf(child));
    const { token } = await product.ask<{ token: string }>('/session', { username: 'admin', password: PASSWORD });
    product.token = token;
    return product;
  }

  /** Hands a file in and waits for its end. */
  async import(query: string, path: string): Promise<Imported> {
    const form = new FormData();
    form.append('file', await openAsBlob(path), 'bench.csv');
    const { id } = await this.send<Imported>(`/imports?${query}`, { method: 'POST', body: form });
    for (;;) {
      const now = await this.send<Imported>(`/imports/${id}`, {});
      if (now.state !== 'queued' && now.state !== 'running') return now;
      await wait(LOOK_EVERY_MS);
    }
  }

  ask<T>(path: string, body: object): Promise<T> {
    return this.send<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  private async send<T>(path: string, init: RequestInit): Promise<T> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    const answer = await fetch(`${this.address}/api/v1${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Resident MB now, and the most there were since {@link forgetPeak}; Linux only. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
    return { now: mb('VmRSS'), peak: mb('VmHWM') };
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes('is ready: ')) continue;
    child.stdout.resume();
    return line.split('is ready: ')[1] ?? '';
  }
  throw new Error('the product did not start');
}
