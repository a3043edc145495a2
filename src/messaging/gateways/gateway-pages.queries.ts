import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { GatewayKind } from '../gateway.types.js';
import { GatewaysQueries } from '../gateways.queries.js';
import { GatewayLines } from './session/gateway-lines.commands.js';
import { SIMULATOR_SHARES, SPOKEN_KINDS } from './gateway-settings.policy.js';
import { type Fields, gatewayRow, type GatewayFacts, gatewayValues, kindTabs, lineRow } from './gateway-pages.views.js';

/** Kinds that keep connections. */
const CONNECTED: ReadonlySet<GatewayKind> = new Set(['smpp', 'smgp']);

/** What the administrator's pages of gateways show. */
@Injectable()
export class GatewayPages {
  constructor(
    private readonly database: Database,
    private readonly gateways: GatewaysQueries,
    private readonly lines: GatewayLines,
  ) {}

  async list(): Promise<object> {
    const [accounts, facts, lines] = await Promise.all([this.gateways.list(), this.facts(), this.lines.all()]);
    const used = new Map(facts.map((each) => [each.code, each]));
    const linesOf = (code: string): object[] => lines.filter(({ gateway }) => gateway === code).map(lineRow);
    return { gateways: accounts.map((account) => ({ ...gatewayRow(account, used.get(account.code)), lines: linesOf(account.code) })) };
  }

  blank(asked: string | undefined, typed: Fields = {}): object {
    const kind: GatewayKind = SPOKEN_KINDS.find((each) => each === asked) ?? 'http';
    return { kind, tabs: kindTabs(kind), values: typed, shares: SIMULATOR_SHARES };
  }

  /** @throws DomainError not_found */
  async show(code: string): Promise<object> {
    const account = await this.gateways.account(code);
    const [[facts], lines] = await Promise.all([this.facts(code), this.lines.all()]);
    const standing = CONNECTED.has(account.kind) && account.active ? lines.filter(({ gateway }) => gateway === code).map(lineRow) : null;
    return { gateway: gatewayRow(account, facts), standing, kind: account.kind, values: gatewayValues(account), shares: SIMULATOR_SHARES };
  }

  private facts(code: string | null = null): Promise<GatewayFacts[]> {
    return this.database.rows<GatewayFacts>(sql`
      select g.code, g.sealed is not null as "hasSecrets",
             (select count(*)::int from messaging.message m where m.gateway_code = g.code and m.state in ('queued', 'submitted', 'accepted', 'in_doubt')) as waiting
      from messaging.gateway g where ${code}::text is null or g.code = ${code}`);
  }
}
