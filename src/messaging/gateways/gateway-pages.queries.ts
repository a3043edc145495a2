import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { GatewayAccount, GatewayKind } from './gateway.types.js';
import { GatewaysQueries } from './gateways.queries.js';
import { httpSettings, SEND_METHODS, SIMULATOR_SHARES, SPOKEN_KINDS } from './gateway-settings.policy.js';
import { signReplies } from './http/callback-signature.js';
import { replyUrl } from './http/kannel.policy.js';
import { GatewaySecrets } from './gateway-secrets.js';
import { type Fields, gatewayRow, type GatewayFacts, gatewayValues, kannelService, kindTabs, lineRow } from './gateway-pages.views.js';
import { GatewayLines } from './session/gateway-lines.commands.js';

/** Kinds that keep connections. */
const CONNECTED: ReadonlySet<GatewayKind> = new Set(['smpp', 'smgp']);

/** What the administrator's pages of gateways show. */
@Injectable()
export class GatewayPages {
  constructor(
    private readonly database: Database,
    private readonly gateways: GatewaysQueries,
    private readonly secrets: GatewaySecrets,
    private readonly clock: Clock,
    private readonly lines: GatewayLines,
  ) {}

  async list(): Promise<object> {
    const [accounts, facts, lines] = await Promise.all([this.gateways.list(), this.facts(), this.lines.all()]);
    const used = new Map(facts.map((each) => [each.code, each]));
    const linesOf = (code: string): object[] => lines.filter(({ gateway }) => gateway === code).map(lineRow);
    const now = this.clock.now();
    return { gateways: accounts.map((account) => ({ ...gatewayRow(account, used.get(account.code), now), lines: linesOf(account.code) })) };
  }

  async blank(asked: string | undefined, typed: Fields = {}): Promise<object> {
    const kind: GatewayKind = SPOKEN_KINDS.find((each) => each === asked) ?? 'http';
    return { ...(await this.others(null)), kind, tabs: kindTabs(kind), values: typed, shares: SIMULATOR_SHARES, methods: SEND_METHODS };
  }

  /** @throws DomainError not_found */
  async show(code: string): Promise<object> {
    const account = await this.gateways.account(code);
    const [[facts], lines, callbacks] = await Promise.all([this.facts(code), this.lines.all(), this.callbacks(account)]);
    const standing = CONNECTED.has(account.kind) && account.active ? lines.filter(({ gateway }) => gateway === code).map(lineRow) : null;
    const gateway = gatewayRow(account, facts, this.clock.now());
    const choices = { shares: SIMULATOR_SHARES, methods: SEND_METHODS, ...(await this.others(code)) };
    return { gateway, standing, kind: account.kind, values: gatewayValues(account), ...choices, callbacks };
  }

  /** Ways out besides this one. */
  private async others(code: string | null): Promise<{ others: Pick<GatewayAccount, 'code' | 'kind'>[] }> {
    return { others: (await this.gateways.list()).filter((one) => one.code !== code).map(({ code: other, kind }) => ({ code: other, kind })) };
  }

  /** What to put into Kannel's settings. Undefined for other kinds, and while its key cannot be read: the settings say so when they are saved. */
  private async callbacks({ code, kind, settings }: GatewayAccount): Promise<{ service: string } | undefined> {
    const key = kind === 'http' ? await this.secrets.callbackKey(code).catch(() => undefined) : undefined;
    return key === undefined ? undefined : { service: kannelService(replyUrl(httpSettings(settings).callbackUrl, code, signReplies(key, code))) };
  }

  private facts(code: string | null = null): Promise<GatewayFacts[]> {
    return this.database.rows<GatewayFacts>(sql`
      select g.code, g.down_code as fault, g.down_since as "faultAt",
             (select count(*)::int from messaging.message m where m.gateway_code = g.code and m.waits is not null) as waiting
      from messaging.gateway g where ${code}::text is null or g.code = ${code}`);
  }
}
