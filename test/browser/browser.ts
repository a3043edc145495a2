import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { programOnPath } from '../support/programs.js';
import { csrfOf } from '../support/visitor.js';

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

export const chromiumPath = programOnPath('chromium', 'chromium-browser', 'google-chrome');

/** `describe` where a Chromium is installed; the last lines of `npm test` say when it is not. */
export const describeBrowser = chromiumPath ? describe : describe.skip;

const AXE = readFileSync(join(process.cwd(), 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const SHOTS = join(process.cwd(), 'test', 'browser', 'shots');
const SERIOUS = new Set(['serious', 'critical']);

/** A refused form is an answer, but Chromium logs each answer of 4xx as a failed resource. */
const REFUSAL = /Failed to load resource: the server responded with a status of 4(09|22)/;

const LOOK_MS = 40;

/** What axe says when a page that moves by itself took away an element under its eyes. */
const MOVED = /reading 'documentElement'/;

export interface VisitorOptions {
  /** false: as somebody whose browser runs no scripts. */
  javaScript?: boolean;
  /** 1440 (default) or 1024, the two widths the pages are made for. */
  width?: 1440 | 1024;
  locale?: 'zh-CN' | 'en-US';
}

/** One person at one browser: own cookies, and a note of everything the console complained about. */
export class Visitor {
  readonly complaints: string[] = [];
  private pending = 0;

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  static async arrive(browser: Browser, baseUrl: string, options: VisitorOptions = {}): Promise<Visitor> {
    const width = options.width ?? 1440;
    const context = await browser.newContext({
      baseURL: baseUrl,
      locale: options.locale ?? 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width, height: width === 1440 ? 900 : 768 },
      javaScriptEnabled: options.javaScript ?? true,
      reducedMotion: 'reduce',
    });
    const visitor = new Visitor(await context.newPage(), context);
    visitor.listen();
    return visitor;
  }

  /** Gives this browser the session of `who`, as the login page would, without drawing it and the page after it; `login.spec.ts` goes in by hand. */
  async logIn(who: string, password: string): Promise<void> {
    const { request } = this.context;
    const form = { _csrf: csrfOf(await (await request.get('/login')).text()), username: who, password };
    const answer = await request.post('/login', { form, headers: { accept: 'text/html' }, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`login of ${who} answered ${answer.status()}`);
  }

  private listen(): void {
    this.page.on('console', (message) => {
      if (message.type() === 'error' && !REFUSAL.test(message.text())) this.complaints.push(`${this.page.url()}: ${message.text()}`);
    });
    this.page.on('pageerror', (error) => this.complaints.push(`${this.page.url()}: ${error.message}`));
    this.page.on('request', () => (this.pending += 1));
    this.page.on('requestfinished', () => (this.pending -= 1));
    this.page.on('requestfailed', () => (this.pending -= 1));
  }

  /** Waits until what the page asks for by itself has come: nothing under way at two looks. Playwright's own `networkidle` waits half a second each time. */
  async settled(): Promise<void> {
    for (let calm = 0; calm < 2; calm = this.pending === 0 ? calm + 1 : 0) await this.page.waitForTimeout(LOOK_MS);
  }

  /** Serious and critical findings of axe on the page as it stands, one sentence each. */
  async barriers(): Promise<string[]> {
    if (!(await this.page.evaluate(() => Boolean(window.axe)))) await this.page.evaluate(AXE); // from outside: a script tag would be refused by the pages' own policy
    const { violations } = await this.looked().catch(async (error: unknown) => {
      if (!MOVED.test(String(error))) throw error;
      await this.settled();
      return this.looked();
    });
    return violations
      .filter((v) => SERIOUS.has(v.impact ?? ''))
      .flatMap((v) => v.nodes.map((node) => `${v.id}: ${v.help} — ${node.target.join(' ')}`));
  }

  /** Without preload: what needs style sheets read a second time are rules that axe leaves off by itself. */
  private looked(): Promise<axe.AxeResults> {
    return this.page.evaluate(() => window.axe!.run({ resultTypes: ['violations'], preload: false }));
  }

  /** With SHOTS=1: keeps a picture in test/browser/shots (not in the repository) for somebody to look at. */
  async shot(name: string): Promise<void> {
    if (!process.env.SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    const width = this.page.viewportSize()?.width ?? 0;
    await this.page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'],
  });
