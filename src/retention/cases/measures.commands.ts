import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type CaseRow, GIVING_STATES, type MeasureRow, type MeasureState } from './case.types.js';
import type { MeasureDecision, MeasureForm } from './cases.forms.js';
import { CaseOffers } from './case-offers.queries.js';
import { CaseParts } from './case-parts.queries.js';
import { CasesQueries } from './cases.queries.js';

const AFTER: Record<MeasureDecision['decision'], { from: MeasureState; to: MeasureState }> = {
  approve: { from: 'waiting', to: 'granted' },
  refuse: { from: 'waiting', to: 'refused' },
  accept: { from: 'granted', to: 'accepted' },
  decline: { from: 'granted', to: 'declined' },
};

/** What is done to keep somebody: an offer whose rules fit, or something else; what costs much is let go by a second person (RET-1). */
@Injectable()
export class MeasuresCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cases: CasesQueries,
    private readonly parts: CaseParts,
    private readonly offers: CaseOffers,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError not_found (case, offer) · role_refused · retention_case_over (409) · retention_offer_missing · retention_offer_misfit · retention_measure_there (409) */
  async propose(user: CurrentUser, no: string, form: MeasureForm): Promise<MeasureRow> {
    if (user.role === 'planner') throw new DomainError('role_refused', { status: 403 });
    return this.database.tx(async (tx) => {
      const row = await this.live(tx, user, no);
      const { offerId, costFen, asks } = await this.priced(tx, row, form);
      const { id } = await tx.one<{ id: string }>(sql`
        insert into retention.measure (case_id, kind, offer_id, cost_fen, state, note, proposed_by, proposed_at)
        values (${row.id}, ${form.kind}, ${offerId}, ${costFen}, ${asks ? 'waiting' : 'granted'}, ${form.note ?? null}, ${user.id}, ${this.clock.now()}) returning id`);
      return this.told(tx, user, row, { id, deed: asks ? 'ask' : 'grant', note: form.note });
    });
  }

  /**
   * A second person lets go or refuses; whoever has the case notes what the customer said. Of a case that is over nothing is let go any more.
   * @throws DomainError not_found · role_refused (403) · retention_own_measure (403) · retention_measure_over, retention_case_over (409)
   */
  async decide(user: CurrentUser, no: string, measureId: string, { decision, note }: MeasureDecision): Promise<MeasureRow> {
    const asksSecond = decision === 'approve' || decision === 'refuse';
    if (user.role === 'planner' || (asksSecond && user.role === 'manager')) throw new DomainError('role_refused', { status: 403 });
    return this.database.tx(async (tx) => {
      const row = decision === 'approve' ? await this.live(tx, user, no) : await this.cases.byNo(user, no, tx);
      await tx.run(sql`select from retention.measure where id::text = ${measureId} and case_id = ${row.id} for update`);
      const measure = (await this.parts.measures(row.id, tx)).find(({ id }) => id === measureId);
      if (!measure) throw notFound('measure', measureId);
      if (asksSecond && measure.proposedById === user.id) throw new DomainError('retention_own_measure', { status: 403 });
      const { from, to } = AFTER[decision];
      if (measure.state !== from) throw new DomainError('retention_measure_over', { status: 409 });
      const now = this.clock.now();
      await tx.run(
        asksSecond
          ? sql`update retention.measure set state = ${to}, decided_by = ${user.id}, decided_at = ${now}, refusal = ${decision === 'refuse' ? (note ?? null) : null} where id = ${measureId}`
          : sql`update retention.measure set state = ${to}, answered_by = ${user.id}, answered_at = ${now} where id = ${measureId}`,
      );
      return this.told(tx, user, row, { id: measureId, deed: decision, note });
    });
  }

  private async live(tx: Tx, user: CurrentUser, no: string): Promise<CaseRow> {
    await tx.run(sql`select from retention.churn_case where no = ${no} for update`);
    const row = await this.cases.byNo(user, no, tx);
    if (!GIVING_STATES.includes(row.state)) throw new DomainError('retention_case_over', { status: 409, params: { no } });
    return row;
  }

  private async priced(
    tx: Tx,
    row: CaseRow,
    { kind, offer: code, costFen: cost }: MeasureForm,
  ): Promise<{ offerId: string | null; costFen: number; asks: boolean }> {
    const costFen = cost ?? 0;
    if (kind !== 'offer') return { offerId: null, costFen, asks: await this.offers.asksFor(costFen, tx) };
    if (!code) throw new DomainError('retention_offer_missing', { param: 'offer' });
    const offer = await this.offers.one(row, code, tx);
    if (offer.misfit) throw new DomainError(`retention_misfit_${offer.misfit}`, { param: 'offer', params: { offer: offer.name } });
    if (
      await tx.maybe(
        sql`select 1 from retention.measure where case_id = ${row.id} and offer_id = ${offer.id} and state in ('waiting', 'granted', 'accepted')`,
      )
    )
      throw new DomainError('retention_measure_there', { status: 409, param: 'offer', params: { offer: offer.name } });
    return { offerId: offer.id, costFen: offer.costFen, asks: offer.asks };
  }

  private async told(tx: Tx, user: CurrentUser, row: CaseRow, entry: { id: string; deed: string; note: string | undefined }): Promise<MeasureRow> {
    const measure = (await this.parts.measures(row.id, tx)).find(({ id }) => id === entry.id);
    if (!measure) throw notFound('measure', entry.id);
    await tx.run(sql`
      insert into retention.entry (case_id, at, by_user, deed, state, target, note)
      values (${row.id}, ${this.clock.now()}, ${user.id}, ${`measure_${entry.deed}`}, ${row.state}, ${measure.offerName ?? measure.kind}, ${entry.note ?? null})`);
    const detail = { case: row.no, measure: measure.offer ?? measure.kind, costFen: measure.costFen, state: measure.state };
    await this.audit.record(tx, user, { action: `retention.measure-${entry.deed}`, object: 'measure', id: entry.id, detail });
    return measure;
  }
}
