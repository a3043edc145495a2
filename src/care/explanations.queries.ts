import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../contact/contact.queries.js';
import { CustomersQueries } from '../customers/customers.queries.js';
import type { CustomerFacts } from '../customers/customers.types.js';
import { Clock } from '../kernel/clock.js';
import { addDays, type Day, isDay } from '../kernel/day.js';
import { InvalidInput } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Catalogue, type Locale } from '../platform/i18n/catalogue.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CareFactsQueries } from './care-facts.queries.js';
import { CareRulesQueries } from './care-rules.queries.js';
import type { CareFacts, Due, DueFacts, ExplainedDecision, Moment, RuleCode, RuleRow } from './care.types.js';
import { reasonText, type Say, sayer } from './care.views.js';
import { level } from './planning/level.policy.js';
import { type MessagePurpose, messagePurposeOf, ruleOf } from './rules/rule-list.policy.js';

export interface Explanation {
  rule: RuleCode;
  decision: ExplainedDecision;
  dueOn: Day | null;
  deadlineOn: Day | null;
  reasons: string[];
  policyVersion: number;
}

interface Planned {
  rule: RuleCode;
  cycle: string;
  dueOn: Day;
  deadlineOn: Day;
  facts: DueFacts;
  policyVersion: number;
}

/** A contact that was planned and is not any more, or has gone to somebody else. */
interface Replanned {
  rule: RuleCode;
  why: string;
  on: Day;
}

/** Everything one explanation is made of. */
interface Case {
  facts: CareFacts;
  moment: Moment;
  planned: readonly Planned[];
  replanned: readonly Replanned[];
  /** Why the customer may not be called, or sent a message of that purpose; null when nothing is against it. */
  refusals: Record<'call' | MessagePurpose, string | null>;
  say: Say;
}

type Judged = Due & { decision: ExplainedDecision; stored?: Planned | undefined };

/** What stands in the answer when one rule wants several contacts. */
const TELLING: readonly ExplainedDecision[] = ['planned', 'refused', 'already-planned', 'not-due', 'disabled'];
const LOOK_AHEAD_DAYS = 60;

/** Says for a customer and a day what every rule decides and why (CAR-11): the pure form of the rules, the gate, what is planned already. */
@Injectable()
export class ExplanationsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersQueries,
    private readonly contact: ContactQueries,
    private readonly rules: CareRulesQueries,
    private readonly careFacts: CareFactsQueries,
    private readonly catalogue: Catalogue,
  ) {}

  /** @throws DomainError not_found for a number outside the scope, phone_invalid; InvalidInput day_malformed */
  async explain(
    user: CurrentUser,
    ask: { phone: string; date: Day; locale: Locale },
  ): Promise<{ customer: CustomerFacts; decisions: Explanation[] }> {
    if (!isDay(ask.date)) throw new InvalidInput([{ param: 'date', code: 'day_malformed' }]);
    const customer = await this.customers.byNumber(user, ask.phone);
    return { customer, decisions: await this.decisions(customer, ask) };
  }

  /** What every rule says of this customer. */
  async decisions(customer: CustomerFacts, { date, locale }: { date: Day; locale: Locale }): Promise<Explanation[]> {
    const [known, rows] = [await this.caseOf(customer, date, locale), await this.rules.list()];
    return rows.map((row) => withHistory(explainRule(row, known), known));
  }

  private async caseOf(customer: CustomerFacts, day: Day, locale: Locale): Promise<Case> {
    const messages = (purpose: MessagePurpose): Promise<string | null> => this.refusal(customer.id, { channel: 'sms', purpose, day });
    const [facts, moment, planned, replanned, call, care, greeting, service] = await Promise.all([
      this.careFacts.factsOf(customer.id, day),
      this.careFacts.moment(day),
      this.plannedFor(customer.id),
      this.replannedFor(customer.id),
      this.callRefusal(customer.id, day),
      messages('care'),
      messages('greeting'),
      messages('service'),
    ]);
    const refusals = { call: call ?? ((await this.hasManager(customer.id)) ? null : 'no_manager'), care, greeting, service };
    return { facts, moment, planned, replanned, refusals, say: sayer(this.catalogue, locale, this.clock.now()) };
  }

  private plannedFor(customerId: string): Promise<Planned[]> {
    return this.db.rows<Planned>(sql`
      select rule_code as rule, cycle, due_on as "dueOn", deadline_on as "deadlineOn", facts, policy_version as "policyVersion"
      from care.due where customer_id = ${customerId} and not withdrawn`);
  }

  /** The last time a rule's contact was taken back or moved, as long as nothing else has come of it. */
  private replannedFor(customerId: string): Promise<Replanned[]> {
    return this.db.rows<Replanned>(sql`
      select distinct on (r.rule_code) r.rule_code as rule, r.why, platform.day_of(r.at) as on
      from care.replan r join care.due d using (rule_code, customer_id, cycle)
      where r.customer_id = ${customerId} and d.state in ('open', 'cancelled') order by r.rule_code, r.id desc`);
  }

  private async hasManager(customerId: string): Promise<boolean> {
    const row = await this.db.maybe(sql`
      select 1 from customers.v_customer c join staff.v_user u on u.id = c.manager_id and u.active and u.role = 'manager' where c.id = ${customerId}`);
    return row !== undefined;
  }

  private async callRefusal(customerId: string, day: Day): Promise<string | null> {
    const working = await this.db.maybe<{ day: Day }>(sql`select day from calendar.v_day where day >= ${day}::date and working order by day limit 1`);
    return this.refusal(customerId, { channel: 'call', purpose: 'care', day: working?.day ?? day, caps: false });
  }

  /** The gate's answer to the same question that a plan run asks. */
  private async refusal(customerId: string, ask: Parameters<ContactQueries['plannable']>[1]): Promise<string | null> {
    const line: Sql = sql`select l.customer_id, l.line_id, l.number from customers.v_contact_line l where l.customer_id = ${customerId}`;
    const row = await this.db.maybe<{ reason: string | null }>(this.contact.plannable(line, ask));
    return row?.reason ?? null;
  }
}

function withHistory(told: Explanation, { replanned, say }: Case): Explanation {
  const last = replanned.find(({ rule }) => rule === told.rule);
  if (!last) return told;
  return {
    ...told,
    reasons: [...told.reasons, say({ key: 'care.why.replanned', params: { on: { day: last.on }, why: { key: `care.replan.${last.why}` } } })],
  };
}

function explainRule(row: RuleRow, known: Case): Explanation {
  const rule = ruleOf(row.code);
  const base = { rule: row.code, policyVersion: row.version };
  const silent = { ...base, decision: 'not-due' as const, dueOn: null, deadlineOn: null };
  if (!row.enabled) return { ...silent, decision: 'disabled', reasons: [known.say({ key: 'care.why.disabled', params: {} })] };
  const decision = rule.decide(known.facts, row.settings, known.moment);
  const judged = decision.due.map((due) => judge(due, row.code, known)).sort((a, b) => TELLING.indexOf(a.decision) - TELLING.indexOf(b.decision));
  const telling = judged.filter((one) => one.decision === judged[0]?.decision);
  const [first] = telling;
  if (!first) return { ...silent, deadlineOn: decision.nextOn, reasons: [known.say(decision.why)] };
  return {
    rule: row.code,
    decision: first.decision,
    dueOn: first.stored?.dueOn ?? (first.decision === 'planned' ? firstDay(first, known.moment) : null),
    deadlineOn: first.stored?.deadlineOn ?? first.deadlineOn,
    reasons: [...new Set(telling.flatMap((one) => reasonsOf(one, row, known)))],
    policyVersion: first.stored?.policyVersion ?? row.version,
  };
}

/** What the gate was asked for this contact. */
const askedFor = (due: Due, code: RuleCode): keyof Case['refusals'] => (due.channel === 'call' ? 'call' : messagePurposeOf(ruleOf(code)));

function judge(due: Due, code: RuleCode, { planned, refusals }: Case): Judged {
  const stored = planned.find((one) => one.rule === code && one.cycle === due.cycle);
  if (stored) return { ...due, decision: 'already-planned', stored };
  return { ...due, decision: refusals[askedFor(due, code)] === null ? 'planned' : 'refused' };
}

function reasonsOf(due: Judged, row: RuleRow, { refusals, say }: Case): string[] {
  const told = due.stored ?? { facts: due.facts, deadlineOn: due.deadlineOn, policyVersion: row.version };
  const reason = reasonText(say, ruleOf(row.code), told);
  if (due.decision !== 'refused') return [reason];
  return [reason, say({ key: 'care.why.refused', params: { why: { key: `contact.reason.${refusals[askedFor(due, row.code)] ?? 'blocked'}` } } })];
}

/** Where a plan run puts it when the manager has room. */
function firstDay(due: Due, { day, isWorking }: Moment): Day {
  if (due.channel === 'sms') return due.fromOn;
  const days = Array.from({ length: LOOK_AHEAD_DAYS }, (_, i) => addDays(day, i)).filter(isWorking);
  const [placed] = level(
    [{ from: due.fromOn, until: due.late ? null : due.deadlineOn, count: 1 }],
    days.map((one) => ({ day: one, room: 1 })),
  );
  return placed?.day ?? due.fromOn;
}
