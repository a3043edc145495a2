import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { DemoCommands } from '../../src/demo/demo.commands.js';
import { drainJobs } from '../support/drain-jobs.js';
import { PASSWORD } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { onceForAll } from '../support/test-database.js';
import { launchBrowser, Visitor, type VisitorOptions } from './browser.js';

const DEMO_PASSWORD = 'starcare';
const STEP_MS = 3_000;

/** Less beside the buttons, and the sentence below a title stands in a column of single words. */
const ROOM_FOR_TITLE = 200;

/** First parts of all keys: a word on a page that begins like one is a sentence nobody has written. */
const CATALOGUES = join(process.cwd(), 'templates', 'locales', 'zh');
const keysOf = (file: string): string[] => Object.keys(JSON.parse(readFileSync(join(CATALOGUES, file), 'utf8')) as Record<string, string>);
const FAMILIES = new Set(readdirSync(CATALOGUES).flatMap((file) => keysOf(file).map((key) => key.split('.')[0])));
const isBareKey = (word: string): boolean => /^[a-z_]+(\.[\w-]+)+$/i.test(word) && FAMILIES.has(word.split('.')[0]);

/** Filling the province takes longer than cloning it. */
async function fill(): Promise<string> {
  const test = await createTestApp({ config: { demo: true } });
  await test.app.get(DemoCommands, { strict: false }).ensure();
  await test.app.close();
  return test.databaseUrl;
}

/** The demo province with a browser before it: 5,000 customers, half a year of calls, Tuesday 10:00. */
export class Province {
  private constructor(
    readonly test: TestApp,
    private readonly browser: Browser,
  ) {}

  static async open(): Promise<Province> {
    const template = await onceForAll('starcare_province', fill);
    const [test, browser] = await Promise.all([createTestApp({ config: { demo: true }, template }), launchBrowser()]);
    return new Province(test, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.test.close();
  }

  /** Somebody who has logged in, before an empty window. */
  async arrive(who: string, options: VisitorOptions = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(this.browser, this.test.url, options);
    visitor.page.setDefaultTimeout(15_000);
    await visitor.logIn(who, who === 'admin' ? PASSWORD : DEMO_PASSWORD);
    return visitor;
  }

  /** Lets `seconds` of the Clock pass, in which every job that is due runs. */
  async letPass(seconds: number): Promise<void> {
    await drainJobs(this.test.app);
    for (let passed = 0; passed < seconds * 1000; passed += STEP_MS) {
      this.test.clock.advance(STEP_MS);
      await drainJobs(this.test.app);
    }
  }
}

/**
 * What is wrong with the page as it stands: a page wider than its window, sentences nobody has written, barriers. Keeps a picture.
 * @returns one sentence a fault; empty when all is well
 */
export async function faultsOf(visitor: Visitor, name: string): Promise<string[]> {
  return [...(await overflowOf(visitor, name)), ...(await bareKeysOf(visitor, name)), ...(await barriersOf(visitor, name))];
}

async function bareKeysOf(visitor: Visitor, name: string): Promise<string[]> {
  const words = await visitor.page.evaluate(() => {
    const codes = new Set([...document.querySelectorAll('code')].map((code) => code.innerText)); // meant to be read as they are
    return document.body.innerText.split(/\s+/).filter((word) => !codes.has(word));
  });
  return words.filter(isBareKey).map((word) => `${name} shows the bare key ${word}`);
}

async function overflowOf(visitor: Visitor, name: string): Promise<string[]> {
  await visitor.shot(name);
  const wide = await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const room = await visitor.page.evaluate(() => document.querySelector('.sc-head > div:first-child:not(:only-child)')?.clientWidth ?? Infinity);
  return [
    ...(wide > 0 ? [`${name} is ${wide} pixels wider than its window`] : []),
    ...(room < ROOM_FOR_TITLE ? [`${name} leaves its title ${room} pixels`] : []),
  ];
}

const barriersOf = async (visitor: Visitor, name: string): Promise<string[]> => (await visitor.barriers()).map((barrier) => `${name}: ${barrier}`);

/**
 * Looks at an address in a wide window, then in a narrow one, where other parts of the page stand, or stand elsewhere. Barriers are looked for in the
 * narrow one, which has all of the wide one's and more to be scrolled: that look is most of the time a page costs.
 */
export async function faultsAt(visitor: Visitor, path: string, name: string): Promise<string[]> {
  const { page } = visitor;
  await page.setViewportSize({ width: 1440, height: 900 });
  const answer = await page.goto(path);
  await visitor.settled();
  const faults = answer?.status() === 200 ? [] : [`${path} answers ${answer?.status()}`];
  faults.push(...(await overflowOf(visitor, name)), ...(await bareKeysOf(visitor, name)));
  await page.setViewportSize({ width: 1024, height: 768 });
  return [...faults, ...(await overflowOf(visitor, name)), ...(await barriersOf(visitor, `${name} at 1024`))];
}
