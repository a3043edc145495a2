import { redialAt } from './redial.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);

describe('When a customer is dialled again (CAM-4)', () => {
  it.each([
    { name: 'no answer in the morning waits for the afternoon', redial: 'other_slot', ended: '2026-11-24T10:00', gap: 120, next: '2026-11-24T14:00' },
    {
      name: 'no answer at noon still belongs to another time of day',
      redial: 'other_slot',
      ended: '2026-11-24T11:50',
      gap: 120,
      next: '2026-11-24T14:00',
    },
    {
      name: 'a gap that ends in another slot is kept to the minute',
      redial: 'other_slot',
      ended: '2026-11-24T11:50',
      gap: 180,
      next: '2026-11-24T14:50',
    },
    { name: 'no answer in the afternoon waits for the evening', redial: 'other_slot', ended: '2026-11-24T14:10', gap: 120, next: '2026-11-24T18:00' },
    {
      name: 'no answer in the evening waits for the next morning',
      redial: 'other_slot',
      ended: '2026-11-24T18:30',
      gap: 60,
      next: '2026-11-25T09:00',
    },
    {
      name: 'a day between is another time of day, though the hour is the same',
      redial: 'other_slot',
      ended: '2026-11-24T10:00',
      gap: 1440,
      next: '2026-11-25T10:00',
    },
    {
      name: 'the last evening of a month goes over into the next',
      redial: 'other_slot',
      ended: '2026-11-30T19:00',
      gap: 120,
      next: '2026-12-01T09:00',
    },
    { name: 'a busy line is tried after the gap', redial: 'same_day', ended: '2026-11-24T10:00', gap: 120, next: '2026-11-24T12:00' },
    { name: 'a suspended number waits a week', redial: 'later', ended: '2026-11-24T16:00', gap: 120, next: '2026-12-01T09:00' },
    { name: 'a gap of nought switches the spacing off', redial: 'other_slot', ended: '2026-11-24T10:00', gap: 0, next: '2026-11-24T10:00' },
  ] as const)('$name', ({ redial, ended, gap, next }) => {
    expect(redialAt(redial, at(ended), gap)).toEqual(at(next));
  });
});
