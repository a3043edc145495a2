import { notFound } from '../../kernel/errors.js';
import type { CareRule, RuleCode } from '../care.types.js';
import { birthday } from './birthday.rule.js';
import { calendarGreeting } from './calendar-greeting.rule.js';
import { packageUsage } from './package-usage.rule.js';
import { periodicAttention } from './periodic-attention.rule.js';
import { roamingReturn } from './roaming-return.rule.js';
import { serviceFollowUp } from './service-follow-up.rule.js';
import { silent } from './silent.rule.js';
import { smsVisit } from './sms-visit.rule.js';
import { starPromotion } from './star-promotion.rule.js';
import { starRights } from './star-rights.rule.js';
import { starRevisit } from './star-revisit.rule.js';

/** Every rule; its `sort` says how good a reason it is, the smallest first, whatever its place here. */
export const RULES: readonly CareRule[] = [
  starPromotion,
  birthday,
  starRights,
  serviceFollowUp,
  periodicAttention,
  starRevisit,
  roamingReturn,
  packageUsage,
  silent,
  smsVisit,
  calendarGreeting,
].sort((a, b) => a.sort - b.sort);

const byCode = new Map<string, CareRule>(RULES.map((rule) => [rule.code, rule]));

/** @throws DomainError not_found */
export function ruleOf(code: string): CareRule {
  const rule = byCode.get(code);
  if (!rule) throw notFound('care_rule', code);
  return rule;
}

/** Codes of what reasons can be ticked off on the call desk. */
export const TICKS: readonly RuleCode[] = RULES.map((rule) => rule.code);

export type MessagePurpose = NonNullable<CareRule['messagePurpose']>;
export const messagePurposeOf = (rule: CareRule): MessagePurpose => rule.messagePurpose ?? 'care';
