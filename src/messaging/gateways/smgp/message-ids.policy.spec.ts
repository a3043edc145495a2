import { refOf } from './message-ids.policy.js';

const NOVEMBER = new Date('2026-11-24T02:00:00Z');
const of = (hex: string, now = NOVEMBER): string => refOf(Buffer.from(hex, 'hex'), now);

describe('R42 ids of SMGP', () => {
  it.each([
    ['of today', '59100311241000000042', NOVEMBER, '2026-59100311241000000042'],
    ['of last month', '59100310312359000042', NOVEMBER, '2026-59100310312359000042'],
    ['of a clock that runs ahead over the end of the month', '59100312010001000042', new Date('2026-11-30T15:59:00Z'), '2026-59100312010001000042'],
    ['of the old year, heard in the new one', '59100312312359000042', new Date('2026-12-31T16:01:00Z'), '2026-59100312312359000042'],
    ['of the new year, heard in the old one', '59100301010000000042', new Date('2026-12-31T15:59:00Z'), '2027-59100301010000000042'],
    ['dated half a year away: no date', '59100305241000000042', NOVEMBER, '59100305241000000042'],
    ['of month 13', '59100313241000000042', NOVEMBER, '59100313241000000042'],
    ['of hour 25', '59100311242500000042', NOVEMBER, '59100311242500000042'],
    ['that is no decimal number at all', 'ffa0031124100000abcd', NOVEMBER, 'ffa0031124100000abcd'],
  ])('%s', (_, hex, now, ref) => expect(of(hex, now)).toBe(ref));

  it('the same a year later is another one', () => {
    expect(of('59100311241000000042')).not.toBe(of('59100311241000000042', new Date('2027-11-24T02:00:00Z')));
  });
});
