import fc from 'fast-check';
import { beginning, plainText, withoutGuard } from './plain-text.js';

describe('FED-6 a cell that leaves', () => {
  it.each(['=1+1', '+SUM(A1)', '-cmd|x', '@x', '\t=1', '\r=1', '\n=1', '＝1+1', '＋a', '－a', '＠a', '=HYPERLINK("x")', '+86 138'])(
    'that a spreadsheet would take for a formula is guarded: %j',
    (text) => expect(plainText(text)).toBe(`'${text}`),
  );

  it.each(['-5', '+8613800138000', '-12.5', '5%', '客户', '', "'", '1=1'])('that is none stays as it is: %j', (text) =>
    expect(plainText(text)).toBe(text),
  );

  it('comes back as it was', () => {
    fc.assert(fc.property(fc.string(), (text) => text.startsWith("'") || withoutGuard(plainText(text)) === text));
  });
});

describe('the beginning of a text', () => {
  it.each([
    ['张三', 5, '张三'],
    ['张三', 1, '张'],
    ['a😀b', 2, 'a'],
    ['a😀b', 3, 'a😀'],
    ['a😀', 3, 'a😀'],
  ])('of %j, %i long, is %j: no sign is cut in two', (text, length, begun) => {
    expect(beginning(text, length)).toBe(begun);
  });
});
