import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvRows, type RowBatch } from '../../../src/platform/spreadsheet/csv-rows.js';
import type { TextKind } from '../../../src/platform/spreadsheet/file-probe.js';

const folder = mkdtempSync(join(tmpdir(), 'starcare-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function batchesOf(bytes: Buffer, kind: TextKind): Promise<RowBatch[]> {
  const path = join(folder, 'file.csv');
  writeFileSync(path, bytes);
  const batches: RowBatch[] = [];
  for await (const batch of csvRows(path, kind)) batches.push(batch);
  return batches;
}
const rowsOf = async (bytes: Buffer, kind: TextKind): Promise<string[][]> => (await batchesOf(bytes, kind)).flatMap(({ rows }) => rows);

/** 手机号码,姓名 and 张 in GBK; 𠮷, a character of names, takes four bytes in GB18030. */
const HEADER = Buffer.from([0xca, 0xd6, 0xbb, 0xfa, 0xba, 0xc5, 0xc2, 0xeb, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0d, 0x0a]);
const JI = Buffer.from([0x95, 0x34, 0xb2, 0x35]);

describe('FED-1 a text file is read in pieces, whatever it is written in', () => {
  it('GB18030 with characters of four bytes, wherever a piece ends', async () => {
    const row = Buffer.concat([Buffer.from('13800138000,'), Buffer.from([0xd5, 0xc5]), JI, Buffer.from('\r\n')]);
    const rows = await rowsOf(Buffer.concat([HEADER, ...Array<Buffer>(20_000).fill(row)]), 'gb18030');
    expect(rows[0]).toEqual(['手机号码', '姓名']);
    expect(rows).toHaveLength(20_001);
    expect(rows.slice(1).filter(([, name]) => name !== '张𠮷')).toEqual([]);
  });

  it.each<[string, Buffer, TextKind]>([
    ['UTF-8 with its mark', Buffer.from('\ufeff手机号码,姓名\n1,张\n'), 'utf-8'],
    ['UTF-8 without', Buffer.from('手机号码,姓名\n1,张'), 'utf-8'],
    ['UTF-16 as Excel saves it', Buffer.from('\ufeff手机号码\t姓名\r\n1\t张\r\n', 'utf16le'), 'utf-16le'],
    ['breaks of an old Mac', Buffer.from('手机号码;姓名\r1;张\r'), 'utf-8'],
  ])('%s', async (_name, bytes, kind) => {
    expect(await rowsOf(bytes, kind)).toEqual([
      ['手机号码', '姓名'],
      ['1', '张'],
    ]);
  });

  it('one damaged character spoils its own row alone', async () => {
    const rows = await rowsOf(Buffer.concat([Buffer.from('姓名\n张'), Buffer.from([0xff]), Buffer.from('\n李\n')]), 'utf-8');
    expect(rows).toEqual([['姓名'], ['张\ufffd'], ['李']]);
  });

  it('tells how far it is, up to the last byte', async () => {
    const bytes = Buffer.from('phone\n'.repeat(40_000));
    const told = (await batchesOf(bytes, 'utf-8')).map(({ bytesRead }) => bytesRead);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect([told.length > 5, told.at(-1)]).toEqual([true, bytes.length]);
  });
});
