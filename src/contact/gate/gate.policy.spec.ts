import { DEFAULT_SETTINGS, settingsFrom } from '../settings/gate-settings.policy.js';
import { REASONS, type Reason } from '../contact.types.js';
import { checks, decide, GATE_RULES } from './gate.policy.js';
import type { GateContext, GateFacts, Question } from './gate.types.js';

const CONTEXT: GateContext = { settings: DEFAULT_SETTINGS, closedDays: new Set(['2026-10-01', '2026-10-02', '2026-10-03']) };
const CLEAR: GateFacts = {
  customer: { status: 'active', smsConsent: true, callConsent: true },
  lineHealth: 'good',
  lineStatus: 'active',
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
    expect(decide(CALL, { ...CLEAR, customer: null, lineHealth: null, lineStatus: null }, CONTEXT).reasons).toEqual(['no_consent']);
  });

  it('GOV-5 a limit of 0 forbids for good', () => {
    const settings = settingsFrom([{ rule: 'caps', value: { callsPerDay: 0 } }]);
    expect(settings.caps.callsPerWeek).toBe(5);
    expect(decide(CALL, CLEAR, { ...CONTEXT, settings })).toEqual({ allowed: false, reasons: ['cap_reached'], until: null });
  });

  it('GOV-4 outside a working window that never meets the hard one there is no moment to wait for', () => {
    expect(decide({ ...CALL, callWindow: [['22:00', '23:00']] }, CLEAR, CONTEXT)).toEqual({ allowed: false, reasons: ['quiet_hours'], until: null });
  });

  const day = (text: string): Date => new Date(`${text}+08:00`);
  const CALLED = { channel: 'call', purpose: 'care', state: 'confirmed', expiresAt: null, source: 'desk' } as const;
  const wall = (scope: 'all' | 'marketing') => ({ channel: 'all', scope, productFamily: null, campaignId: null, until: null }) as const;
  it.each<[Reason, Partial<Question>, Partial<GateFacts>]>([
    ['inactive', {}, { customer: { status: 'churned', smsConsent: true, callConsent: true } }],
    ['inactive', {}, { lineStatus: 'churned' }],
    ['inactive', { channel: 'sms', purpose: 'greeting' }, { lineStatus: 'suspended' }],
    ['blocked', { purpose: 'service' }, { blocks: [wall('all')] }],
    ['opted_out', {}, { blocks: [wall('marketing')] }],
    ['no_consent', {}, { customer: { status: 'active', smsConsent: true, callConsent: null } }],
    ['invalid_number', { purpose: 'service' }, { lineHealth: 'invalid' }],
    ['protected', {}, { protections: [{ kind: 'complaint', until: null }] }],
    ['cooling_off', { productFamily: '5g' }, { coolingOff: [{ family: '5g', until: day('2026-12-01T00:00:00') }] }],
    ['central_greeting', { channel: 'visit', purpose: 'greeting', at: day('2026-10-01T10:00:00') }, {}],
    ['cap_reached', {}, { touches: [8, 9].map((hour) => ({ ...CALLED, at: day(`2026-11-24T0${hour}:00:00`) })) }],
    ['quiet_hours', { at: day('2026-11-24T13:00:00') }, {}],
  ])('GOV-1 %s is reached, and alone', (reason, asked, facts) => {
    expect(decide({ ...CALL, ...asked }, { ...CLEAR, ...facts }, CONTEXT).reasons).toEqual([reason]);
  });

  it('GOV-1 the rules give the first ten reasons, in the order of precedence', () => {
    expect(GATE_RULES.map((rule) => rule.reason)).toEqual(REASONS.slice(0, GATE_RULES.length));
  });

  it('tells of each rule whether it had a say', () => {
    const states = Object.fromEntries(
      checks({ ...CALL, purpose: 'care' }, { ...CLEAR, customer: null }, CONTEXT).map((one) => [one.rule.reason, one.state]),
    );
    expect(states).toMatchObject({ no_consent: 'not_applicable', cap_reached: 'passed', quiet_hours: 'passed', central_greeting: 'not_applicable' });
  });
});
