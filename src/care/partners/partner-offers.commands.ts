import { Injectable } from '@nestjs/common';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, InvalidInput, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { EntitlementQueries } from './entitlement.queries.js';
import type { PartnerOfferChangeForm, PartnerOfferForm, PartnerUseForm } from './partner-offers.forms.js';

/** Keeps the list of what partners give, and what of it was used (CAR-13). */
@Injectable()
export class PartnerOffersCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly customers: CustomersQueries,
    private readonly entitlement: EntitlementQueries,
  ) {}

  /** Holds for the customers of the user's unit and those below. @throws InvalidInput day_reversed · DomainError partner_offer_known (409) */
  add(user: CurrentUser, form: PartnerOfferForm): Promise<{ id: string }> {
    checkTerm(form);
    return this.db.tx(async (tx) => {
      const made = await tx.maybe<{ id: string }>(sql`
        insert into care.partner_offer (partner, benefit, valid_from, kind, redeem, sentence, stars, region, occasion, valid_until, org_unit_id, created_by, created_at)
        select ${valuesOf(form)}, u.org_unit_id, u.id, ${this.clock.now()} from staff.v_user u where u.id = ${user.id}
        on conflict do nothing returning id`);
      if (!made) throw known(form);
      await this.audit.record(tx, user, { action: 'care.partner_offer_added', object: 'partner_offer', id: made.id, detail: { ...form } });
      return made;
    });
  }

  /** @throws InvalidInput day_reversed · DomainError not_found, partner_offer_changed (409) when somebody saved in between, partner_offer_ended, partner_offer_known (409) */
  change(user: CurrentUser, id: string, form: PartnerOfferChangeForm): Promise<void> {
    checkTerm(form);
    return this.db.tx(async (tx) => {
      const { version, ended } = await this.lock(tx, user, id);
      if (ended) throw new DomainError('partner_offer_ended', { status: 409 });
      if (form.version !== undefined && form.version !== version) throw new DomainError('partner_offer_changed', { status: 409 });
      const taken = await tx.maybe(sql`
        select 1 from care.partner_offer f join care.partner_offer mine on mine.id = ${id} and mine.org_unit_id = f.org_unit_id
        where f.id <> mine.id and (f.partner, f.benefit, f.valid_from) = (${form.partner}, ${form.benefit}, ${form.validFrom}::date)`);
      if (taken) throw known(form);
      await tx.run(sql`
        update care.partner_offer set (partner, benefit, valid_from, kind, redeem, sentence, stars, region, occasion, valid_until) = (${valuesOf(form)}),
          version = version + 1 where id = ${id}`);
      await this.audit.record(tx, user, { action: 'care.partner_offer_changed', object: 'partner_offer', id, detail: { ...form } });
    });
  }

  /** Withdrawn at once, whatever its last day; a second time changes nothing. @throws DomainError not_found */
  end(user: CurrentUser, id: string): Promise<void> {
    return this.db.tx(async (tx) => {
      await this.lock(tx, user, id);
      const ended = await tx.run(sql`
        update care.partner_offer set ended_at = ${this.clock.now()}, version = version + 1 where id = ${id} and ended_at is null`);
      if (ended > 0) await this.audit.record(tx, user, { action: 'care.partner_offer_ended', object: 'partner_offer', id });
    });
  }

  /**
   * Somebody heard or saw that a customer made use of an offer.
   * @throws DomainError not_found, partner_use_known (409) · InvalidInput partner_use_future at `usedOn`, partner_not_entitled at `offer`
   */
  async recordUse(user: CurrentUser, customerId: string, form: PartnerUseForm): Promise<{ id: string }> {
    const today = dayOf(this.clock.now());
    const { offer, note = null } = form;
    const usedOn = form.usedOn ?? today;
    if (usedOn > today) throw new InvalidInput([{ param: 'usedOn', code: 'partner_use_future' }]);
    return this.db.tx(async (tx) => {
      const { id } = await this.customers.facts(user, customerId, tx);
      const entitled = await this.entitlement.of([id], usedOn, { on: tx });
      if (!entitled.some((one) => one.id === offer))
        throw new InvalidInput([{ param: 'offer', code: 'partner_not_entitled', params: { day: usedOn } }]);
      const made = await tx.maybe<{ id: string }>(sql`
        insert into care.partner_use (offer_id, customer_id, used_on, note, recorded_by, recorded_at)
        values (${offer}, ${id}, ${usedOn}, ${note}, ${user.id}, ${this.clock.now()}) on conflict do nothing returning id`);
      if (!made) throw new DomainError('partner_use_known', { status: 409, param: 'usedOn', params: { day: usedOn } });
      await this.audit.record(tx, user, { action: 'care.partner_use_recorded', object: 'customer', id, detail: { offer, usedOn } });
      return made;
    });
  }

  private async lock(tx: Tx, user: CurrentUser, id: string): Promise<{ version: number; ended: boolean }> {
    const row =
      /^\d{1,18}$/.test(id) &&
      (await tx.maybe<{ version: number; ended: boolean }>(sql`
        select f.version, f.ended_at is not null as ended from care.partner_offer f join staff.v_org_unit o on o.id = f.org_unit_id
        where f.id = ${id} and ${inScope(user, sql`o.path`)} for update of f`));
    if (!row) throw notFound('partner_offer', id);
    return row;
  }
}

const known = ({ partner, benefit }: PartnerOfferForm): DomainError =>
  new DomainError('partner_offer_known', { status: 409, param: 'benefit', params: { partner, benefit } });

function checkTerm({ validFrom, validUntil }: PartnerOfferForm): void {
  if (validUntil < validFrom) throw new InvalidInput([{ param: 'validUntil', code: 'day_reversed' }]);
}

/** In the order of the columns both writes name. */
const valuesOf = (form: PartnerOfferForm): Sql => sql`
  ${form.partner}::text, ${form.benefit}::text, ${form.validFrom}::date, ${form.kind}::text, ${form.redeem}::text, ${form.sentence ?? null}::text,
  ${[...form.stars].sort()}::smallint[], ${form.region ?? null}::text, ${form.occasion ?? 'any'}::text, ${form.validUntil}::date`;
