import { honorificOf, surnameOf } from './honorific.js';

describe('how a customer is addressed', () => {
  it.each([
    ['陈志远', 'male', '陈先生'],
    ['欧阳若曦', 'female', '欧阳女士'],
    ['司马', 'male', '司先生'],
    ['于洋', null, '于洋'],
    ['John Smith', 'male', 'John Smith先生'],
    ['金陵物流有限公司', null, '金陵物流有限公司'],
    ['', 'male', '尊敬的客户'],
    [null, null, '尊敬的客户'],
  ] as const)('%s (%s) is %s', (name, gender, expected) => {
    expect(honorificOf(name, gender)).toBe(expected);
  });

  it('takes one character as the family name unless it is a compound one', () => {
    expect(surnameOf('诸葛亮')).toBe('诸葛');
    expect(surnameOf('诸明')).toBe('诸');
  });
});
