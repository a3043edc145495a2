import { absenceRefusal, endingOf } from './absence.policy.js';

const today = '2026-11-24';
const day = (from: string, to = from, part: 'day' | 'morning' | 'afternoon' = 'day') => ({ from, to, part });

describe('SYS-6 whether an absence may be noted', () => {
  const known = [day('2026-12-01', '2026-12-03'), day('2026-12-10', '2026-12-10', 'morning')];

  it.each([
    ['the days after another', day('2026-12-04'), true, null],
    ['the other half of a day', day('2026-12-10', '2026-12-10', 'afternoon'), true, null],
    ['today, by oneself', day(today), true, null],
    ['yesterday, by a supervisor', day('2026-11-23'), false, null],
    ['31 days back, by a supervisor', day('2026-10-24'), false, null],
    ['32 days back, by a supervisor', day('2026-10-23'), false, 'day_past from'],
    ['yesterday, by oneself', day('2026-11-23', today), true, 'absence_own_past from'],
    ['reversed', day('2026-12-05', '2026-12-04'), true, 'absence_reversed to'],
    ['a day of another', day('2026-12-03', '2026-12-05'), true, 'absence_overlaps from'],
    ['the whole of a day half away', day('2026-12-10'), true, 'absence_overlaps from'],
  ])('%s', (_what, asked, own, refusal) => {
    const said = absenceRefusal(asked, known, { today, own });
    expect(said && `${said.code} ${said.param}`).toBe(refusal);
  });

  it('says which other it meets', () => {
    expect(absenceRefusal(day('2026-12-03'), known, { today, own: true })?.params).toEqual({ from: '2026-12-01', to: '2026-12-03' });
  });
});

describe('SYS-6 how an absence ends that is taken back', () => {
  it.each([
    ['2026-11-25', '2026-11-27', { cancel: true }],
    ['2026-11-24', '2026-11-27', { cancel: true }],
    ['2026-11-20', '2026-11-27', { lastDay: '2026-11-23' }],
    ['2026-11-20', '2026-11-24', { lastDay: '2026-11-23' }],
    ['2026-11-20', '2026-11-23', 'over'],
  ])('%s to %s', (from, to, ending) => {
    expect(endingOf({ from, to }, today)).toEqual(ending);
  });
});
