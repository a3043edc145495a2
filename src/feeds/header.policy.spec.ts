import type { Feed, FeedColumn } from './feeds.types.js';
import { headerFault, mapHeaders, suggestColumn } from './header.policy.js';
import { compileRow, type ReadRow } from './row.policy.js';

const COLUMNS: FeedColumn[] = [
  { name: 'phone', synonyms: ['手机号码'], type: 'phone', required: true },
  { name: 'star_level', synonyms: ['星级'], type: 'star' },
  { name: 'noted_on', synonyms: ['日期'], type: 'day', required: true },
];
const KEEPING = { columns: COLUMNS, extraColumns: 'keep' } as const;
const fault = (headers: string[], next: string[][] = []) =>
  headerFault(mapHeaders(headers, { columns: COLUMNS, extraColumns: 'report' }), COLUMNS, next);

describe('FED-2 headers in Chinese or English, in any order', () => {
  it('both languages, case, spaces and underscores do not matter', () => {
    const mapped = mapHeaders(['星级 ', 'Star-Level', 'PHONE', '备注'], KEEPING);
    expect(mapped.map(({ column, how }) => [column, how])).toEqual([
      ['star_level', 'name'],
      ['star_level', 'synonym'],
      ['phone', 'synonym'],
      [null, 'kept'],
    ]);
  });

  it('what a person said of a header wins, also that it is to be left out', () => {
    const mapped = mapHeaders(['我的号码', '星级', '手机号码'], KEEPING, { 我的号码: 'phone', 星级: null, 手机号码: null });
    expect(mapped.map(({ column, how }) => [column, how])).toEqual([
      ['phone', 'chosen'],
      [null, 'unused'],
      [null, 'unused'],
    ]);
  });

  it('a note in brackets and signs nobody sees change nothing, unless another header has the better claim', () => {
    expect(mapHeaders(['手机\n号码（必填）\u200b', '星级(0-7)'], KEEPING).map(({ column }) => column)).toEqual(['phone', 'star_level']);
    expect(mapHeaders(['手机号码', '手机号码（备用）'], KEEPING).map(({ column }) => column)).toEqual(['phone', null]);
    expect(mapHeaders(['手机号码(主)', '手机号码(备用)'], KEEPING).map(({ column }) => column)).toEqual([null, null]);
  });

  it('suggests the column whose word lies in the header, and none that is placed', () => {
    expect(suggestColumn('客户手机号码（主）', COLUMNS, new Set())).toBe('phone');
    expect(suggestColumn('客户手机号码', COLUMNS, new Set(['phone']))).toBeUndefined();
    expect(suggestColumn('备注', COLUMNS, new Set())).toBeUndefined();
  });

  it('a file without a required column is refused by the name its users know', () => {
    expect(fault(['手机号码'])).toEqual({ reason: 'column_missing', columns: ['日期'] });
  });

  it('FED-6 a title above the header is named', () => {
    expect(fault(['2026年11月客户'], [['手机号码', '日期']])).toEqual({ reason: 'header_not_first', columns: ['手机号码', '日期'], row: 2 });
  });

  it('FED-6 a title above a header nobody knows is named too', () => {
    expect(fault(['2026年11月客户', ''], [[''], ['我的号码', '哪天']])).toEqual({
      reason: 'header_not_first',
      columns: ['手机号码', '日期'],
      row: 3,
    });
    expect(fault(['我的号码'], [['13800138000']])).toMatchObject({ reason: 'column_missing' });
  });

  it('FED-6 a header over two rows is named', () => {
    expect(fault(['手机号码', '客户', '', '日期'], [['', '星级', '', '']])).toEqual({ reason: 'header_merged', columns: [], row: 2 });
  });

  it('two columns for one thing are refused: nobody could say which counts', () => {
    expect(fault(['手机号码', 'phone', '日期'])).toEqual({ reason: 'column_twice', columns: ['phone'] });
  });

  it('the four columns of the rejects file are dropped when it comes back', () => {
    const mapped = mapHeaders(['phone', 'reason', 'row_number', 'column', 'value', 'reason'], KEEPING);
    expect(mapped.map(({ how }) => how)).toEqual(['name', 'kept', 'own', 'own', 'own', 'own']);
  });

  it('so are the columns the feed’s own files add, also below those of the rejects', () => {
    const feed = { ...KEEPING, ownColumns: ['result', 'reason'] };
    const hows = (...headers: string[]): string[] => mapHeaders(headers, feed).map(({ how }) => how);
    expect(hows('phone', 'reason', 'result', 'reason')).toEqual(['name', 'kept', 'own', 'own']);
    expect(hows('phone', 'result', 'reason', 'row_number', 'column', 'value', 'reason')).toEqual(['name', 'own', 'own', 'own', 'own', 'own', 'own']);
    expect(hows('phone', 'result', 'reason', 'note')).toEqual(['name', 'kept', 'kept', 'kept']);
  });
});

describe('FED-3 a row is read whole: every fault is told, not only the first', () => {
  const feed: Feed = {
    code: 'test',
    columns: COLUMNS,
    extraColumns: 'keep',
    rules: [{ columns: ['noted_on', 'star_level'], check: ([day, star]) => (star === '7' && day === '2026-01-01' ? 'day_missing' : null) }],
    merge: () => Promise.reject(new Error('not asked here')),
  };
  const read = (...cells: string[]): ReadRow => compileRow(feed, mapHeaders(['手机号码', '星级', '日期', '职业'], KEEPING)).read(cells);

  it('good cells come back trimmed, blanks as null, extras by their header', () => {
    expect(read('13800138000\t', ' ', '20260101', ' 教师 ')).toEqual({ values: ['+8613800138000', null, '2026-01-01'], extras: '{"职业":"教师"}' });
  });

  it('of a feed that hands rows back every cell of the sender stays, in the order of the file', () => {
    const whole: Feed = { ...feed, extraColumns: 'whole', ownColumns: ['result'] };
    const headers = mapHeaders(['职业', '', '手机号码', '日期', '地市', 'result'], whole, { 地市: null });
    const reader = compileRow(whole, headers);
    expect(reader.extraColumns).toEqual(['职业', '', '手机号码', '日期', '地市']);
    const row = reader.read([' 教师', 'x', '138 0013 8000', '2026/1/1', 'a\0b', 'done']);
    expect(row).toEqual({ values: ['+8613800138000', '2026-01-01'], extras: JSON.stringify(['教师', 'x', '138 0013 8000', '2026/1/1', 'a\ufffdb']) });
  });

  it('two wrong cells are two faults', () => {
    expect(read('138', '9', '2026-01-01')).toEqual({
      faults: [
        { column: '手机号码', value: '138', reason: 'phone_length', params: { digits: 3 } },
        { column: '星级', value: '9', reason: 'star_range' },
      ],
    });
  });

  it('a blank in a required column', () => {
    expect(read('', '1', '2026-01-01')).toEqual({ faults: [{ column: '手机号码', value: '', reason: 'required' }] });
  });

  it('a rule over two cells', () => {
    expect(read('13800138000', '7', '2026-01-01')).toEqual({ faults: [{ column: '日期', value: '2026-01-01', reason: 'day_missing' }] });
  });

  it('more cells than headers: an unquoted comma moved the rest', () => {
    expect(read('13800138000', '7', '2026-01-02', '教师', '一中')).toMatchObject({
      faults: [{ reason: 'too_many_cells', value: '一中' }],
    });
  });

  it('FED-6 texts kept from becoming numbers, full-width digits and signs nobody sees are read as meant', () => {
    expect(read('="13800138000"', '７', '\u200b2026-01-02\u200b', "'00123")).toEqual({
      values: ['+8613800138000', '7', '2026-01-02'],
      extras: '{"职业":"00123"}',
    });
  });

  it.each([
    ['#N/A', 'cell_error'],
    ['#VALUE!', 'cell_error'],
    ['########', 'cell_hashes'],
    ['#FORMULA =A1&B1', 'formula'],
    ['1.33113E+10', 'scientific'],
  ])('FED-6 %s is told as what it is, in any column', (cell, reason) => {
    const faults = ['手机号码', '星级', '日期', '职业'].map((column) => ({ column, value: cell, reason }));
    if (reason === 'scientific') Object.assign(faults[0] ?? {}, { reason: 'phone_scientific' });
    if (reason === 'scientific') Object.assign(faults[1] ?? {}, { reason: 'star_range' });
    expect(read(cell, cell, cell, cell)).toEqual({ faults });
  });

  it.each(['====重点====', '=1+1', '#1', '1.5E+3', '=)', '5E'])('%s is a text like any other', (cell) => {
    expect(read('13800138000', '', '2026-01-02', cell)).toMatchObject({ extras: JSON.stringify({ 职业: cell }) });
  });
});
