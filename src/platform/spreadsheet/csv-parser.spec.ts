import fc from 'fast-check';
import { CsvFault, CsvParser } from './csv-parser.js';
import { detectDelimiter } from './delimiter.js';

/** Feeds the text in pieces cut at `borders` (fractions of its length). */
function parse(text: string, borders: number[] = [], delimiter = ','): string[][] {
  const parser = new CsvParser(delimiter);
  const cuts = [0, ...borders.map((b) => Math.floor(b * text.length)).sort((a, b) => a - b), text.length];
  const rows = cuts.slice(1).flatMap((to, i) => parser.push(text.slice(cuts[i], to)));
  return [...rows, ...parser.end()];
}

describe('FED-1 a CSV file is cut into rows', () => {
  it.each<[string, string, string[][]]>([
    ['quoted comma', 'a,"b,c",d\n', [['a', 'b,c', 'd']]],
    [
      'quoted line break',
      'a,"b\nc"\nd,e\n',
      [
        ['a', 'b\nc'],
        ['d', 'e'],
      ],
    ],
    ['doubled quotes', '"say ""hi""",x\n', [['say "hi"', 'x']]],
    [
      'CRLF',
      'a,b\r\n"c",d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no line break at the end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['an empty quoted cell', '"",b\n', [['', 'b']]],
    ['a blank line', 'a\n\nb\n', [['a'], [''], ['b']]],
    ['a quote within a cell is a character', '5" pipe,x\n', [['5" pipe', 'x']]],
    ['text after the closing quote stays', '"a"b,c\n', [['ab', 'c']]],
    ['a quoted CRLF stays', '"a\r\nb"\r\nc\n', [['a\r\nb'], ['c']]],
    ['a quoted cell at the very end', 'a\n"b"', [['a'], ['b']]],
  ])('%s', (_name, text, rows) => {
    expect(parse(text)).toEqual(rows);
  });

  it('an open quote is refused and names its row', () => {
    const parser = new CsvParser(',');
    parser.push('a,b\nc,"d\n');
    expect(() => parser.end()).toThrow(new CsvFault('quote_not_closed', 2));
  });

  it('an open quote does not swallow a large file', () => {
    const parser = new CsvParser(',');
    parser.push('a\n"b\n');
    const more = 'x,y\n'.repeat(20_000);
    expect(() => {
      for (let i = 0; i < 20; i++) parser.push(more);
    }).toThrow(CsvFault);
  });

  it('whatever is quoted and wherever the chunks end, the cells come back as they were written', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '号', ',', ';', '"', '\n', '\r', ' ', '\t', '😀', '1'), maxLength: 6 });
    const written = fc.record({ value: cell, quoted: fc.boolean() });
    const file = fc.record({
      rows: fc.array(fc.array(written, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
      end: fc.constantFrom('\n', '\r\n'),
      delimiter: fc.constantFrom(',', ';', '\t'),
      borders: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(file, ({ rows, end, delimiter, borders }) => {
        const must = (value: string): boolean => value.startsWith('"') || [delimiter, '\n', '\r'].some((sign) => value.includes(sign));
        const text = rows
          .map(
            (cells) => cells.map(({ value, quoted }) => (quoted || must(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(delimiter) + end,
          )
          .join('');
        expect(parse(text, borders, delimiter)).toEqual(rows.map((cells) => cells.map(({ value }) => value)));
      }),
      { numRuns: 500 },
    );
  });

  it('any text, well formed or not, gives the same rows however it is cut into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r'), maxLength: 40 });
    const outcome = (whole: string, borders: number[]): unknown => {
      try {
        return parse(whole, borders);
      } catch (error) {
        return (error as CsvFault).code;
      }
    };
    fc.assert(
      fc.property(text, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (whole, borders) => {
        expect(outcome(whole, borders)).toEqual(outcome(whole, []));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('FED-1 the sign between cells is found', () => {
  it.each([
    ['手机号码,姓名\n1;2;3;4', ','],
    ['phone;name;star\n', ';'],
    ['phone\tname', '\t'],
    ['"a,b,c";name\n', ';'],
    ['phone\n1', ','],
    ['2026年11月客户清单\n手机号码;姓名\n', ';'],
  ])('%j', (sample, delimiter) => {
    expect(detectDelimiter(sample)).toBe(delimiter);
  });
});
