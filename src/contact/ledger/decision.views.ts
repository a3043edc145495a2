import { capsFor, countedBy } from '../gate/cap.rule.js';
import { optOutsOf } from '../gate/opt-out.rule.js';
import { openProtections } from '../gate/protection.rule.js';
import type { Purpose } from '../contact.types.js';
import { consentFor } from '../gate/consent.rule.js';
import type { Explanation, Subject } from './decisions.queries.js';
import type { Check } from '../gate/gate.policy.js';
import type { GateFacts, Question } from '../gate/gate.types.js';
import { outOfService } from '../gate/status.rule.js';
import { note, type Note, timeOf } from './evidence.views.js';
import { isPromise, slotsFor, slotsText } from '../gate/window.rule.js';

function blockNote(check: Check, facts: GateFacts, scope: 'all' | 'marketing'): Note {
  if (check.state !== 'broken') return note(scope === 'all' ? 'not_blocked' : 'not_opted_out');
  const key = scope === 'all' ? 'blocked' : 'opted_out';
  return check.until ? note(`${key}_until`, { until: timeOf(check.until) }) : note(key);
}

const yesNo = (value: boolean | null | undefined): string => (value === true ? 'yes' : value === false ? 'no' : 'unknown');

function capNote({ question, facts, context }: Explanation): Note {
  const caps = capsFor(question, context.settings).map((cap) => ({ cap, used: countedBy(cap, facts.touches, question.at).length }));
  const held = caps.find(({ cap, used }) => cap.name === 'calls_elsewhere' && used > 0);
  if (held) return note('cap.calls_elsewhere');
  const counted = caps.filter(({ cap }) => cap.name !== 'calls_elsewhere');
  const tightest = counted.sort((a, b) => a.cap.limit - a.used - (b.cap.limit - b.used))[0];
  return tightest ? note(`cap.${tightest.cap.name}`, { used: tightest.used, limit: tightest.cap.limit }) : note('cap.none');
}

/** What each rule looked at, as one sentence. */
function evidence(check: Check, explanation: Explanation): Note {
  const { facts, question, context } = explanation;
  const open = openProtections(facts, question);
  switch (check.rule.reason) {
    case 'inactive':
      return note(`status.${outOfService(question, facts) ?? facts.customer?.status ?? 'unknown'}`);
    case 'blocked':
      return blockNote(check, facts, 'all');
    case 'opted_out':
      return blockNote(check, facts, 'marketing');
    case 'no_consent':
      return note(`consent.${yesNo(facts.customer?.[consentFor(question.channel)])}`);
    case 'invalid_number':
      return note(`health.${facts.lineHealth ?? 'unknown'}`);
    case 'protected':
      return open.length > 0 ? note('protected', { count: open.length }) : note(question.purpose === 'marketing' ? 'not_protected' : 'not_porting');
    case 'cooling_off':
      return check.until ? note('cooling_off', { until: timeOf(check.until) }) : note('not_cooling_off');
    case 'central_greeting':
      return note(check.state === 'broken' ? 'central_greeting' : 'no_central_greeting');
    case 'cap_reached':
      return capNote(explanation);
    default:
      return note(isPromise(question) ? 'hours_promise' : 'hours', { slots: slotsText(slotsFor(question, context)) });
  }
}

/** Why a rule had no say. */
const idle = ({ rule }: Check, { purpose, productFamily }: Question): Note =>
  note(rule.reason === 'cooling_off' && purpose === 'marketing' && productFamily === null ? 'no_campaign' : 'not_applicable');

const LOOKS: Record<Check['state'], { row: string; icon: string; tone: string; chip: string }> = {
  broken: { row: 'is-bad', icon: 'circle-x', tone: 'sc-bad', chip: 'bad' },
  passed: { row: '', icon: 'circle-check', tone: 'sc-ok', chip: 'ok' },
  not_applicable: { row: '', icon: 'circle-minus', tone: 'sc-muted', chip: '' },
};

const WEIGHT: Record<Check['state'], number> = { broken: 0, passed: 1, not_applicable: 2 };

/** The page's verdict, its rules with their evidence, and the other ways of contact. */
export function decisionView(subject: Subject | null, explanation: Explanation, others: readonly Explanation[]): object {
  const { decision, question } = explanation;
  const rows = explanation.checks.map((check) => ({
    reason: check.rule.reason,
    source: check.rule.source,
    state: check.state,
    look: LOOKS[check.state],
    evidence: check.state === 'not_applicable' ? idle(check, question) : evidence(check, explanation),
    optOuts: check.rule.reason === 'opted_out' ? optOutsOf(explanation.facts, question.at) : [],
    protections: check.rule.reason === 'protected' && check.state === 'broken' ? openProtections(explanation.facts, question) : [],
  }));
  const count = (state: Check['state']): number => rows.filter((row) => row.state === state).length;
  return {
    subject,
    question,
    allowed: decision.allowed,
    reasons: decision.reasons,
    until: decision.until,
    lasting: !decision.allowed && decision.until === null,
    rows: rows.sort((a, b) => WEIGHT[a.state] - WEIGHT[b.state]),
    counts: { all: rows.length, passed: count('passed'), broken: count('broken'), idle: count('not_applicable') },
    others: others.map((other) => ({
      channel: other.question.channel,
      purpose: other.question.purpose,
      allowed: other.decision.allowed,
      reason: other.decision.reasons[0] ?? null,
      until: other.decision.until,
    })),
  };
}

/** What the page compares with: each channel with the purposes people ask for. */
export const OTHER_WAYS: readonly { channel: 'call' | 'sms'; purpose: Purpose }[] = [
  { channel: 'call', purpose: 'marketing' },
  { channel: 'call', purpose: 'care' },
  { channel: 'sms', purpose: 'service' },
  { channel: 'sms', purpose: 'care' },
  { channel: 'sms', purpose: 'marketing' },
];
