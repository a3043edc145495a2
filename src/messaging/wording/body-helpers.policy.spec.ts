import { BODY_HELPERS } from './body-helpers.policy.js';

describe('SMS-1 the closed set of helpers', () => {
  it('is date, money and honorific', () => {
    expect(Object.keys(BODY_HELPERS)).toEqual(['date', 'money', 'honorific']);
  });

  it.each([
    ['2026-11-30', null, '11月30日'],
    ['2026/1/5', null, '1月5日'],
    ['20261130', null, '11月30日'],
    ['2026年11月30日', 'year', '2026年11月30日'],
    ['2026-11-30 00:00:00', 'year', '2026年11月30日'],
    ['2026-02-30', null, null],
    ['2026113', null, null],
    ['月底', null, null],
    ['', null, null],
  ])('date %s (%s) is %s', (value, option, said) => {
    expect(BODY_HELPERS.date.say([value], option)).toBe(said);
  });

  it.each([
    ['5.1', '5.10元'],
    ['15', '15元'],
    ['1,200.00', '1200元'],
    ['¥39.9', '39.90元'],
    ['39.90元', '39.90元'],
    ['0.005', '0.01元'],
    ['约5元', null],
    ['1.33113E+10', null],
    ['', null],
  ])('money %s is %s', (value, said) => {
    expect(BODY_HELPERS.money.say([value])).toBe(said);
  });

  it.each([
    [['陈志远', '男'], '陈先生'],
    [['欧阳若曦', 'F'], '欧阳女士'],
    [['陈志远', ''], '陈志远'],
    [['陈志远'], '陈志远'],
    [['华兴公司', '未知'], '华兴公司'],
  ])('honorific %j is %s', (values, said) => {
    expect(BODY_HELPERS.honorific.say(values)).toBe(said);
  });
});
