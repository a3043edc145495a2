import { DEFAULT_SETTINGS } from '../settings/gate-settings.policy.js';
import type { GateContext } from './gate.types.js';
import { questionOf } from './question.policy.js';
import { openSpans } from './window.rule.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);
const shown = (spans: { from: Date; to: Date }[]): string[] =>
  spans.map(({ from, to }) => [from, to].map((one) => new Date(one.getTime() + 8 * 3_600_000).toISOString().slice(5, 16)).join(' '));
const context: GateContext = {
  settings: { ...DEFAULT_SETTINGS, hardWindow: { ...DEFAULT_SETTINGS.hardWindow, sms: [['08:00', '21:00']] } },
  closedDays: new Set(['2027-02-06', '2027-02-07']),
};

describe('R15, GOV-4 the spans in which messages may go out', () => {
  it('begin with now, end with the last day, and leave out the closed days', () => {
    const question = questionOf({ channel: 'sms', purpose: 'marketing', at: at('2027-02-05T20:00') });
    expect(shown(openSpans(question, context, { from: at('2027-02-05T20:00'), until: at('2027-02-09T10:00') }))).toEqual([
      '02-05T20:00 02-05T21:00',
      '02-08T08:00 02-08T21:00',
      '02-09T08:00 02-09T21:00',
    ]);
  });

  it('are every day’s for what was promised', () => {
    const question = questionOf({ channel: 'sms', purpose: 'service', at: at('2027-02-05T22:00') });
    expect(shown(openSpans(question, context, { from: at('2027-02-05T22:00'), until: at('2027-02-07T00:00') }))).toEqual(['02-06T08:00 02-06T21:00']);
  });
});
