import { blockRule } from './block.rule.js';
import { capRule } from './cap.rule.js';
import { centralGreetingRule } from './central-greeting.rule.js';
import { consentRule } from './consent.rule.js';
import { coolingOffRule } from './cooling-off.rule.js';
import type { Reason } from '../contact.types.js';
import type { Finding, GateContext, GateFacts, GateRule, Question } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';
import { numberHealthRule } from './number-health.rule.js';
import { optOutRule } from './opt-out.rule.js';
import { protectionRule } from './protection.rule.js';
import { statusRule } from './status.rule.js';
import { nextOpening, windowRule } from './window.rule.js';

/**
 * The rules in the order of precedence: what lasts before what passes, so that the first reason of a verdict (the only
 * one an audience counts) is the one that matters longest.
 */
export const GATE_RULES: readonly GateRule[] = [
  statusRule,
  blockRule,
  optOutRule,
  consentRule,
  numberHealthRule,
  protectionRule,
  coolingOffRule,
  centralGreetingRule,
  capRule,
  windowRule,
];

export interface Decision {
  allowed: boolean;
  reasons: Reason[];
  until: Date | null;
}

export interface Check {
  rule: GateRule;
  state: 'passed' | 'broken' | 'not_applicable';
  until: Date | null;
}

/** Each rule with its answer, for the page that explains a decision. */
export function checks(question: Question, facts: GateFacts, context: GateContext): Check[] {
  return GATE_RULES.map((rule): Check => {
    if (!rule.applies(question)) return { rule, state: 'not_applicable', until: null };
    const finding = rule.check(question, facts, context);
    return { rule, state: finding ? 'broken' : 'passed', until: finding?.until ?? null };
  });
}

/**
 * When it may be tried again: every rule has to give way by itself, and the moment has to lie in the window.
 * null = allowed already, or waiting does not help.
 */
export function tryAgainAt(question: Question, findings: readonly Pick<Finding, 'until'>[], context: GateContext): Date | null {
  if (findings.length === 0) return null;
  const latest = latestEnd(findings.map((finding) => finding.until));
  return latest === null ? null : nextOpening(question, context, latest);
}

/** Allowed, or refused with every reason and the next moment. The pure form of what the ledger's SQL decides for sets. */
export const decide = (question: Question, facts: GateFacts, context: GateContext): Decision => decideBy(GATE_RULES, question, facts, context);

/** What counts contacts, or follows from one: a call under way would speak against itself. */
const OF_CONTACTS: readonly GateRule[] = [capRule, coolingOffRule, protectionRule];

/** The same for a contact that was allowed already and takes place a while later: what the customer, the books and the clock say by then. */
export const decideAgain = (question: Question, facts: GateFacts, context: GateContext): Decision =>
  decideBy(
    GATE_RULES.filter((rule) => !OF_CONTACTS.includes(rule)),
    question,
    facts,
    context,
  );

function decideBy(rules: readonly GateRule[], question: Question, facts: GateFacts, context: GateContext): Decision {
  const findings = rules
    .filter((rule) => rule.applies(question))
    .map((rule) => rule.check(question, facts, context))
    .filter((finding): finding is Finding => finding !== null);
  return { allowed: findings.length === 0, reasons: findings.map((f) => f.reason), until: tryAgainAt(question, findings, context) };
}
