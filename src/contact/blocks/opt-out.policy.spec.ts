import { optOutMeaning } from './opt-out.policy.js';

describe('GOV-2 what a reply by SMS means', () => {
  it.each([
    'TD',
    'td',
    'Td ',
    'ＴＤ',
    'ｔｄ',
    'TD。',
    'T.D',
    'TD1',
    '回复TD',
    '回复R',
    '回T',
    '拒收请回复R',
    'T',
    't',
    'Ｔ',
    'R',
    'N',
    '退订',
    '退 订',
    '我要退订',
    '退订！！',
    '拒收',
    '请不要再发了',
    'STOP',
    'stop',
    'QX',
    '为什么退订不了',
    '退訂',
    '取消訂閱',
    '不要再發',
    '回覆TD',
    'TD\u200b',
    '退\u200d订\ufeff',
    'TD\ufe0f',
    'TD谢谢',
    'td回复',
    'TD，不要发了',
    'TDTD',
    'TD1谢谢',
    'TD?',
  ])('%s stops marketing', (reply) => {
    expect(optOutMeaning(reply)).toBe('opt_out');
  });

  it.each([
    '',
    '谢谢',
    '好的',
    '不要退订',
    '不要退訂',
    '我没退订',
    '我沒退訂',
    'TD，我不要退订',
    'TD是什么意思',
    'TD发错了',
    '1',
    'Y',
    'TDD',
    'TDSL套餐',
    'TD-LTE',
    'TD12345',
    'What',
    '套餐多少钱',
  ])('%s is unclear and goes to a person', (reply) => {
    expect(optOutMeaning(reply)).toBe('unclear');
  });

  it('a declared reply wins over a single letter, never over a word', () => {
    expect(optOutMeaning('n', ['Y', 'N'])).toBe('expected');
    expect(optOutMeaning('Ｙ', ['Y', 'N'])).toBe('expected');
    expect(optOutMeaning('3', ['1', '2', '3'])).toBe('expected');
    expect(optOutMeaning('回复1', ['1', '2', '3'])).toBe('expected');
    expect(optOutMeaning('回复N', ['Y', 'N'])).toBe('expected');
    expect(optOutMeaning('TD', ['TD', 'Y'])).toBe('opt_out');
    expect(optOutMeaning('退订', ['退订'])).toBe('opt_out');
  });

  it('R21 the words are data: what is added stops, what is taken away does not, a Chinese word also within a sentence', () => {
    const words = { stop: ['TD', 'T', 'R', '退订', '拒收', '不需要', 'NO'], resume: ['要'] };
    for (const reply of ['no', '我不需要了', 'ＴＤ']) expect(optOutMeaning(reply, [], words)).toBe('opt_out');
    for (const reply of ['QX', 'N', '别发了', 'NOTE']) expect(optOutMeaning(reply, [], words)).toBe('unclear');
    expect(optOutMeaning('要', [], words)).toBe('consent');
    expect(optOutMeaning('KT', [], words)).toBe('unclear');
  });

  it('the customer brings consent back with KT', () => {
    expect(optOutMeaning('kt')).toBe('consent');
  });
});
