import type { Walk } from './role-walk.js';
import { type ApiDocument, Dice, type Operation, operationsOf, type Shot, WrongInput } from './wrong-input.js';

/** Shots an operation and person; `FUZZ_SHOTS=60` for the long round, `FUZZ_SEED` for another row of numbers. */
const SHOTS = Number(process.env.FUZZ_SHOTS ?? 3);
const SEED = Number(process.env.FUZZ_SEED ?? 20261201);
const PATIENCE_MS = 10_000;
const LIMIT_MS = 60_000 + SHOTS * 20_000;

interface Refusal {
  error?: { code?: unknown; message?: unknown; requestId?: unknown };
}

/** What is wrong with an answer: it never came, it is a fault of ours, or a refusal that does not say what, where and why as the house does. */
async function faultOf(answer: Response | undefined): Promise<string | undefined> {
  if (!answer) return 'no answer';
  const text = await answer.text();
  if (answer.status >= 500) return String(answer.status);
  if (answer.status < 400) return undefined;
  const { error } = (answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : {}) as Refusal;
  const said = [error?.code, error?.message, error?.requestId].every((one) => typeof one === 'string' && one !== '');
  const spoken = said && error?.code !== error?.message && !/\{\w+\}/.test(String(error?.message));
  return spoken ? undefined : `${answer.status} says ${text.slice(0, 80)}`;
}

const brief = ({ address, body }: Shot): string =>
  `${address.slice(0, 200)} ${typeof body === 'string' ? JSON.stringify(body.slice(0, 300)) : body ? 'a file' : ''}`;

/** Every operation of the served document with wrong input: tests of the walk, which share its world and leave it worse than they found it. */
export function walkWrongInput(walk: () => Walk): void {
  describe('SYS-1 wrong input of every kind, to every operation the API describes,', () => {
    const known = (path: string): string => {
      const route = { method: 'get' as const, path: path.replace(/\{(\w+)\}/g, ':$1'), open: false };
      return walk().addressOf(route) ?? path.replace(/\{\w+\}/g, 'x');
    };

    it.each(['admin', 'planner-e'])(
      'as %s, is answered by no fault of ours, and every refusal says what is wrong',
      async (who) => {
        const { test, house } = walk();
        const document = (await test.http.get('/api/docs-json')).body as ApiDocument;
        const operations = operationsOf(document);
        expect(operations.length).toBeGreaterThan(150);
        const { token } = await house(who);
        const input = new WrongInput(document.components.schemas, new Dice(SEED), known);
        const faults: string[] = [];
        const send = async ({ method, path }: Operation, { address, headers, body }: Shot): Promise<void> => {
          const signal = AbortSignal.timeout(PATIENCE_MS);
          const init = {
            method: method.toUpperCase(),
            headers: { authorization: `Bearer ${token}`, ...headers },
            signal,
            ...(body === undefined ? {} : { body }),
          };
          const fault = await fetch(`${test.url}${address}`, init).then(faultOf, (error: Error) =>
            error.cause instanceof Error ? error.cause.message : error.message,
          );
          if (fault) faults.push(`${fault}: ${method} ${path}: ${brief({ address, headers, ...(body === undefined ? {} : { body }) })}`);
        };
        for (const operation of operations) {
          const shots = Array.from({ length: SHOTS }, () => input.shot(operation));
          for (const shot of shots) await send(operation, shot);
        }
        expect(faults).toEqual([]);
      },
      LIMIT_MS,
    );

    it.each<[method: 'post' | 'put', path: string, body: object]>([
      ['post', '/sms/forbidden-words', { word: 'rvzz', note: null }],
      ['post', '/sms/filings/signatures', { signature: '测试签名', filingNo: null }],
      ['put', '/sms/wording-rules/opt-out', { purpose: 'care', text: null }],
      ['post', '/sms/templates', { code: 'rv', name: 'rv', purpose: 'care', signature: '中国电信', body: 'x', expectedReplies: null }],
      ['post', '/segments/filter/count', { filter: { constructor: 'x' } }],
      ['post', '/exports', { what: 'funnel', filter: { constructor: { a: 1 } } }],
    ])('null is no value of a field that may be left out, constructor is no field: %s %s %o', async (method, path, body) => {
      const answer = await (await walk().house('admin'))[method](path, body);
      expect([answer.status, (answer.body as Refusal).error?.code]).toEqual([422, 'invalid_input']);
    });
  });
}
