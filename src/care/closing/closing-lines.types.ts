/**
 * The best first: a line entered for the day, the customer's own day, what all keep, the weather, the house's own day, the days off. `value` names the
 * day, the festival or the solar term.
 */
export const CLOSING_KINDS = [
  'day',
  'birthday',
  'festival',
  'solar_term',
  'cold',
  'heat',
  'member_day',
  'weekend',
  'weekend_eve',
  'default',
] as const;

export type ClosingKind = (typeof CLOSING_KINDS)[number];

/** What a call of a certain day ends with (CAR-5). Greetings of Spring Festival and National Day are the province's (GOV-6): none stands here. */
export interface ClosingLineRow {
  kind: ClosingKind;
  value: string;
  zh: string;
  en: string;
}
