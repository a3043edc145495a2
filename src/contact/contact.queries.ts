import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { addDays, dayOf, dayStart } from '../kernel/day.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { rawSql, type Sql, sql } from '../platform/database/sql.js';
import { optOutMeaning, type OptOutMeaning } from './blocks/opt-out.policy.js';
import type { Ask, CallRules, Candidates, Channel, Contacted, PlanAsk, Purpose, TouchRow, WindowState } from './contact.types.js';
import { stoppedSql } from './gate/block.queries.js';
import { type Cap, capsFor } from './gate/cap.rule.js';
import { GateContextQueries } from './gate/gate-context.queries.js';
import { ID_MARGIN_MS, judgedSql, SYSTEM } from './gate/gate.queries.js';
import { type Decision, decideAgain } from './gate/gate.policy.js';
import type { GateFacts, Question } from './gate/gate.types.js';
import { questionOf } from './gate/question.policy.js';
import { closingTime, isPromise, nextOpening, openSpans, slotsFor } from './gate/window.rule.js';

/** Longer than the longest cap, a month. */
const HISTORY_MS = 40 * 86_400_000;

const TOUCH_COLUMNS = rawSql(`id, at, channel, purpose, allowed, state, reasons, campaign_id as "campaignId", source, facts`);

/** Reads of the gate: what may be planned, what was decided, whether calls may go out now. */
@Injectable()
export class ContactQueries {
  constructor(
    private readonly db: Database,
    private readonly gate: GateContextQueries,
  ) {}

  /**
   * The gate's planning question over a set: a select `(customer_id, line_id, number, reason)`, reason null = plannable,
   * else the first rule in the order of precedence. Read-only; asks whether some moment of that day would do, so the hours
   * do not count but the closed days of the great festivals do. Customers who do not exist are left out.
   * @param candidates a select yielding customer_id, line_id, number; each customer once.
   */
  plannable(candidates: Candidates, ask: PlanAsk): Sql {
    const question = planned(ask);
    const closed = sql`exists (select 1 from calendar.v_day d where d.day = ${ask.day}::date and d.closed_festival is not null)`;
    const judged = judgedSql({
      ask: candidates,
      question,
      settings: this.gate.current().settings,
      moment: { quietHours: isPromise(question) ? rawSql('false') : closed, centralGreeting: closed },
      withoutCaps: ask.caps === false,
    });
    return sql`with ${judged} select customer_id, line_id, number, reasons[1] as reason from judged`;
  }

  /** Whether what stands in the books of a number stops this, as boolean SQL: for choosing among the lines of a customer. */
  stopped(number: Sql, ask: PlanAsk): Sql {
    return stoppedSql(number, planned(ask));
  }

  /** Everything the pure rules ask about one number; facts of nobody where the number is unknown. */
  async factsOf(number: string, at: Date, on: Queryable = this.db): Promise<GateFacts> {
    const row = await on.maybe<Pick<GateFacts, 'customer' | 'lineHealth' | 'lineStatus'> & { customerId: string }>(sql`
      select c.id as "customerId", l.health as "lineHealth", l.status as "lineStatus",
             jsonb_build_object('status', c.status, 'smsConsent', c.sms_consent, 'callConsent', c.call_consent) as customer
      from customers.v_line l join customers.v_customer c on c.id = l.customer_id where l.number = ${number}`);
    const blocks = await on.rows<GateFacts['blocks'][number]>(sql`
      select b.channel, b.scope, b.product_family as "productFamily", b.campaign_id as "campaignId", p.name as "campaignName", b.until
      from contact.v_block b left join reporting.campaign p on p.id = b.campaign_id where b.number = ${number}`);
    const none = { blocks, touches: [], protections: [], coolingOff: [] };
    if (!row) return { customer: null, lineHealth: null, lineStatus: null, ...none };
    const id = row.customerId;
    const since = new Date(at.getTime() - HISTORY_MS);
    return {
      customer: row.customer,
      lineHealth: row.lineHealth,
      lineStatus: row.lineStatus,
      blocks,
      touches: await on.rows<GateFacts['touches'][number]>(sql`
        select channel, purpose, state, at, expires_at as "expiresAt", source from contact.touch
        where customer_id = ${id} and id >= platform.uuid_floor(${since})`),
      protections: await on.rows<GateFacts['protections'][number]>(
        sql`select kind, until, since, source from contact.protection where customer_id = ${id} and released_at is null`,
      ),
      coolingOff: await on.rows<GateFacts['coolingOff'][number]>(sql`select family, until from contact.cooling_off where customer_id = ${id}`),
    };
  }

  /**
   * What the gate says of a call when it is placed, up to half an hour after it was allowed: a block, an opt-out or the end of the window may have come in
   * between (GOV-2, GOV-4). Writes nothing: the contact has its row in the ledger.
   */
  async stillAllowed(
    on: Queryable,
    number: string,
    asked: Pick<Ask, 'purpose' | 'at' | 'campaignId' | 'productFamily' | 'callWindow'>,
  ): Promise<Decision> {
    const { purpose, at, campaignId = null, productFamily = null, callWindow = null } = asked;
    const question = questionOf({ channel: 'call', purpose, at, campaignId, productFamily, callWindow });
    return decideAgain(question, await this.factsOf(number, at, on), this.gate.current());
  }

  /**
   * The last contact of the day so far, by customer; those who had none are left out.
   * @param except a touch that does not count: the one that whoever asks holds
   */
  async lastToday(customerIds: readonly string[], now: Date, except: string | null = null): Promise<Map<string, Contacted>> {
    const since = dayStart(dayOf(now));
    const rows = await this.db.rows<Contacted>(sql`
      select distinct on (t.customer_id) t.customer_id as "customerId", t.at, t.channel, t.purpose, t.state = 'reserved' as held,
             coalesce(p.name, nullif(${SYSTEM}, '')) as by
      from contact.touch t left join reporting.campaign p on p.id = t.campaign_id
      where t.customer_id = any(${customerIds}::bigint[]) and t.id >= platform.uuid_floor(${new Date(since.getTime() - ID_MARGIN_MS)})
        and t.at >= ${since} and t.at <= ${now} and t.id is distinct from ${except}::uuid
        and (t.state in ('confirmed', 'history') or t.state = 'reserved' and (t.expires_at is null or t.expires_at > ${now}))
      order by t.customer_id, t.at desc, t.id desc`);
    return new Map(rows.map((row) => [row.customerId, row]));
  }

  /** The ledger of one number's customer, newest first. */
  async decisions(number: string, limit: number, cursor?: string): Promise<Page<TouchRow>> {
    const before = decodeCursor(cursor, 1)?.[0] as string | undefined;
    const rows = await this.db.rows<TouchRow>(sql`
      select ${TOUCH_COLUMNS} from contact.v_touch
      where customer_id = (select customer_id from customers.v_line where number = ${number})
        and (${before ?? null}::uuid is null or id < ${before ?? null}::uuid)
      order by id desc limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.id]);
  }

  /** What a reply by SMS means, by the words set (GOV-2, R21). @param expected the replies the message asked for */
  replyMeaning(text: string, expected: readonly string[] = []): OptOutMeaning {
    return optOutMeaning(text, expected, this.gate.current().settings.replyWords);
  }

  /** The working window of calls where a campaign names none (GOV-4). */
  callWindow(): [string, string][] {
    return this.gate.current().settings.callWindow.map(([from, to]) => [from, to]);
  }

  /** The hours outside which nobody may be called, whatever a planner or a campaign sets (GOV-4). */
  hardCallWindow(): [string, string][] {
    return this.gate.current().settings.hardWindow.call.map(([from, to]) => [from, to]);
  }

  /** What a campaign's calls are held to on any day: its hours and the house's (GOV-4), the closed days, and how often a customer may be called (GOV-5). */
  callRules(purpose: Purpose, callWindow: [string, string][] | null, at: Date): CallRules {
    const context = this.gate.current();
    const question = questionOf({ channel: 'call', purpose, callWindow, at });
    const limit = (name: Cap['name']): number => capsFor(question, context.settings).find((cap) => cap.name === name)?.limit ?? 0;
    return {
      slots: slotsFor(question, context),
      usual: slotsFor({ ...question, callWindow: null }, context),
      closedDays: context.closedDays,
      perDay: limit('calls_day'),
      perWeek: limit('calls_week'),
    };
  }

  /** Whether calls (or messages) may go out now by the default window, and until when that stays so. */
  windowState(now: Date, channel: Channel = 'call', purpose: Purpose = 'marketing'): WindowState {
    const context = this.gate.current();
    const question = questionOf({ channel, purpose, at: now });
    const closes = closingTime(question, context, now);
    return closes ? { open: true, until: closes } : { open: false, until: nextOpening(question, context, now) };
  }

  /** When messages (or calls) of this purpose may go out, span after span: for planning what takes longer than a day. */
  openSpans(purpose: Purpose, span: { from: Date; until: Date }, channel: Channel = 'sms'): { from: Date; to: Date }[] {
    return openSpans(questionOf({ channel, purpose, at: span.from }), this.gate.current(), span);
  }
}

const planned = ({ channel, purpose, day, productFamily = null, campaignId = null }: PlanAsk): Question =>
  questionOf({ channel, purpose, productFamily, campaignId, at: lastMoment(day) });

/** Caps and blocks are asked as of the end of the day: what has given way by then does not exclude. */
const lastMoment = (day: string): Date => new Date(dayStart(addDays(day, 1)).getTime() - 1);
