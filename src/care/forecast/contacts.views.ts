import { isRuleCode } from '../care.types.js';
import type { ContactCount, ContactRow } from './contacts.queries.js';

/** The text that names a rule; lists of other standing campaigns are named together. */
export const ruleName = (rule: string): string => (isRuleCode(rule) ? `care.rule.${rule}` : 'care.forecast.other_list');

/** How a contact comes about: on a list already, to be planned, or along with another call. */
export const howOf = ({
  listed,
  ownCall,
  channel,
}: Pick<ContactRow, 'listed' | 'ownCall' | 'channel'>): 'listed' | 'along' | 'message' | 'to_plan' =>
  listed ? 'listed' : channel === 'sms' ? 'message' : ownCall ? 'to_plan' : 'along';

export const contactLine = (row: ContactRow): object => ({ ...row, ruleName: ruleName(row.rule), how: howOf(row) });

export const contactCounts = (counts: readonly ContactCount[]): object[] => counts.map((count) => ({ ...count, ruleName: ruleName(count.rule) }));
