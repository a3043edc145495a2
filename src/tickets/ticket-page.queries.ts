import { Injectable } from '@nestjs/common';
import { FollowUpQueries } from '../care/follow-ups.queries.js';
import { CustomersQueries } from '../customers/customers.queries.js';
import { exportHref } from '../exports/exports.types.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { LimitsQueries } from './limits.queries.js';
import { referenceOf } from './ticket-book.commands.js';
import { TicketLines } from './ticket-lines.queries.js';
import { mayDo } from './ticket-rights.policy.js';
import { deedsOf, needsCallBack } from './ticket.states.js';
import type { TicketListForm } from './tickets.forms.js';
import { TicketsQueries } from './tickets.queries.js';
import { TICKET_KINDS, TICKET_SCOPES, type TicketDeed, type TicketRow } from './tickets.types.js';
import { askedFilter, entryLine, listHref, pillsOf } from './tickets.views.js';

type View = Record<string, unknown>;

/** These deeds want to know where to. */
const ELSEWHERE: readonly string[] = ['assign', 'transfer', 'merge'];
/** What comes next on the way of a ticket: the button that is blue. */
const NEXT = ['take', 'resume', 'answer', 'solve', 'close'] as const;
const DOUBLES = 50;

/** Reads what the pages of tickets show. */
@Injectable()
export class TicketPage {
  constructor(
    private readonly tickets: TicketsQueries,
    private readonly limits: LimitsQueries,
    private readonly customers: CustomersQueries,
    private readonly followUps: FollowUpQueries,
    private readonly lines: TicketLines,
  ) {}

  /** The countdown list. @throws DomainError cursor_invalid (400) */
  async list(user: CurrentUser, form: TicketListForm): Promise<View> {
    const filter = askedFilter(form, user.role);
    const [page, counts, count] = await Promise.all([
      this.tickets.list(user, { ...filter, cursor: form.cursor }),
      this.tickets.counts(user, filter),
      this.tickets.count(user, filter),
    ]);
    const { kind, scope, ...preset } = filter;
    return {
      filter,
      rows: await this.lines.of(page.items, user),
      counted: count,
      next: page.nextCursor,
      fromTop: form.cursor === undefined,
      pills: pillsOf(filter, counts),
      preset: Object.entries(preset).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
      narrowed: kind !== undefined || scope !== undefined,
      kinds: TICKET_KINDS,
      scopes: TICKET_SCOPES,
      exportHref: user.role === 'manager' ? null : exportHref('tickets', { ...filter }),
      mayReadRules: user.role !== 'manager',
      back: listHref({ ...filter, cursor: form.cursor }),
    };
  }

  /** One ticket: how it stands, what can be done with it, what was done. @throws DomainError not_found */
  async one(user: CurrentUser, no: string): Promise<View> {
    const row = await this.tickets.byNo(user, no);
    const deeds = deedsFor(user, row);
    const offers = (deed: (typeof deeds)[number]): boolean => deeds.includes(deed);
    const [ticket, history, people, units, doubles, callBack] = await Promise.all([
      this.lines.of([row], user).then(([line]) => line),
      this.tickets.history(row.id),
      offers('assign') ? this.tickets.people(row.unitCode) : [],
      offers('transfer') ? this.tickets.units() : [],
      offers('merge') ? this.doubles(user, row) : [],
      this.callBack(row),
    ]);
    const next = NEXT.find(offers);
    return {
      ticket,
      urgeLines: history.filter(({ deed }) => deed === 'urge').reverse(),
      history: [...history].reverse().map((entry) => entryLine(entry, this.lines.sayTo(user))),
      next,
      deeds: deeds.filter((deed) => deed !== next && !ELSEWHERE.includes(deed)),
      people,
      units: units.filter(({ code }) => code !== row.unitCode),
      doubles,
      callBack,
      mayReadRules: user.role !== 'manager',
    };
  }

  /** The form for a new one; `customer` is already known when it is opened from their page. @throws DomainError not_found */
  async blank(user: CurrentUser, customerId?: string): Promise<View> {
    const [customer, limits] = await Promise.all([customerId === undefined ? null : this.customers.facts(user, customerId), this.limits.current()]);
    return {
      customer: customer && { id: customer.id, name: customer.name, starLevel: customer.starLevel },
      kinds: TICKET_KINDS,
      scopes: TICKET_SCOPES,
      limits: limits.rules
        .filter(({ scope }) => scope === 'inside')
        .map((rule) => ({
          ...rule,
          answer: this.limitText(rule.answerMinutes, rule.hours, user),
          solve: this.limitText(rule.solveMinutes, rule.hours, user),
          across: this.limitText(across(limits.rules, rule), rule.hours, user),
        })),
      workFrom: limits.workFrom,
      workTo: limits.workTo,
    };
  }

  /** What a customer has open, and what they had: the newest at the end of the open ones. @throws DomainError not_found */
  async ofCustomer(user: CurrentUser, id: string): Promise<View> {
    const { name } = await this.customers.facts(user, id);
    const { items } = await this.tickets.list(user, { customer: id, limit: DOUBLES });
    const rows = await this.lines.of(items, user);
    const isClosed = ({ state }: TicketRow): boolean => state === 'closed';
    return { id, name, open: rows.filter((row) => !isClosed(row)), closed: rows.filter(isClosed).reverse(), mayOpen: user.role !== 'planner' };
  }

  private limitText(minutes: number, hours: 'clock' | 'working', user: CurrentUser): string {
    const say = this.lines.sayTo(user);
    if (minutes < 60) return say('tickets.limit.minutes', { minutes });
    const inHours = Math.round(minutes / 6) / 10;
    return say(`tickets.limit.${hours}`, { hours: inHours });
  }

  private async doubles(user: CurrentUser, { no, kind, customer }: TicketRow): Promise<{ no: string; text: string }[]> {
    const { items } = await this.tickets.list(user, { customer: customer.id, kind, limit: DOUBLES });
    return items.filter((other) => other.no !== no && other.state !== 'closed').map((other) => ({ no: other.no, text: other.text }));
  }

  /** Where the call stands that alone closes it (TIC-4). */
  private async callBack(row: TicketRow): Promise<object | null> {
    if (row.state !== 'solved' || !needsCallBack(row.kind)) return null;
    return this.followUps.callOf(row.kind, referenceOf(row));
  }
}

/** What somebody is offered, as the ticket stands. */
function deedsFor({ role }: CurrentUser, row: TicketRow): TicketDeed[] {
  const { state, kind, own, assigneeId, assigneeLeft, answeredAt, escalatedLimit } = row;
  const answered = answeredAt !== null;
  const escalated = escalatedLimit === (answered ? 'solve' : 'answer');
  const standing = { state, assigned: assigneeId !== null, answered, escalated, left: assigneeLeft };
  return deedsOf(standing, kind).filter((deed) => mayDo({ supervises: role !== 'manager', own }, deed));
}

const across = (
  rules: readonly { kind: string; tier: string; scope: string; solveMinutes: number }[],
  { kind, tier }: { kind: string; tier: string },
): number => rules.find((rule) => rule.kind === kind && rule.tier === tier && rule.scope === 'across')?.solveMinutes ?? 0;
