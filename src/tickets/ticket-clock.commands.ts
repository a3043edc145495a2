import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { rawSql, type Sql, sql } from '../platform/database/sql.js';
import { limitAfterWait, limitFrom } from './deadline.policy.js';
import { LimitsQueries } from './limits.queries.js';
import type { TicketKind, TicketScope, TicketTier } from './tickets.types.js';

/** Of a row of `tickets.ticket`: the limit that runs, or would. */
export const RUNNING_LIMIT = rawSql(`case when answered_at is null then 'answer' else 'solve' end`);

/** A ticket with its limits. */
export interface ClockedTicket {
  kind: TicketKind;
  tier: TicketTier;
  scope: TicketScope;
  version: number;
  answeredAt: Date | null;
  answerDue: Date;
  answerEscalate: Date;
  solveDue: Date;
  solveEscalate: Date;
  waitingSince: Date | null;
}

/** The limits of a ticket that moves: columns to set beside the state. */
@Injectable()
export class TicketClock {
  constructor(private readonly limits: LimitsQueries) {}

  /** What was left of either limit when the waiting began is left now. */
  async resumed(tx: Tx, ticket: ClockedTicket, now: Date): Promise<Sql> {
    const wait = { from: ticket.waitingSince ?? now, to: now };
    const { counting } = await this.limits.ruleOf(tx, ticket, wait.from);
    const answer = limitAfterWait({ due: ticket.answerDue, escalate: ticket.answerEscalate }, wait, counting);
    const solve = limitAfterWait({ due: ticket.solveDue, escalate: ticket.solveEscalate }, wait, counting);
    return sql`, waiting_since = null, answer_due = ${answer.due}, answer_escalate = ${answer.escalate},
      solve_due = ${solve.due}, solve_escalate = ${solve.escalate}`;
  }

  /** Opened again it has its time again, and goes before superiors again when that runs out. What was answered stays answered in the time it had. */
  async reopened(tx: Tx, ticket: ClockedTicket, now: Date): Promise<Sql> {
    const { rule, counting } = await this.limits.ruleOf(tx, ticket, now);
    const solve = limitFrom(now, rule.solveMinutes, counting);
    const anew = sql`, solved_at = null, closed_at = null, escalated_at = null, escalated_limit = null,
      solve_due = ${solve.due}, solve_escalate = ${solve.escalate}`;
    if (ticket.answeredAt !== null) return anew;
    const answer = limitFrom(now, rule.answerMinutes, counting);
    return sql`${anew}, answer_due = ${answer.due}, answer_escalate = ${answer.escalate}`;
  }
}
