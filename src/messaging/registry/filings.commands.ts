import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { isOwn } from '../home-unit.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { signatureOf } from '../wording/wording.js';
import type { SignatureFilingForm, TemplateFilingForm } from './filings.forms.js';

type Kind = 'signature' | 'template';
const TABLES: Readonly<Record<Kind, Sql>> = { signature: sql`messaging.filed_signature`, template: sql`messaging.filed_template` };

/** Notes what the networks have filed. Filed anew it replaces the earlier filing, which stays in the books. */
@Injectable()
export class FilingsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gateways: GatewaysQueries,
    private readonly templates: TemplatesQueries,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError signature_invalid, filing_reversed · not_found (the gateway) */
  async fileSignature(user: CurrentUser, form: SignatureFilingForm): Promise<void> {
    const signature = signatureOf(form.signature);
    if (signature === undefined) throw new DomainError('signature_invalid', { param: 'signature' });
    const gateway = form.gateway ?? null;
    await this.database.tx(async (tx) => {
      if (gateway !== null) await this.gateways.account(gateway, tx);
      this.checkDays(form);
      await this.replace(tx, user, 'signature', sql`signature = ${signature} and gateway_code is not distinct from ${gateway}`);
      await tx.run(sql`
        insert into messaging.filed_signature (signature, gateway_code, filing_no, valid_from, expires_on, added_by, added_at)
        values (${signature}, ${gateway}, ${form.filingNo}, ${form.validFrom ?? null}::date, ${form.expiresOn ?? null}::date, ${user.id}, ${this.clock.now()})`);
      await this.record(tx, user, 'signature.filed', { id: signature, gateway, expiresOn: form.expiresOn ?? null });
    });
  }

  /** The wording in use, of a template of the user's own unit. @throws DomainError template_not_approved, template_of_upper_unit, filing_reversed · not_found */
  async fileTemplate(user: CurrentUser, form: TemplateFilingForm): Promise<void> {
    await this.database.tx(async (tx) => {
      const template = await this.templates.byCode(user, form.template, tx);
      if (!isOwn(user, template)) throw new DomainError('template_of_upper_unit', { status: 403 });
      const { version } = await this.templates.inUse({ id: template.id }, tx);
      await this.gateways.account(form.gateway, tx);
      this.checkDays(form);
      await this.replace(tx, user, 'template', sql`template_id = ${template.id} and gateway_code = ${form.gateway}`);
      await tx.run(sql`
        insert into messaging.filed_template (template_id, version, gateway_code, filing_no, valid_from, expires_on, added_by, added_at)
        values (${template.id}, ${version}, ${form.gateway}, ${form.filingNo}, ${form.validFrom ?? null}::date, ${form.expiresOn ?? null}::date, ${user.id}, ${this.clock.now()})`);
      await this.record(tx, user, 'template.filed', { id: template.code, version, gateway: form.gateway, expiresOn: form.expiresOn ?? null });
    });
  }

  /** @throws DomainError not_found */
  removeSignature(user: CurrentUser, id: string): Promise<void> {
    return this.database.tx(async (tx) => {
      const [gone] = /^\d{1,18}$/.test(id) ? await this.replace(tx, user, 'signature', sql`id = ${id}`) : [];
      if (gone === undefined) throw notFound('filing', id);
      await this.record(tx, user, 'signature.filing-removed', { id });
    });
  }

  /** @throws DomainError not_found, also of a template outside the user's unit */
  removeTemplate(user: CurrentUser, id: string): Promise<void> {
    return this.database.tx(async (tx) => {
      const own = sql`id = ${id} and template_id in (
        select t.id from messaging.template t join staff.v_org_unit o on o.id = t.org_unit_id where starts_with(o.path, ${user.orgPath}))`;
      const [gone] = /^\d{1,18}$/.test(id) ? await this.replace(tx, user, 'template', own) : [];
      if (gone === undefined) throw notFound('filing', id);
      await this.record(tx, user, 'template.filing-removed', { id });
    });
  }

  private checkDays({ validFrom, expiresOn }: { validFrom?: string; expiresOn?: string }): void {
    if (validFrom !== undefined && expiresOn !== undefined && expiresOn < validFrom) throw new DomainError('filing_reversed', { param: 'expiresOn' });
  }

  private async replace(tx: Tx, user: CurrentUser, kind: Kind, which: Sql): Promise<string[]> {
    const gone = await tx.rows<{ id: string }>(sql`
      update ${TABLES[kind]} set removed_at = ${this.clock.now()}, removed_by = ${user.id} where removed_at is null and ${which} returning id`);
    return gone.map(({ id }) => id);
  }

  private record(tx: Tx, user: CurrentUser, action: string, { id, ...detail }: { id: string; [key: string]: string | number | null }): Promise<void> {
    return this.audit.record(tx, user, { action, object: 'filing', id, detail });
  }
}
