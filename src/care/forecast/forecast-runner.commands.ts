import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CareRulesQueries, type RuleInForce } from '../care-rules.queries.js';
import { ruleOf } from '../rules/rule-list.policy.js';
import { ForecastKeeper } from './forecast-keeper.commands.js';
import type { StoredForecast } from './forecast.types.js';
import { bookOf, Simulation } from './simulation.commands.js';
import { inUnits, StoredForecasts } from './stored-forecasts.queries.js';

/** Customers without a manager at work are the first part. */
const NOBODY = '0';

interface Part {
  /** The last manager in it. */
  to: string;
  who: Sql;
}

/** Carries a forecast through, part by part; after a crash it goes on behind the last committed one. A part is the whole books of some managers. */
@Injectable()
export class ForecastRunner {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly staff: StaffQueries,
    private readonly rules: CareRulesQueries,
    private readonly simulation: Simulation,
    private readonly keeper: ForecastKeeper,
    private readonly stored: StoredForecasts,
  ) {}

  /** So many customers are worked out at once. */
  customersPerPart = 50_000;

  /** Idempotent: a forecast that is done stays as it is. */
  async run(id: string): Promise<void> {
    const begun = await this.db.maybe<{ doneTo: string }>(sql`
      update care.forecast set state = 'running', started_at = coalesce(started_at, ${this.clock.now()}), error = null
      where id = ${id}::bigint and state <> 'done' returning done_to as "doneTo"`);
    if (!begun) return;
    try {
      await this.carry(await this.stored.byId(id), begun.doneTo);
    } catch (error) {
      const code = error instanceof DomainError ? error.code : 'server';
      await this.db.run(sql`update care.forecast set state = 'failed', error = ${code}, finished_at = ${this.clock.now()} where id = ${id}::bigint`);
      throw error;
    }
  }

  private async carry(forecast: StoredForecast, doneTo: string): Promise<void> {
    const rules = await this.rulesOf(forecast);
    const managers = (await this.staff.activeManagers(forecast)).map(({ id }) => id);
    const parts = await this.parts(forecast, managers);
    const left = parts.filter(({ to }) => BigInt(to) > BigInt(doneTo));
    await this.db.run(
      sql`update care.forecast set parts = ${parts.length}::int, done = ${parts.length - left.length}::int where id = ${forecast.id}::bigint`,
    );
    for (const part of left) await this.db.tx((tx) => this.one(tx, forecast, { part, rules }));
    await this.keeper.finish(forecast, { managers, draft: rules.find(({ rule }) => rule.code === forecast.rule) });
  }

  private async one(tx: Tx, forecast: StoredForecast, { part, rules }: { part: Part; rules: readonly RuleInForce[] }): Promise<void> {
    const ask = { today: forecast.day, until: forecast.until, who: part.who, rules };
    await this.simulation.simulate(tx, ask);
    await this.keeper.keep(tx, forecast.id, ask);
    await tx.run(sql`update care.forecast set done = done + 1, done_to = ${part.to}::bigint where id = ${forecast.id}::bigint`);
  }

  private async rulesOf({ rule: code, settings }: StoredForecast): Promise<RuleInForce[]> {
    const inForce = await this.rules.inForce();
    if (code === null) return inForce;
    const { version } = await this.rules.byCode(code);
    return [...inForce.filter(({ rule }) => rule.code !== code), { rule: ruleOf(code), settings: settings ?? {}, version }];
  }

  private async parts({ orgPath }: StoredForecast, managers: readonly string[]): Promise<Part[]> {
    const books = await this.db.rows<{ id: string; customers: number }>(sql`
      select c.manager_id as id, count(*)::int as customers from customers.v_customer c
      where c.manager_id = any(${managers}::bigint[]) group by 1 order by 1`);
    const parts: Part[] = [{ to: NOBODY, who: sql`${ofNobody} and ${inUnits(orgPath)}` }];
    let own: string[] = [];
    let size = 0;
    for (const [i, { id, customers }] of books.entries()) {
      own.push(id);
      size += customers;
      const next = books[i + 1];
      if (next && size + next.customers <= this.customersPerPart) continue;
      parts.push({ to: id, who: bookOf(own) });
      own = [];
      size = 0;
    }
    return parts;
  }
}

const ofNobody = sql`(c.manager_id is null or c.manager_id not in (select u.id from staff.v_user u where u.active and u.role = 'manager'))`;
