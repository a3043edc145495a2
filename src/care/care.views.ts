import type { Day } from '../kernel/day.js';
import { formatFen } from '../kernel/money.js';
import type { Catalogue, Locale, TextParams } from '../platform/i18n/catalogue.js';
import { monthDayText } from '../platform/views/formats.js';
import type { CareRule, DueFacts, RuleRow, Sentence, SentenceValue } from './care.types.js';

export type Say = (sentence: Sentence) => string;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function monthText(day: Day, locale: Locale): string {
  const month = Number(day.slice(5, 7));
  return locale === 'zh' ? `${month}月` : (MONTHS[month - 1] ?? '');
}

/** Puts sentences into the reader's language. */
export function sayer(catalogue: Catalogue, locale: Locale, now: Date): Say {
  const valueText = (value: SentenceValue): string | number => {
    if (typeof value !== 'object') return value;
    if ('day' in value) return monthDayText(value.day, locale, now);
    if ('month' in value) return monthText(value.month, locale);
    if ('fen' in value) return formatFen(value.fen, true);
    return say({ key: value.key, params: value.params ?? {} });
  };
  const say: Say = ({ key, params }) => {
    const said: TextParams = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, valueText(value)]));
    return catalogue.t(locale, key, said);
  };
  return say;
}

/** Why a customer is contacted, with the version of the rule that says so (CAR-11). */
export function reasonText(say: Say, rule: CareRule, due: { facts: DueFacts; deadlineOn: Day; policyVersion: number }): string {
  const { key, params } = rule.sentence(due.facts, due.deadlineOn);
  return say({
    key: 'care.reason',
    params: { rule: { key: `care.rule.${rule.code}` }, reason: { key, params }, version: String(due.policyVersion) },
  });
}

/** A rule as the API gives and takes it. */
export const ruleView = ({ code, enabled, version, settings }: RuleRow): Pick<RuleRow, 'code' | 'enabled' | 'version' | 'settings'> => ({
  code,
  enabled,
  version,
  settings,
});
