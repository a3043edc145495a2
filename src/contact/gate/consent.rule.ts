import type { Channel } from '../contact.types.js';
import type { GateRule } from './gate.types.js';

/** Which consent a channel needs: written ones that for SMS, spoken ones that for calls. */
export const consentFor = (channel: Channel): 'smsConsent' | 'callConsent' =>
  channel === 'sms' || channel === 'wecom' ? 'smsConsent' : 'callConsent';

/** Marketing needs a yes; not known is no. */
export const consentRule: GateRule = {
  reason: 'no_consent',
  source: 'GOV-3',
  applies: (question) => question.purpose === 'marketing' && question.channel !== 'inbound',
  check: (question, facts) => (facts.customer?.[consentFor(question.channel)] === true ? null : { reason: 'no_consent', until: null }),
};
