import { EMPTY_SCRIPT, parseScript, scriptFromForm } from './script-form.policy.js';
import { fieldsIn, renderScript } from './script.policy.js';
import type { Script, ScriptLine } from './script.types.js';

const said = (lines: ScriptLine[]): string[] => lines.map((line) => line.segments.map((s) => (s.merged ? `[${s.text}]` : s.text)).join(''));
const script = (parts: Partial<Script>): Script => ({ ...EMPTY_SCRIPT, ...parts });
const agent = { 'agent.name': '林晓雯', 'agent.no': '2031' };

/** The campaign's own opening, without the mandatory lines before it. */
const own = (text: string, fields: Record<string, string | null>): string[] =>
  said(renderScript(script({ opening: text }), { ...agent, ...fields }, 5).opening).slice(3);

describe('the script of a call (CAM-1)', () => {
  it('begins with who calls, the staff number, the holder question and the recording notice', () => {
    expect(said(renderScript(EMPTY_SCRIPT, { ...agent, honorific: '陈先生' }, 7).opening)).toEqual([
      '您好，我是中国电信客户经理[林晓雯]，工号[2031]。',
      '请问您是[陈先生]本人吗？',
      '为了保证服务质量，本次通话会录音。现在方便说两分钟吗？',
    ]);
  });

  it('asks for the holder in plain words when the name is not known', () => {
    expect(said(renderScript(EMPTY_SCRIPT, agent, 7).opening)[1]).toBe('请问您是机主本人吗？');
  });

  it.each([
    ['fills a value in as its own segment', '您用的是{{package}}。', { package: '畅享 199' }, ['您用的是[畅享 199]。']],
    ['shows the plain words for a missing value', '您用的是{{package|现在的套餐}}。', {}, ['您用的是现在的套餐。']],
    ['leaves out only the sentence whose value is missing', '您好。您用的是{{package}}。祝您愉快！', {}, ['您好。祝您愉快！']],
    ['leaves out a line that becomes empty', '您好\n用的是{{package}}吧', {}, ['您好']],
    ['takes a blank value for missing', '住在{{city|本地}}', { city: '  ' }, ['住在本地']],
    ['takes empty plain words for "say nothing here"', '您好{{city|}}朋友', {}, ['您好朋友']],
    ['knows the columns of a segment, also Chinese ones', '到期月{{到期月}}。', { 到期月: '2026-12' }, ['到期月[2026-12]。']],
    ['keeps a brace that is no field', '满{100}减', {}, ['满{100}减']],
    ['does not read a value as a field', '{{name}}', { name: '{{agent.no}}' }, ['[{{agent.no}}]']],
    ['hands markup on as plain text', '{{name}}', { name: '<img src=x onerror=alert(1)>' }, ['[<img src=x onerror=alert(1)>]']],
    ['says nothing of bills before the holder is known', '上月消费{{arpu}}。您好。', { arpu: '199' }, ['您好。']],
    ['says nothing of usage before the holder is known', '用了{{已用流量|不少}}。', { 已用流量: '62 GB' }, ['用了不少。']],
  ])('%s', (_, text, fields, expected) => {
    expect(own(text, fields as Record<string, string>)).toEqual(expected);
  });

  it('fills bills into a branch, which is said to the holder', () => {
    const rendered = renderScript(script({ branches: [{ key: 'self', title: '本人', text: '上月{{arpu}}元。' }] }), { ...agent, arpu: '199' }, 5);
    expect(said(rendered.branches[0]?.lines ?? [])).toEqual(['上月[199]元。']);
  });

  it('offers the branches for the star of the customer and those for everybody', () => {
    const branches = [
      { key: 'vip', title: '七星', stars: [7, 6], text: '尊敬的客户' },
      { key: 'rest', title: '普通', stars: [1, 2, 3], text: '您好' },
      { key: 'family', title: '家人代接', text: '请转告' },
    ];
    const keys = (star: number): string[] => renderScript(script({ branches }), agent, star).branches.map((b) => b.key);
    expect([keys(7), keys(2), keys(0)]).toEqual([['vip', 'family'], ['rest', 'family'], ['family']]);
  });

  it('names what is missing, marks hints that are not said', () => {
    const rendered = renderScript(script({ branches: [{ key: 'a', title: 'a', text: '▸ 不方便就约时间\n到{{month}}。' }] }), agent, 5);
    expect(rendered.missing).toEqual(['month']);
    expect(rendered.branches[0]?.lines).toEqual([{ act: true, segments: [{ text: '不方便就约时间', merged: false }] }]);
  });

  it('lists the fields of a text once each', () => {
    expect(fieldsIn('{{name}} {{ name | 您 }} {{manager.name}}')).toEqual(['name', 'manager.name']);
  });
});

describe('a script from outside', () => {
  it.each([
    ['a number', 5],
    ['a list', []],
    ['branches that are no list', { branches: 'x' }],
    ['a star beyond seven', { branches: [{ title: 'a', stars: [8], text: 'b' }] }],
    ['an opening that is no text', { opening: {} }],
  ])('is refused when it is %s', (_, input) => {
    expect(() => parseScript(input)).toThrow('script_invalid');
  });

  it('is refused when a text is longer than anybody can say', () => {
    expect(() => parseScript('啊'.repeat(5001))).toThrow('script_too_long');
  });

  it('may be the opening alone', () => {
    expect(parseScript(' 您好 ')).toEqual({ opening: '您好', branches: [], objections: [] });
  });

  it('comes from the flat fields of the page, in their order, without the removed and the empty rows', () => {
    const body = {
      opening: '您好',
      branch0_title: '七星',
      branch0_stars: ['7', '6'],
      branch0_text: 'a',
      branch1_title: '删掉',
      branch1_text: 'b',
      branch2_title: '五星',
      branch2_stars: '5',
      branch2_text: 'c',
      branch3_title: '',
      branch3_text: '',
      objection0_title: '太贵了',
      objection0_text: '可以算一下',
      remove: 'branch1',
    };
    expect(scriptFromForm(body)).toEqual({
      opening: '您好',
      branches: [
        { key: 'b1', title: '七星', stars: [7, 6], text: 'a' },
        { key: 'b2', title: '五星', stars: [5], text: 'c' },
      ],
      objections: [{ title: '太贵了', text: '可以算一下' }],
    });
  });
});
