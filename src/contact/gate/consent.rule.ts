import type { Channel } from '../contact.types.js';
import type { GateRule } from './gate.types.js';

const WRITTEN: readonly Channel[] = ['sms', 'wecom', 'qq', 'weibo'];

/** Which consent a channel needs: written ones that for SMS, spoken ones that for calls. */
export const consentFor = (channel: Channel): 'smsConsent' | 'callConsent' => (WRITTEN.includes(channel) ? 'smsConsent' : 'callConsent');

/** Marketing needs a yes; not known is no. */
export const consentRule: GateRule = {
  reason: 'no_consent',
  source: 'GOV-3',
  applies: (question) => question.purpose === 'marketing' && question.channel !== 'inbound',
  check: (question, facts) => (facts.customer?.[consentFor(question.channel)] === true ? null : { reason: 'no_consent', until: null }),
};
