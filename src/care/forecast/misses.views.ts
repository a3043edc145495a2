import type { MissRow } from './misses.queries.js';
import { ruleName } from './contacts.views.js';

/** Reasons that are not the gate's. */
const OWN = ['no_capacity', 'away'];
/** What there is a word of advice for; the others are settled where the customer is looked at. */
const ADVISED = ['no_capacity', 'away', 'no_manager', 'no_consent', 'opted_out', 'blocked', 'invalid_number', 'protected', 'inactive'];

export const reasonName = (reason: string): string => (OWN.includes(reason) ? `care.missed.why.${reason}` : `contact.reason.${reason}`);
export const helpOf = (reason: string): string => `care.missed.help.${ADVISED.includes(reason) ? reason : 'other'}`;

/** Where the way out lies. */
export const wayOut = ({ reason, customerId }: Pick<MissRow, 'reason' | 'customerId'>): string =>
  reason === 'no_capacity' ? '/care/forecast' : `/customers/${customerId}`;

export const missLine = (row: MissRow): object => ({
  ...row,
  ruleName: ruleName(row.rule),
  reasonName: reasonName(row.reason),
  helpName: helpOf(row.reason),
  href: wayOut(row),
});
