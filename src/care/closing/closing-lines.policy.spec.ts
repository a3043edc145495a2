import { isCentralWish } from '../../contact/contact.types.js';
import { faultOf } from './closing-lines.policy.js';

const line = { kind: 'default', value: '', zh: '再见！', en: 'Goodbye!' } as const;

describe('CAR-5 GOV-6 what a closing line may say', () => {
  it.each<[what: string, line: Parameters<typeof faultOf>[0], fault: string | null]>([
    ['the ordinary one', line, null],
    ['one of a day', { ...line, kind: 'day', value: '2026-12-24' }, null],
    ['one of no day', { ...line, kind: 'day', value: '2026-02-30' }, 'value closing_day'],
    ['one of a solar term', { ...line, kind: 'solar_term', value: '冬至' }, null],
    ['one of a festival nobody names', { ...line, kind: 'festival' }, 'value closing_name'],
    ['a second ordinary one', { ...line, value: 'x' }, 'value closing_no_value'],
    ['one of Spring Festival', { ...line, kind: 'festival', value: '春节' }, 'value closing_central'],
    ['a wish of National Day', { ...line, zh: '祝您国庆快乐！' }, 'zh closing_central'],
    ['the same in English', { ...line, en: 'Happy Spring Festival!' }, 'en closing_central'],
  ])('%s', (_, asked, fault) => {
    const found = faultOf(asked, isCentralWish);
    expect(found && `${found.param} ${found.code}`).toBe(fault);
  });
});
