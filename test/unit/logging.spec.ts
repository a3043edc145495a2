import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createLogger, NestLog } from '../../src/platform/http/logging.js';
import { until } from '../support/until.js';

describe('SYS-5 what the log keeps of an error, however it is handed over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'starcare-logging-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const error = new Error('no row for "王小明", 13800138000');
  let files = 0;

  async function lineOf(say: (log: Logger) => void): Promise<Record<string, unknown>> {
    const file = join(folder, String((files += 1)));
    const log = createLogger('trace', file);
    say(log);
    await until('the line is written', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  }

  it.each<[string, (log: Logger) => void, string]>([
    ['alone, as packages do', (log) => log.error(error), 'no row for "…", …'],
    ['among fields without a text', (log) => log.warn({ err: error }), 'no row for "…", …'],
    ['with a text', (log) => log.error({ err: error }, 'request failed'), 'request failed'],
    ['with a text and no fields', (log) => log.error(error, 'it broke'), 'it broke'],
    ['by Nest', (log) => new NestLog(log).error(error, 'Context'), 'no row for "…", …'],
  ])('%s', async (_, say, msg) => {
    const line = await lineOf(say);
    expect(line).toMatchObject({ msg, err: { type: 'Error', message: 'no row for "…", …', stack: expect.stringMatching(/^at /) as string } });
    expect(JSON.stringify(line)).not.toMatch(/王小明|13800138000/);
  });

  it('leaves what is no error as it is', async () => {
    expect(await lineOf((log) => log.info('%s of %d', 'one', 2))).toMatchObject({ msg: 'one of 2' });
    expect(await lineOf((log) => log.info({ path: '/today' }, 'request'))).toMatchObject({ path: '/today', msg: 'request' });
    expect(await lineOf((log) => log.debug({ a: 1 }))).toMatchObject({ a: 1 });
  });
});
