import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { keptMessage } from '../../platform/jobs/failure.policy.js';
import { type Gateway, type GatewayAccount, namedWay, NothingSent, type OutgoingMessage, type SubmitResult } from './gateway.types.js';

/** The protocols built in: one line a protocol in messaging.module. */
export const GATEWAYS = Symbol('messaging:gateways');

/** A blast whose gateways are switched off looks again so often. */
const OFF_AGAIN_MS = 60_000;

const ACCOUNT = sql`select code, kind, settings, rate_per_second as "ratePerSecond", send_window as "window", active,
         down_until as "downUntil", failures, fallback_codes as "fallbackGateways" from messaging.gateway`;

/** The ways out of a blast `b`, in the order in which they are tried: its own gateway, then those it names, else those its gateway does. */
export const WAYS_OUT = sql`array[b.gateway_code] || coalesce(nullif(b.fallback_codes, '{}'), (select g.fallback_codes from messaging.gateway g where g.code = b.gateway_code))`;

/** The same, each with its kind: `[{ code, kind }]`. */
export const WAYS = sql`(select coalesce(jsonb_agg(jsonb_build_object('code', w.code, 'kind', w.kind) order by array_position(${WAYS_OUT}, w.code)), '[]')
  from messaging.gateway w where w.code = any(${WAYS_OUT}))`;

@Injectable()
export class GatewaysQueries {
  private readonly logger = new Logger('Messaging');

  constructor(
    private readonly database: Database,
    @Inject(GATEWAYS) private readonly protocols: readonly Gateway[],
  ) {}

  list(): Promise<GatewayAccount[]> {
    return this.database.rows<GatewayAccount>(sql`${ACCOUNT} order by code`);
  }

  /** The ways out of a blast, where every one of them is switched off; none: there is one that is not. */
  async allOff(blastId: string): Promise<string[]> {
    const { ways } = await this.database.one<{ ways: string[] }>(sql`
      select case when exists (select from messaging.gateway g where g.code = any(${WAYS_OUT}) and g.active) then '{}' else ${WAYS_OUT} end as ways
      from messaging.blast b where b.id = ${blastId}`);
    return ways;
  }

  /** @throws DomainError not_found */
  async account(code: string, on: Queryable = this.database): Promise<GatewayAccount> {
    const account = await on.maybe<GatewayAccount>(sql`${ACCOUNT} where code = ${code}`);
    if (!account) throw notFound('gateway', code);
    return account;
  }

  /** Where messages go that name no gateway. @throws DomainError gateway_none */
  async preferred(on: Queryable = this.database): Promise<GatewayAccount> {
    const [first] = await this.active(on);
    if (!first) throw new DomainError('gateway_none');
    return first;
  }

  /** Those that messages may take that name none: what answers before what rests, then the oldest first. */
  active(on: Queryable = this.database): Promise<GatewayAccount[]> {
    return on.rows<GatewayAccount>(sql`${ACCOUNT} where active order by down_until nulls first, created_at, code`);
  }

  /** @throws DomainError gateway_kind_unavailable */
  protocol(account: Pick<GatewayAccount, 'kind'>): Gateway {
    const protocol = this.protocols.find((each) => each.kind === account.kind);
    if (!protocol) throw new DomainError('gateway_kind_unavailable', { param: 'kind', params: { kind: account.kind } });
    return protocol;
  }

  /** One hand-over to it. Where the line broke off, what it has is not known: answers are missing. */
  async carry(account: GatewayAccount, messages: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    try {
      return await this.protocol(account).submit(account, messages);
    } catch (error) {
      if (error instanceof NothingSent) return messages.map(({ id }) => ({ id, outcome: 'not_sent', code: error.code }));
      this.logger.error(`gateway ${account.code} broke off: ${keptMessage(error)}`);
      return [];
    }
  }

  /** The way out of a start: known, switched on, and of a protocol we speak. */
  async ready(code: string, on: Queryable = this.database): Promise<GatewayAccount> {
    const account = await this.account(code, on);
    if (!account.active) throw new DomainError('gateway_inactive', { param: 'gateway', params: { gateway: namedWay(account) } });
    this.protocol(account);
    return account;
  }

  /**
   * The way out of the next batch: of the ones a blast names, in its order, the first that is switched on and not resting.
   * A wait until the first of them is tried again when all rest, or of a minute when all are switched off.
   */
  async wayOut(codes: readonly string[], now: Date, on: Queryable = this.database): Promise<GatewayAccount | { until: Date }> {
    const accounts = await on.rows<GatewayAccount>(sql`
      ${ACCOUNT} where code = any(${codes}::text[]) and active order by array_position(${codes}::text[], code)`);
    const free = accounts.find(({ downUntil }) => downUntil === null || downUntil <= now);
    if (free) return free;
    const ends = accounts.flatMap(({ downUntil }) => (downUntil ? [downUntil.getTime()] : []));
    return { until: new Date(ends.length > 0 ? Math.min(...ends) : now.getTime() + OFF_AGAIN_MS) };
  }
}
