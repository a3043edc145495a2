import { attemptOf, type Posted } from './desk-form.policy.js';
import { DEFAULT_OUTCOMES } from '../outcomes/outcomes.policy.js';

const given = (posted: Posted) => attemptOf(posted, DEFAULT_OUTCOMES);

describe('The form of the call desk', () => {
  it('asks for a time and for an order whatever the house calls the outcome (CAM-6)', () => {
    const own = DEFAULT_OUTCOMES.map((outcome) => ({ ...outcome, code: `our_${outcome.code}` }));
    expect(attemptOf({ outcome: 'our_callback', callbackAt: '2026-11-24T10:30:00.000Z' }, own).callbackAt).toBe('2026-11-24T10:30:00.000Z');
    expect(attemptOf({ outcome: 'our_converted', orderProduct: '5G' }, own).order).toMatchObject({ product: '5G' });
  });

  it('takes a chosen quick time for the callback', () => {
    const posted = { outcome: 'callback', callbackAt: '2026-11-24T10:30:00.000Z', callbackOther: '' };
    expect(given(posted)).toMatchObject({ outcome: 'callback', callbackAt: '2026-11-24T10:30:00.000Z' });
  });

  it('reads a free time as Shanghai time', () => {
    const posted = { outcome: 'callback', callbackAt: 'other', callbackOther: '2026-11-24T18:30' };
    expect(given(posted).callbackAt).toBe('2026-11-24T18:30:00+08:00');
  });

  it('forgets a callback time when another outcome was chosen at last (R35)', () => {
    expect(given({ outcome: 'do_not_call', callbackAt: '2026-11-24T10:30:00.000Z' })).not.toHaveProperty('callbackAt');
  });

  it('hands in an order only with a sale', () => {
    const boxes = { orderProduct: '畅享 239', orderTariff: 'on' };
    expect(given({ outcome: 'converted', ...boxes }).order).toEqual({
      ...{ product: '畅享 239', tariffRead: true, startRead: false, contractRead: false, paid: true },
    });
    expect(given({ outcome: 'reached', ...boxes })).not.toHaveProperty('order');
  });

  it('makes a list of topics, ticked once, often or not at all', () => {
    expect(given({ outcome: 'reached', topics: ['a', 'b'] }).topics).toEqual(['a', 'b']);
    expect(given({ outcome: 'reached', topics: 'a' }).topics).toEqual(['a']);
    expect(given({ outcome: 'reached' }).topics).toEqual([]);
  });

  it('keeps only answers that were given', () => {
    expect(given({ outcome: 'reached', 'profile.wechat': ' wx1 ', 'profile.interests': '' }).profile).toEqual({ wechat: 'wx1' });
    expect(given({ outcome: 'reached', 'profile.wechat': '', 'profile.birthday_calendar': 'solar' }).profile).toBeUndefined();
    expect(given({ outcome: 'reached', 'profile.birthday': '6-6', 'profile.birthday_calendar': 'lunar_leap' }).profile).toEqual({
      birthday: '6-6',
      birthday_calendar: 'lunar_leap',
    });
  });
});
