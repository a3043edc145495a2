import { returnTable } from './return-file.policy.js';

describe('FED-5 the return file stands in the sender’s columns', () => {
  it('of one file: every column, in its order, also one without a name and one that stands twice', () => {
    const table = returnTable([{ id: '1', columns: ['派单号', '', '备注', '备注'] }]);
    expect(table.headers).toEqual(['派单号', '', '备注', '备注']);
    expect(table.row('1', ['D1', 'x', 'a', 'b'])).toEqual(['D1', 'x', 'a', 'b']);
  });

  it('of several files: each column once, and each row below its own headers', () => {
    const table = returnTable([
      { id: '1', columns: ['派单号', '手机号码', '地市'] },
      { id: '2', columns: ['手机号码', '派单号', '星级'] },
    ]);
    expect(table.headers).toEqual(['派单号', '手机号码', '地市', '星级']);
    expect(table.row('1', ['D1', '138', '东城'])).toEqual(['D1', '138', '东城', '']);
    expect(table.row('2', ['139', 'D2', '7'])).toEqual(['D2', '139', '', '7']);
  });

  it('a row shorter than its header has blanks', () => {
    expect(returnTable([{ id: '1', columns: ['a', 'b'] }]).row('1', ['x'])).toEqual(['x', '']);
  });
});
