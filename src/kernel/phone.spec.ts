import { formatPhone, maskPhone, parsePhone } from './phone.js';

describe('CUS-1 a number has one spelling', () => {
  it.each<[string, object]>([
    ['13800138000', { number: '+8613800138000' }],
    ['+86 138-0013-8000', { number: '+8613800138000' }],
    ['0086 138 0013 8000', { number: '+8613800138000' }],
    ['１３８００１３８０００', { number: '+8613800138000' }],
    ['13800138000.0', { number: '+8613800138000' }],
    ['025-83210001', { number: '+862583210001' }],
    ['0571 8888 1234', { number: '+8657188881234' }],
    ['1.38001E+10', { fault: 'scientific' }],
    ['1380013800', { fault: 'length' }],
    ['23800138000', { fault: 'prefix' }],
    ['138001380OO', { fault: 'letters' }],
    ['', { fault: 'empty' }],
    ['+8612345678', { fault: 'length' }],
  ])('%s', (typed, read) => {
    expect(parsePhone(typed)).toEqual(read);
  });

  it.each(['+8613800138000', '+862583210001', '+861088881234', '+8657188881234'])('%s, as it is stored, is read as itself', (number) => {
    expect(parsePhone(number)).toEqual({ number });
  });

  it('SYS-6 a number that was erased is shown as none', () => {
    expect([formatPhone(null), maskPhone(null)]).toEqual(['—', '—']);
  });

  it('is shown in groups, and masked but for its ends', () => {
    expect([formatPhone('+8613800138000'), maskPhone('+8613800138000')]).toEqual(['138 0013 8000', '138 **** 8000']);
  });
});
