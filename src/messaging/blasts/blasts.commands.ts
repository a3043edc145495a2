import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, named } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { takeCode } from '../../platform/database/free-code.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { checkFilter, SegmentsQueries } from '../../segments/segments.queries.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BLAST_MOVES, type BlastDeed, refusalOf } from './blast.states.js';
import { BlastLaunch, type StartWish } from './blast-launch.commands.js';
import { BlastStartCommands } from './blast-start.commands.js';
import { BLAST_CODES, BlastsQueries } from './blasts.queries.js';
import { homeUnitOf } from '../home-unit.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { type BlastPageForm, type BlastWishForm, instantOf } from '../messaging.forms.js';
import type { Blast } from '../messaging.types.js';
import type { CareMessages } from './start-sources.queries.js';
import { BlastHours } from '../plan/blast-hours.queries.js';
import { TemplatesQueries } from '../templates/templates.queries.js';

/** The things a blast is made of, by their codes. */
@Injectable()
export class BlastParts {
  constructor(
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly gateways: GatewaysQueries,
    private readonly hours: BlastHours,
  ) {}

  async of(
    tx: Tx,
    user: CurrentUser,
    form: BlastWishForm,
  ): Promise<{ templateId: string; segmentId: string | null; gateway: string; fallbacks: string[]; notBefore: Date | null; notAfter: Date | null }> {
    const notBefore = instantOf(form.notBefore);
    const notAfter = instantOf(form.notAfter);
    if (form.filter) checkFilter(form.filter);
    if (!form.segment && !form.filter) throw new DomainError('audience_missing', { param: 'segment' });
    const template = await named('template', this.templates.byCode(user, form.template, tx));
    this.hours.demand(template.purpose, { notBefore, notAfter });
    const segment = form.segment ? await named('segment', this.segments.byCode(user, form.segment)) : null;
    const gateway = form.gateway ? await named('gateway', this.gateways.account(form.gateway, tx)) : await this.gateways.preferred(tx);
    const others = [...new Set(form.fallbackGateways)].filter((code) => code !== gateway.code);
    for (const code of others) await named('fallbackGateways', this.gateways.account(code, tx));
    return { templateId: template.id, segmentId: segment?.id ?? null, gateway: gateway.code, fallbacks: others, notBefore, notAfter };
  }
}

@Injectable()
export class BlastsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly blasts: BlastsQueries,
    private readonly parts: BlastParts,
    private readonly starting: BlastStartCommands,
    private readonly launch: BlastLaunch,
  ) {}

  /**
   * A draft; without a code it gets the next free one, and so where the proposed one was left and somebody has taken it meanwhile.
   * @throws DomainError code_taken, audience_missing, window_reversed, blast_moment_past, blast_hours_closed, not_found of template, segment or gateway
   */
  async create(user: CurrentUser, form: BlastPageForm): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const code = await takeCode(tx, BLAST_CODES, dayOf(this.clock.now()), form);
      const { templateId, segmentId, gateway, fallbacks, notBefore, notAfter } = await this.parts.of(tx, user, form);
      const made = await tx.maybe<{ id: string }>(sql`
        insert into messaging.blast (code, name, template_id, segment_id, filter, gateway_code, fallback_codes, not_before, not_after, rate_per_second, holdout_percent, org_unit_id, created_by, created_at)
        values (${code}, ${form.name ?? code}, ${templateId}, ${segmentId}, ${form.filter ? JSON.stringify(form.filter) : null}::jsonb, ${gateway}, ${fallbacks}::text[],
                ${notBefore}, ${notAfter}, ${form.ratePerSecond ?? null}, ${form.holdoutPercent ?? 0}, ${await homeUnitOf(tx, user)}, ${user.id}, ${this.clock.now()})
        on conflict (code) do nothing returning id`);
      if (!made) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code } });
      await this.audit.record(tx, user, { action: 'blast.created', object: 'blast', id: code });
      return this.blasts.byCode(user, code, tx);
    });
  }

  /**
   * A draft as it is wished now, whole: what the wish leaves out is taken away. Whoever has approved it, approved something else.
   * @throws DomainError blast_not_draft (409) and those of {@link create}
   */
  async edit(user: CurrentUser, code: string, form: BlastWishForm): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      if (blast.state !== 'draft' || blast.retryOf) throw new DomainError('blast_not_draft', { status: 409 });
      const { templateId, segmentId, gateway, fallbacks, notBefore, notAfter } = await this.parts.of(tx, user, form);
      await tx.run(sql`
        update messaging.blast set name = ${form.name ?? blast.name}, template_id = ${templateId}, segment_id = ${segmentId},
               filter = ${form.filter ? JSON.stringify(form.filter) : null}::jsonb, gateway_code = ${gateway}, fallback_codes = ${fallbacks}::text[],
               not_before = ${notBefore}, not_after = ${notAfter}, rate_per_second = ${form.ratePerSecond ?? null}, holdout_percent = ${form.holdoutPercent ?? 0}
        where id = ${blast.id}`);
      await this.audit.record(tx, user, {
        action: 'blast.edited',
        object: 'blast',
        id: code,
        detail: { template: form.template, segment: form.segment ?? null },
      });
      return this.blasts.byCode(user, code, tx);
    });
  }

  /** See {@link BlastLaunch.start}. */
  start(user: CurrentUser, code: string, wish: StartWish = {}): Promise<Blast> {
    return this.launch.start(user, code, wish);
  }

  /** See {@link BlastStartCommands.planForCare}. */
  planForCare(tx: Tx, care: CareMessages): Promise<number> {
    return this.starting.planForCare(tx, care);
  }

  /**
   * Takes back what a care rule planned and no longer wants; what is handed over stays.
   * @param select yields `blast_id, customer_id`
   */
  async takeBack(tx: Tx, select: Sql): Promise<void> {
    await tx.run(sql`
      update messaging.recipient r set state = 'cancelled', reason = 'cancelled', updated_at = ${this.clock.now()}
      from (${select}) s where r.blast_id = s.blast_id and r.customer_id = s.customer_id and r.state = 'planned'`);
  }

  /** Takes effect with the next batch: what is handed over already stays so (R12). */
  pause(user: CurrentUser, code: string): Promise<Blast> {
    return this.move(user, code, 'pause');
  }

  /** Goes on where it was paused. @throws DomainError `blast_not_started`, `blast_state` (409) */
  resume(user: CurrentUser, code: string): Promise<Blast> {
    return this.move(user, code, 'resume', (tx, blast) => this.starting.goOn(tx, blast));
  }

  /** Whoever is only planned gets nothing; what is handed over cannot be taken back. */
  cancel(user: CurrentUser, code: string): Promise<Blast> {
    return this.move(user, code, 'cancel', async (tx, blast) => {
      await tx.run(sql`update messaging.recipient set state = 'cancelled', reason = 'cancelled', updated_at = ${this.clock.now()}
        where blast_id = ${blast.id} and state = 'planned'`);
      await tx.run(sql`update messaging.blast set finished_at = ${this.clock.now()} where id = ${blast.id}`);
    });
  }

  private async move(user: CurrentUser, code: string, deed: BlastDeed, also?: (tx: Tx, blast: Blast) => Promise<void>): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      const { to } = BLAST_MOVES[deed];
      if (blast.state === to) return blast;
      const refused = refusalOf(deed, blast.state);
      if (refused) throw new DomainError(refused, { status: 409, params: { state: blast.state, to } });
      await tx.run(sql`update messaging.blast set state = ${to} where id = ${blast.id}`);
      await also?.(tx, blast);
      await this.audit.record(tx, user, { action: `blast.${to}`, object: 'blast', id: code });
      return this.blasts.byCode(user, code, tx);
    });
  }
}
