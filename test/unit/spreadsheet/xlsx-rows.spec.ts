import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { BookFault } from '../../../src/platform/spreadsheet/xlsx-book.js';
import { RowTooLong, xlsxRows } from '../../../src/platform/spreadsheet/xlsx-rows.js';
import { ZipFault } from '../../../src/platform/spreadsheet/zip-file.js';
import { bookOf, type BookParts, Raw, zipOf, type ZipOptions } from '../../support/zip.js';

const folder = mkdtempSync(join(tmpdir(), 'starcare-xlsx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MB = 1024 * 1024;
const GB = 1024 * MB;

async function batchesOf(file: Buffer, limit = GB): Promise<string[][][]> {
  const path = join(folder, 'book.xlsx');
  writeFileSync(path, file);
  const batches: string[][][] = [];
  for await (const { rows } of xlsxRows(path, { mostUnpacked: limit, leaveOut: new Set(['水印']) })) batches.push(rows);
  return batches;
}
const rowsOf = async (file: Buffer, limit?: number): Promise<string[][]> => (await batchesOf(file, limit)).flat();
const book = (parts: BookParts, options?: ZipOptions): Promise<string[][]> => rowsOf(zipOf(bookOf(parts), options));
const row = (...cells: string[]): string => `<row>${cells.join('')}</row>`;
const inline = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const number = (text: string, style = 0): string => `<c s="${style}"><v>${text}</v></c>`;

/** Styles 0 general, 1 built-in date, 2 Chinese date, 3 date and time of one's own, 4 money with a d in its text, 5 text, 6 elapsed hours. */
const STYLES = `
  <numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; hh:mm"/><numFmt numFmtId="165" formatCode="[Red]#,##0.00&quot;day&quot;"/>
  <numFmt numFmtId="166" formatCode="[hh]:mm:ss"/></numFmts>
  <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
  <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="49"/><xf numFmtId="166"/></cellXfs>`;

describe('FED-1 the rows of a workbook', () => {
  it('FED-6 numbers keep their digits, and one that has lost some shows it', async () => {
    const cells = ['13900000009', '1.3900000009E10', '88.5', '0.1', '88.300000000000004', '-3', '110101199003071234', '8.9860123456789E19'];
    expect(await book({ sheets: { a: row(...cells.map((text) => number(text))) } })).toEqual([
      ['13900000009', '13900000009', '88.5', '0.1', '88.3', '-3', '1.1010119900307123E+17', '8.9860123456789E+19'],
    ]);
  });

  it('FED-6 days are days where the style says so, whatever its format; what is only formatted as money stays a number', async () => {
    const data = row(
      number('46298', 1),
      number('46298', 2),
      number('46298.395833333336', 3),
      number('46298', 4),
      number('46298', 5),
      number('0.5', 6),
      number('46298'),
    );
    expect(await book({ sheets: { a: data }, styles: STYLES })).toEqual([
      ['2026-10-03', '2026-10-03', '2026-10-03 09:30:00', '46298', '46298', '12:00:00', '46298'],
    ]);
    expect(await book({ sheets: { a: row(number('44836', 1)) }, styles: STYLES, properties: 'date1904="1"' })).toEqual([['2026-10-03']]);
  });

  it('FED-6 an error and a formula without a result stand as what they are, and pass for no blank', async () => {
    const data = row(
      '<c t="e"><v>#N/A</v></c>',
      '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c><f>A1&amp;B1</f></c>',
      '<c t="str"><f>A1</f><v>张三</v></c>',
      '<c><f>1+1</f><v>2</v></c>',
      '<c t="b"><v>1</v></c>',
      '<c t="d"><v>2026-10-03</v></c>',
      '<c/>',
    );
    expect(await book({ sheets: { a: data } })).toEqual([['#N/A', '#DIV/0!', '#FORMULA =A1&B1', '张三', '2', 'TRUE', '2026-10-03']]);
  });

  it('text comes whole: shared, inline, rich, with signs XML cannot hold, and without how it is read aloud', async () => {
    const rich = '<c t="inlineStr"><is><r><t>张</t></r><r><t xml:space="preserve"> 三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></is></c>';
    const data = row(
      '<c t="s"><v>1</v></c>',
      rich,
      inline('a_x000D__x000A_b&amp;c_xD83D__x0000_'),
      '<c t="inlineStr"><is><t><![CDATA[<丁>]]></t></is></c>',
      '<c t="s"><v>9</v></c>',
    );
    const texts = ['零', '李</t><rPh sb="0" eb="1"><t>li</t></rPh><t>四'];
    expect(await book({ sheets: { a: data }, texts })).toEqual([['李四', '张 三', 'a\r\nb&c\ufffd\ufffd', '<丁>']]);
  });

  it('cells stand where their references say, and rows that are left out come as blank ones', async () => {
    const data =
      '<row r="2"><c r="B2"><v>1</v></c><c r="AB2"><v>2</v></c></row><row r="4"><c><v>3</v></c><c r="D4"><v>4</v></c><c><v>5</v></c></row><row/>';
    const [first, second, third, fourth, fifth] = await book({ sheets: { a: data } });
    expect([first, second?.[1], second?.[27], second?.length, third, fourth, fifth]).toEqual([
      [''],
      '1',
      '2',
      28,
      [''],
      ['3', '', '', '4', '5'],
      [''],
    ]);
  });

  it('a prefix for the one namespace, 64-bit sizes and backslashes change nothing', async () => {
    const parts = bookOf({ sheets: { a: row(inline('张三')) } });
    const prefixed = Object.fromEntries(
      Object.entries(parts).map(([name, xml]) => [
        name.replaceAll('/', '\\'),
        name.endsWith('.rels') ? xml : xml.replace(/<(\/?)(?=\w)/g, '<$1x:').replace('xmlns=', 'xmlns:x='),
      ]),
    );
    expect(await rowsOf(zipOf(prefixed, { large: true }))).toEqual([['张三']]);
  });

  it('no Chinese character is lost where the pieces of a large file meet (exceljs #2063)', async () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => `客户${i}号`);
    const data = texts.map((text, i) => row(`<c t="s"><v>${i}</v></c>`, inline(`${text}的套餐`))).join('');
    expect(await book({ sheets: { a: data }, texts })).toEqual(texts.map((text) => [text, `${text}的套餐`]));
  }, 30_000);

  it('a row a million rows further down does not make a million at once', async () => {
    const batches = await batchesOf(zipOf(bookOf({ sheets: { a: `${row(inline('a'))}<row r="1048576"><c><v>1</v></c></row>` } })));
    expect([batches.flat().length, Math.max(...batches.map((rows) => rows.length))]).toEqual([1_048_576, 1000]);
  }, 30_000);
});

describe('FED-1 which sheet is read', () => {
  it('the one that holds something, of those a person sees', async () => {
    const sheets = {
      空: '<row r="1"/>',
      字典: { data: row(inline('x')), state: 'hidden' },
      水印: row(inline('导出编号')),
      客户: row(inline('张三')),
      别的: '',
    };
    expect(await book({ sheets })).toEqual([['张三']]);
  });

  it('two that hold something are refused by name: neither is lost unseen', async () => {
    const refused = book({ sheets: { 一月: row(inline('a')), 空: '', 二月: row(number('1')) } });
    await expect(refused).rejects.toEqual(new BookFault('book_many_sheets', ['一月', '二月']));
    await expect(refused).rejects.toMatchObject({ sheets: ['一月', '二月'] });
  });

  it.each([
    ['an archive of CSV files', { 'customers.csv': 'phone\n' }],
    [
      'a Word document',
      { '_rels/.rels': bookOf({ sheets: {} })['_rels/.rels']?.replace('xl/workbook.xml', 'word/document.xml') ?? '', 'word/document.xml': '<w/>' },
    ],
    ['a workbook without a sheet', bookOf({ sheets: {} })],
  ])('%s holds none', async (_name, parts) => {
    await expect(rowsOf(zipOf(parts))).rejects.toEqual(new BookFault('book_none'));
  });
});

describe('FED-6 a workbook that would take all memory', () => {
  const good = bookOf({ sheets: { a: row(inline('张三')) } });

  it.each([
    ['cut off', zipOf(good).subarray(0, -40)],
    ['with a damaged part', zipOf({ ...good, 'xl/worksheets/sheet1.xml': new Raw(Buffer.from('no deflate')) })],
    ['whose XML does not close', zipOf({ ...good, 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row>' })],
    ['of more columns than a sheet has', zipOf(bookOf({ sheets: { a: '<row><c r="ZZZZ1"><v>1</v></c></row>' } }))],
    ['with a text longer than a cell can hold', zipOf(bookOf({ sheets: { a: row('<c t="s"><v>0</v></c>') }, texts: ['长'.repeat(MB + 1)] }))],
  ])('or one %s is told to be broken', async (_name, file) => {
    await expect(rowsOf(file)).rejects.toEqual(new ZipFault('zip_broken'));
  });

  it('a row without an end is refused with its number', async () => {
    const file = zipOf(bookOf({ sheets: { a: row(inline('a')) + row(...Array.from({ length: 5 }, () => inline('长'.repeat(300_000)))) } }));
    await expect(rowsOf(file)).rejects.toEqual(new RowTooLong(2));
  });

  it('a file of 2 MB that unpacks to 2 GB is a bomb, said after a quarter of it and without keeping any', async () => {
    // blanks between rows, flushed so that they can stand any number of times
    const blanks = Buffer.alloc(16 * MB, ' ');
    const packed = deflateRawSync(blanks, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
    const times = (2 * GB) / blanks.length;
    const start = deflateRawSync(Buffer.from('<worksheet><sheetData>'), { finishFlush: constants.Z_FULL_FLUSH });
    const file = zipOf({ ...good, 'xl/worksheets/sheet1.xml': new Raw(Buffer.concat([start, ...Array<Buffer>(times).fill(packed)])) });
    expect(file.length).toBeLessThan(2.5 * MB);
    const before = process.memoryUsage.rss();
    await expect(rowsOf(file, 64 * GB)).rejects.toMatchObject({ code: 'zip_bomb', megabytes: Math.round((file.length * 250) / MB) });
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MB);
  }, 30_000);

  it('an honest workbook beyond the limit of this installation is refused, one within it is read', async () => {
    const file = zipOf(bookOf({ sheets: { a: row(inline('x'.repeat(1_000_000)), inline('y'.repeat(1_000_000))) } }));
    await expect(rowsOf(file, MB)).rejects.toEqual(new ZipFault('zip_too_large', 1));
    expect(await rowsOf(file, 4 * MB)).toHaveLength(1);
  });
});
