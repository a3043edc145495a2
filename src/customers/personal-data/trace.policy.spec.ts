import { traceOf } from './trace.policy.js';

const person = (...numbers: string[]) => ({ customerId: '1', name: '陈志远', numbers });

describe('SYS-6 a person is found in a text however the number is spelled', () => {
  const pattern = new RegExp(traceOf(person('+8613800138000', '+862583210001')).numbers ?? '');

  it.each(['13800138000', '+8613800138000', '86 138-0013-8000', ' 138 0013 8000 ', '025-83210001', '02583210001'])('%s', (text) => {
    expect(pattern.test(`["${text}", "x"]`)).toBe(true);
  });

  it.each(['13800138001', '1380013800', '138,00138000', '陈志远'])('not %s', (text) => {
    expect(pattern.test(text)).toBe(false);
  });

  it('without a number there is nothing to look for', () => {
    expect(traceOf(person()).numbers).toBeNull();
  });
});
