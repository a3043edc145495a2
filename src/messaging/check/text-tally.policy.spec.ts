import { messageMaker, saidAt } from '../wording/wording.js';
import type { AudienceFigures } from './check.types.js';
import { TextTally } from './text-tally.policy.js';

const WORDING = { signature: '中国电信', optOut: '拒收请回复R', forbidden: ['中奖'], body: `{{name}}您好，您的{{package}}${'字'.repeat(38)}` };
const maker = messageMaker(WORDING);

function figuresOf(people: [name: string | null, pack: string | null, how?: number][]): AudienceFigures {
  const tally = new TextTally(maker.variables);
  people.forEach(([name, pack, how = 1], i) => {
    const values = { name, package: pack };
    tally.add({ lineId: String(i + 1), people: how, made: maker.make(values), said: maker.holes.map((hole) => saidAt(hole, values) ?? '') });
  });
  return tally.figures();
}

describe('SMS-2 the figures of an audience', () => {
  // 6 of the signature, 43 of the text, 6 of the opt-out words: 62 with a name of three and a package of four characters
  const usual: [string, string, number] = ['陈志远', '畅享套餐', 1000];

  it('R41 tells the fewest, the middle and the most parts, all of them, and how the people spread', () => {
    const figures = figuresOf([usual, ['欧阳若曦', '畅享套餐', 100], ['陈志远', '一'.repeat(13), 30], ['陈志远', '一'.repeat(80), 2]]);
    expect(figures).toMatchObject({
      people: 1132,
      made: 1132,
      parts: { min: 1, median: 1, max: 3, total: 1100 + 60 + 6 },
      byParts: [
        { parts: 1, people: 1100 },
        { parts: 2, people: 30 },
        { parts: 3, people: 2 },
      ],
      ucs2: 1132,
      faults: [],
    });
  });

  it('R41 names the field that pushes over a part, and how many it pushes', () => {
    const figures = figuresOf([usual, ['阿不都热合曼·吐尔逊江', '畅享套餐', 3], ['陈志远', '一'.repeat(13), 5]]);
    expect(figures.fields).toEqual([
      { field: 'name', shortest: 3, median: 3, longest: 11, pushes: 0 },
      { field: 'package', shortest: 4, median: 4, longest: 13, pushes: 5 },
    ]);
    expect(figuresOf([usual, ['阿不都热合曼·吐尔逊江·买', '畅享套餐', 3]]).fields[0]).toMatchObject({ pushes: 3 });
    expect(figures.byWording).toBe(0);
  });

  it('R41 names the characters that push over a part: an emoji counts two', () => {
    const figures = figuresOf([usual, [`${'一'.repeat(10)}😀`, '畅享套餐', 2]]);
    expect(figures.parts).toMatchObject({ max: 2 });
    expect(figures.characters).toEqual([{ char: '😀', kind: 'pair', people: 2, pushes: 2 }]);
  });

  it('tells when the wording itself needs the parts, and how much less would save one', () => {
    const figures = figuresOf([['一'.repeat(14), '畅享套餐', 9]]);
    expect(figures).toMatchObject({ byWording: 9, middle: { units: 73, over: 3 } });
  });

  it('idea 11 names what keeps messages from being made: field, how many, of whom', () => {
    const figures = figuresOf([
      usual,
      ['陈志远', null, 5],
      [null, '畅享套餐', 1],
      ['中奖王', '畅享套餐', 2],
      ['【银行】', 'x', 1],
      ['一'.repeat(500), 'x', 1],
    ]);
    expect(figures.faults).toEqual([
      { fault: 'template_variable_missing', field: 'package', people: 5, lineIds: ['2'] },
      { fault: 'sms_forbidden_word', field: '中奖', people: 2, lineIds: ['4'] },
      { fault: 'template_variable_missing', field: 'name', people: 1, lineIds: ['3'] },
      { fault: 'template_variable_brackets', field: 'name', people: 1, lineIds: ['5'] },
      { fault: 'sms_too_long', field: null, people: 1, lineIds: ['6'] },
    ]);
    expect(figures).toMatchObject({ people: 1010, made: 1000 });
  });

  it('idea 11 shows the worst: the longest texts, odd characters, the longest of each field, the shortest', () => {
    const figures = figuresOf([usual, ['王😀', '畅享套餐'], ['陈志远', '一'.repeat(13)], ['司马相如之玄孙', '享']]);
    expect(figures.worst).toEqual([
      { lineId: '3', why: 'longest', what: null },
      { lineId: '4', why: 'longest', what: null },
      { lineId: '1', why: 'longest', what: null },
      { lineId: '2', why: 'longest', what: null },
    ]);
    const many = figuresOf([
      ...Array.from({ length: 30 }, (_, i): [string, string] => ['陈'.repeat(20 + i), '畅享套餐']),
      ['王😀', '享'],
      ['陈', '一'.repeat(9)],
    ]);
    expect(many.worst.map(({ why, what }) => [why, what])).toEqual([
      ...Array.from({ length: 6 }, () => ['longest', null]),
      ['characters', '😀'],
      ['field', 'package'],
    ]);
  });

  it('has no parts where no text can be made, and none where nobody is', () => {
    expect(figuresOf([['陈志远', null]])).toMatchObject({ people: 1, made: 0, parts: null, middle: null, byParts: [] });
    expect(figuresOf([])).toMatchObject({ people: 0, parts: null, worst: [] });
  });
});
