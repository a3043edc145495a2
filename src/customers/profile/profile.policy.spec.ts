import { asksOf, completeness, PROFILE_FIELDS } from './profile.policy.js';
import { type FieldType, readValue, shownValue } from './profile-values.policy.js';

describe('CUS-2 a collected value is checked and kept in one spelling', () => {
  it.each<[FieldType, string, string | null]>([
    ['text', '摄影、羽毛球', '摄影、羽毛球'],
    ['text', 'x'.repeat(201), null],
    ['address', '南京市鼓楼区中山路1号', '南京市鼓楼区中山路1号'],
    ['address', '南京', null],
    ['email', 'Chen.ZY@Example.com', 'chen.zy@example.com'],
    ['email', 'chen@example', null],
    ['email', 'a b@example.com', null],
    ['email', 'a@b@example.com', null],
    ['qq', '10001', '10001'],
    ['qq', '010001', null],
    ['qq', '1234', null],
    ['wechat', 'chen_zhiyuan-7', 'chen_zhiyuan-7'],
    ['wechat', '同手机', 'phone'],
    ['wechat', '13800138000', '13800138000'],
    ['wechat', '7chen', null],
    ['wechat', 'wx', null],
    ['wecom', 'added', 'added'],
    ['wecom', '已添加', null],
    ['contacts', '王芳 配偶 138-0013-8001', '王芳 配偶 +8613800138001'],
    ['contacts', '13800138001（王芳，配偶）', '王芳 配偶 +8613800138001'],
    ['contacts', '王芳 配偶 +86 138 0013 8001；陈小明 儿子 025-83210001', '王芳 配偶 +8613800138001; 陈小明 儿子 +862583210001'],
    ['contacts', '王芳', null],
    ['contacts', '王芳 1380013800', null],
    ['contacts', '王芳 138 **** 8001', null],
    ['contacts', '甲 13800138001;乙 13800138002;丙 13800138003;丁 13800138004', null],
    ['birthday', '农历闰6-6', 'lunar leap 06-06'],
    ['birthday', '农历10月18日', 'lunar 10-18'],
    ['birthday', 'lunar 1978-10-18', 'lunar 1978-10-18'],
    ['birthday', '19781118', '1978-11-18'],
    ['birthday', '11-26', '11-26'],
    ['birthday', '02-30', null],
    ['birthday', '农历闰2001-07-03', null],
    ['birthday', '春天', null],
  ])('%s %s: %s', (type, typed, kept) => {
    expect(readValue(type, typed)).toBe(kept);
  });

  it('a kept value is read again as itself', () => {
    for (const [type, value] of [
      ['contacts', '王芳 配偶 +8613800138001; 陈小明 +8613900139000'],
      ['birthday', 'lunar leap 06-06'],
      ['wechat', 'phone'],
    ] as const)
      expect(readValue(type, value)).toBe(value);
  });

  it('a shown value can be sent back as it is', () => {
    const kept = '王芳 配偶 +8613800138001; 陈小明 +862583210001';
    expect(readValue('contacts', shownValue(kept, true))).toBe(kept);
  });

  it('SYS-2 numbers of other people are masked like the customer’s own', () => {
    expect(shownValue('王芳 配偶 +8613800138001; +862583210001', false)).toBe('王芳 配偶 138 **** 8001; 258 **** 0001');
    expect(shownValue('王芳 +8613800138001', true)).toBe('王芳 138 0013 8001');
  });
});

describe('CUS-2 the completeness says what to ask next', () => {
  const all = new Set<string>(PROFILE_FIELDS.map((field) => field.name));

  it.each<[string, ReadonlySet<string>, { birthday: unknown; gender: unknown }, number, string[], number]>([
    ['nothing known', new Set(), { birthday: null, gender: null }, 0, ['second_contact', 'wecom'], 25],
    ['the birthday and gender of the file count', new Set(), { birthday: {}, gender: 'male' }, 15, ['second_contact', 'wecom'], 40],
    ['all known', all, { birthday: {}, gender: 'male' }, 100, [], 100],
    ['an unscored field adds nothing', new Set(['qq', 'weibo']), { birthday: null, gender: null }, 0, ['second_contact', 'wecom'], 25],
    ['the next by order', new Set(['second_contact', 'wechat']), { birthday: {}, gender: null }, 35, ['wecom', 'actual_user'], 53],
  ])('%s', (_name, known, facts, percent, askNext, then) => {
    expect(completeness(known, facts)).toEqual({ percent, askNext, then });
  });

  it('the desk asks for three at most, and for no field without weight', () => {
    expect(asksOf(new Set()).map((field) => field.name)).toEqual(['second_contact', 'wecom', 'wechat']);
    expect(asksOf(all)).toEqual([]);
  });
});
