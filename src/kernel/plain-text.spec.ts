import fc from 'fast-check';
import { plainText, withoutGuard } from './plain-text.js';

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
