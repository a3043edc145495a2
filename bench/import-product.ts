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

  /** Hands a file in by the API and waits for its end. */
  async import(query: string, path: string): Promise<Imported> {
    const form = new FormData();
    form.append('file', await openAsBlob(path), 'bench.csv');
    const { id } = await this.send<Imported>(`/imports?${query}`, { method: 'POST', body: form });
    return this.end(id);
  }

  /** Hands a file in as the form of the page does, and waits for its end. */
  async importByPage(fields: Record<string, string>, path: string): Promise<Imported> {
    const browser = await PageVisit.begin(this.address);
    const id = await browser.upload('/imports', fields, await openAsBlob(path));
    return this.end(id);
  }

  private async end(id: string): Promise<Imported> {
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

/** A browser without scripts: cookies, and the token of the page it stands on. */
class PageVisit {
  private readonly cookies = new Map<string, string>();

  private constructor(private readonly address: string) {}

  static async begin(address: string): Promise<PageVisit> {
    const visit = new PageVisit(address);
    const login = new URLSearchParams({ _csrf: await visit.tokenOf('/login'), username: 'admin', password: PASSWORD });
    await visit.post('/login', login);
    return visit;
  }

  /** @returns the number of the import the page leads to */
  async upload(path: string, fields: Record<string, string>, file: Blob): Promise<string> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ _csrf: await this.tokenOf(path), ...fields })) form.append(name, value);
    form.append('file', file, 'bench.csv');
    return (await this.post(path, form)).replace('/imports/', '');
  }

  /** @returns where it leads */
  private async post(path: string, body: URLSearchParams | FormData): Promise<string> {
    const answer = await this.fetch(path, { method: 'POST', body });
    if (answer.status !== 303) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get('location') ?? '';
  }

  private async tokenOf(path: string): Promise<string> {
    return /name="_csrf" value="([^"]+)"/.exec(await (await this.fetch(path, {})).text())?.[1] ?? '';
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers({ accept: 'text/html', cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') });
    const answer = await fetch(`${this.address}${path}`, { ...init, headers, redirect: 'manual' });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    return answer;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes('is ready: ')) continue;
    child.stdout.resume();
    return /is ready: ([^"]+)/.exec(line)?.[1] ?? ''; // a line of JSON
  }
  throw new Error('the product did not start');
}
