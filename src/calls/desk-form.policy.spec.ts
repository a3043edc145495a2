import { attemptOf } from './desk-form.policy.js';

describe('The form of the call desk', () => {
  it('takes a chosen quick time for the callback', () => {
    const posted = { outcome: 'callback', callbackAt: '2026-11-24T10:30:00.000Z', callbackOther: '' };
    expect(attemptOf(posted)).toMatchObject({ outcome: 'callback', callbackAt: '2026-11-24T10:30:00.000Z' });
  });

  it('reads a free time as Shanghai time', () => {
    const posted = { outcome: 'callback', callbackAt: 'other', callbackOther: '2026-11-24T18:30' };
    expect(attemptOf(posted).callbackAt).toBe('2026-11-24T18:30:00+08:00');
  });

  it('forgets a callback time when another outcome was chosen at last (R35)', () => {
    expect(attemptOf({ outcome: 'do_not_call', callbackAt: '2026-11-24T10:30:00.000Z' })).not.toHaveProperty('callbackAt');
  });

  it('hands in an order only with a sale', () => {
    const boxes = { orderProduct: '畅享 239', orderTariff: 'on' };
    expect(attemptOf({ outcome: 'converted', ...boxes }).order).toEqual({
      ...{ product: '畅享 239', tariffRead: true, startRead: false, contractRead: false, paid: true },
    });
    expect(attemptOf({ outcome: 'reached', ...boxes })).not.toHaveProperty('order');
  });

  it('makes a list of topics, ticked once, often or not at all', () => {
    expect(attemptOf({ outcome: 'reached', topics: ['a', 'b'] }).topics).toEqual(['a', 'b']);
    expect(attemptOf({ outcome: 'reached', topics: 'a' }).topics).toEqual(['a']);
    expect(attemptOf({ outcome: 'reached' }).topics).toEqual([]);
  });

  it('keeps only answers that were given', () => {
    expect(attemptOf({ outcome: 'reached', 'profile.wechat': ' wx1 ', 'profile.interests': '' }).profile).toEqual({ wechat: 'wx1' });
    expect(attemptOf({ outcome: 'reached', 'profile.wechat': '', 'profile.birthday_calendar': 'solar' }).profile).toBeUndefined();
    expect(attemptOf({ outcome: 'reached', 'profile.birthday': '6-6', 'profile.birthday_calendar': 'lunar_leap' }).profile).toEqual({
      birthday: '6-6',
      birthday_calendar: 'lunar_leap',
    });
  });
});
