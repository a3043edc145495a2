import type { Day } from '../../kernel/day.js';
import { type CareFacts, type FollowUpFact, NOTHING_KNOWN } from '../care.types.js';
import { serviceFollowUp } from './service-follow-up.rule.js';
import { checkedSettings, readSettings } from './settings.policy.js';

const order = (closedOn: Day, more: Partial<FollowUpFact> = {}): FollowUpFact => ({ kind: 'order', reference: 'A-1', closedOn, ...more });
const decide = (followUps: FollowUpFact[], given: object = {}, facts: Partial<CareFacts> = {}) =>
  serviceFollowUp.decide({ ...NOTHING_KNOWN, followUps, ...facts }, readSettings(serviceFollowUp.fields, { ...given }), {
    day: '2026-11-24',
    isWorking: () => true,
    isOccasion: () => false,
  });
const dueOf = (...asked: Parameters<typeof decide>): string[] =>
  decide(...asked).due.map(({ cycle, fromOn, deadlineOn, late }) => `${cycle}: ${fromOn} to ${deadlineOn}${late ? ' late' : ''}`);

describe('CAR-9 a call asks how it went', () => {
  it.each<[string, FollowUpFact[], string[]]>([
    ['from the day after it was over, within a week', [order('2026-11-24')], ['2026-11-24 order A-1: 2026-11-25 to 2026-12-01']],
    ['some days later at once', [order('2026-11-20')], ['2026-11-20 order A-1: 2026-11-24 to 2026-11-27']],
    ['on its last day', [order('2026-11-17')], ['2026-11-17 order A-1: 2026-11-24 to 2026-11-24']],
    ['after its last day as late', [order('2026-11-16')], ['2026-11-16 order A-1: 2026-11-24 to 2026-11-23 late']],
    ['not after two months more', [order('2026-09-17')], []],
    ['but up to then', [order('2026-09-18')], ['2026-09-18 order A-1: 2026-11-24 to 2026-09-25 late']],
    ['not of a day still to come', [order('2026-11-25')], []],
    [
      'of each thing on its own',
      [order('2026-11-24'), order('2026-11-24', { kind: 'fault', reference: 'T 7' })],
      ['2026-11-24 order A-1: 2026-11-25 to 2026-12-01', '2026-11-24 fault T 7: 2026-11-25 to 2026-12-01'],
    ],
  ])('%s', (_, followUps, expected) => {
    expect(dueOf(followUps)).toEqual(expected);
  });

  it('only about the kinds the planner wants, and to nobody who has left', () => {
    const both = [order('2026-11-24'), order('2026-11-24', { kind: 'complaint', reference: 'T-8' })];
    expect(dueOf(both, { orders: false })).toEqual(['2026-11-24 complaint T-8: 2026-11-25 to 2026-12-01']);
    expect(dueOf(both, {}, { status: 'churned' })).toEqual([]);
    expect(dueOf(both, {}, { status: 'suspended' })).toHaveLength(2);
  });

  it('cannot wait longer than it may take', () => {
    expect(() => checkedSettings(serviceFollowUp, { restDays: 8, withinDays: 7 })).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ param: 'settings.restDays', code: 'follow_up_too_late' })] }) as Error,
    );
  });
});
