import { DEFAULT_SETTINGS, settingsFrom } from '../settings/gate-settings.policy.js';
import { checks, decide } from './gate.policy.js';
import type { GateContext, GateFacts, Question } from './gate.types.js';

const CONTEXT: GateContext = { settings: DEFAULT_SETTINGS, closedDays: new Set(['2026-10-01', '2026-10-02', '2026-10-03']) };
const CLEAR: GateFacts = {
  customer: { status: 'active', smsConsent: true, callConsent: true },
  lineHealth: 'good',
  blocks: [],
  touches: [],
  protections: [],
  coolingOff: [],
};
const CALL: Question = {
  channel: 'call',
  purpose: 'marketing',
  at: new Date('2026-11-24T10:00:00+08:00'),
  productFamily: null,
  campaignId: null,
  callWindow: null,
  system: '',
  centralWish: false,
};

describe('GOV-1 the decision', () => {
  it('kept from a property: a greeting by visit is not promised for a closed day', () => {
    const blocks = [
      { channel: 'all' as const, scope: 'all' as const, productFamily: null, campaignId: null, until: new Date('2026-10-01T00:00:00+08:00') },
    ];
    const question: Question = { ...CALL, channel: 'visit', purpose: 'greeting', at: new Date('2026-09-20T00:00:00+08:00') };
    expect(decide(question, { ...CLEAR, blocks }, CONTEXT).until).toEqual(new Date('2026-10-04T00:00:00+08:00'));
  });

  it('a number that belongs to nobody we know has given no consent', () => {
    expect(decide(CALL, { ...CLEAR, customer: null, lineHealth: null }, CONTEXT).reasons).toEqual(['no_consent']);
  });

  it('GOV-5 a limit of 0 forbids for good', () => {
    const settings = settingsFrom([{ rule: 'caps', value: { callsPerDay: 0 } }]);
    expect(settings.caps.callsPerWeek).toBe(5);
    expect(decide(CALL, CLEAR, { ...CONTEXT, settings })).toEqual({ allowed: false, reasons: ['cap_reached'], until: null });
  });

  it('GOV-4 outside a working window that never meets the hard one there is no moment to wait for', () => {
    expect(decide({ ...CALL, callWindow: [['22:00', '23:00']] }, CLEAR, CONTEXT)).toEqual({ allowed: false, reasons: ['quiet_hours'], until: null });
  });

  it('tells of each rule whether it had a say', () => {
    const states = Object.fromEntries(
      checks({ ...CALL, purpose: 'care' }, { ...CLEAR, customer: null }, CONTEXT).map((one) => [one.rule.reason, one.state]),
    );
    expect(states).toMatchObject({ no_consent: 'not_applicable', cap_reached: 'passed', quiet_hours: 'passed', central_greeting: 'not_applicable' });
  });
});
