import ExcelJS from 'exceljs';
import type supertest from 'supertest';
import { Catalogue } from '../../../src/platform/i18n/catalogue.js';
import { COUNT_KEYS, RATE_KEYS } from '../../../src/reports/catalogue.js';
import type { ApiClient } from '../../support/house.js';
import type { PageVisitor } from '../../support/visitor.js';

/** One figure as the four ways to it say it: as they write it, so that 57.1 % of the page and 4/7 of the API are compared as what a reader sees. */
export interface FourWays {
  figure: string;
  page: string;
  api: string;
  file: string;
  /** How many rows open behind it; a rate has none of its own. */
  rows?: string | undefined;
}

/** The figures on which the four do not agree. */
export const disagreements = (figures: readonly FourWays[]): FourWays[] =>
  figures.filter(({ page, api, file, rows }) => page !== api || file !== api || (rows !== undefined && rows !== api));

const names = Catalogue.load('templates/locales');
const NONE = '—';
const METRICS = [...COUNT_KEYS, ...RATE_KEYS];
type Row = Record<string, number | string | null>;
const isRate = (metric: string): boolean => (RATE_KEYS as readonly string[]).includes(metric);
const written = (metric: string, value: unknown): string =>
  typeof value !== 'number' ? NONE : isRate(metric) ? `${(value * 100).toFixed(1)}%` : value.toLocaleString('en-US');

/** Text of the first element of a cell's kind, without its marks and intervals. */
const shown = (cell: string): string => /(—|[\d,]+(?:\.\d+)?%?)/.exec(cell.replace(/<[^>]*>/g, ' '))?.[1] ?? cell;

/** Cells by metric of every line of the page's table; the total is the last. */
export function tableOf(html: string): Record<string, string>[] {
  const table = /<table[^>]* id="t-funnel">[^]*?<\/table>/.exec(html)?.[0] ?? '';
  return [...table.matchAll(/<tr>\s*<th scope="row"[^]*?<\/tr>/g)].map(([line]) =>
    Object.fromEntries(
      [...line.matchAll(/<td class="r" data-metric="(\w+)"[^>]*>([^]*?)<\/td>/g)].map(([, metric = '', cell = '']) => [metric, shown(cell)]),
    ),
  );
}

/** A file as bytes: supertest would read it as text. */
export function binary(response: supertest.Response & NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
}

/** The lines of a workbook's sheet, its head first, cells from the first column on. */
export async function linesOf(page: PageVisitor, address: string, sheet = 0): Promise<unknown[][]> {
  const file = await page.agent.get(address).buffer(true).parse(binary).expect(200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(file.body as ArrayBuffer);
  const lines: unknown[][] = [];
  book.worksheets[sheet]?.eachRow((row) => lines.push((row.values as unknown[]).slice(1)));
  return lines;
}

export interface Question {
  cut: string;
  /** The rest of the address: campaign, days. */
  filter: Record<string, string>;
}

/** Every figure of the catalogue in every row of a cut and in its total, asked in all four ways by one reader. */
export async function askFourWays(page: PageVisitor, api: ApiClient, { cut, filter }: Question): Promise<FourWays[]> {
  const query = new URLSearchParams({ ...filter, by: cut, distinct: '1' }).toString();
  const { total, rows } = (await api.get(`/reports/funnel?${query}`)).body as { total: Row; rows: Row[] };
  const table = tableOf((await page.get(`/reports/funnel?${query}&columns=all`)).text);
  const [head = [], ...file] = await linesOf(page, `/exports/files/funnel?${query}&columns=all`);
  const answers: FourWays[] = [];
  for (const [n, row] of [...rows, total].entries()) {
    const key = typeof row.key === 'string' ? row.key : undefined;
    for (const metric of METRICS) {
      const opened = isRate(metric) ? undefined : await rowsBehind(page, { ...filter, by: cut, metric, ...(key === undefined ? {} : { key }) });
      answers.push({
        figure: `${metric} of ${key ?? 'all'}`,
        page: table[n]?.[metric] ?? 'missing',
        api: written(metric, row[metric]),
        file: written(metric, file[n]?.[head.indexOf(names.t('zh', `metric.${metric}`))]),
        rows: opened,
      });
    }
  }
  return answers;
}

/** The rows that open when a figure is clicked, counted one by one, and what stands above them; all of them must fit on the first page. */
async function rowsBehind(page: PageVisitor, query: Record<string, string>): Promise<string> {
  const { text } = await page.get(`/reports/funnel?${new URLSearchParams(query).toString()}`);
  const drill = text.slice(text.indexOf('id="drill"'));
  const counted = String((drill.match(/<td class="sc-phone">/g) ?? []).length);
  const said = / (\d+)<\/h2>/.exec(drill)?.[1] ?? 'nothing';
  return counted === said ? counted : `${counted} under a head that says ${said}`;
}
