import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type GatewayAccount, namedWay } from '../gateways/gateway.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import type { Blast, Wording } from '../messaging.types.js';
import {
  endingSoon,
  type FiledWording,
  type FilingFault,
  filingFault,
  type SignatureFiling,
  type TemplateFiling,
  type ToSend,
} from './filing.policy.js';

export type SignatureRow = SignatureFiling & { id: string; filingNo: string; by: string; at: Date };
export type TemplateFilingRow = TemplateFiling & {
  id: string;
  template: string;
  templateName: string;
  /** The version being sent, null while none is approved. */
  inUse: number | null;
  orgPath: string;
  filingNo: string;
  by: string;
  at: Date;
};

const SIGNATURES = sql`
  select f.id, f.signature, f.gateway_code as gateway, f.filing_no as "filingNo", f.valid_from as "validFrom", f.expires_on as "expiresOn", u.name as by, f.added_at as at
  from messaging.filed_signature f join staff.v_user u on u.id = f.added_by where f.removed_at is null`;
const TEMPLATES = sql`
  select f.id, f.template_id as "templateId", t.code as template, m.name as "templateName", t.version as "inUse", o.path as "orgPath", f.version,
         f.gateway_code as gateway, f.filing_no as "filingNo", f.valid_from as "validFrom", f.expires_on as "expiresOn", u.name as by, f.added_at as at
  from messaging.filed_template f join messaging.v_template t on t.id = f.template_id join messaging.template m on m.id = f.template_id
  join staff.v_org_unit o on o.id = m.org_unit_id join staff.v_user u on u.id = f.added_by where f.removed_at is null`;

/** The registry of what is filed with the networks. */
@Injectable()
export class FilingsQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gateways: GatewaysQueries,
  ) {}

  signatures(on: Queryable = this.database): Promise<SignatureRow[]> {
    return on.rows<SignatureRow>(sql`${SIGNATURES} order by f.expires_on nulls last, f.signature, f.gateway_code nulls first`);
  }

  /** Of the templates this user may use. */
  templates(user: CurrentUser, on: Queryable = this.database): Promise<TemplateFilingRow[]> {
    return on.rows<TemplateFilingRow>(sql`${TEMPLATES} and ${usableBy(user, sql`o.path`)} order by f.expires_on nulls last, m.name, f.gateway_code`);
  }

  /** @throws DomainError signature_…, template_… naming the gateway and the day, with the way out */
  demand(on: Queryable, blast: Blast, wording: Wording): Promise<void> {
    return this.check(on, this.sending(blast, wording), { wording, template: blast.templateName });
  }

  /** The gateway for one message that goes now: the first of the active ones for which all is filed; undefined: there is none. */
  async wayOut(on: Queryable, { signature, templateId, version }: FiledWording): Promise<GatewayAccount | undefined> {
    const accounts = await this.gateways.active(on);
    const faults = await this.faultsNow(
      accounts.map(({ code }) => ({ signature, templateId, version, gateways: [code] })),
      on,
    );
    return accounts.find((_, i) => faults[i] === null);
  }

  /** As {@link wayOut}. @throws DomainError gateway_none, or what is filed for none of them, as {@link demand} */
  async demandWayOut(on: Queryable, said: { wording: Wording; template: string }): Promise<GatewayAccount> {
    const way = await this.wayOut(on, said.wording);
    if (way) return way;
    const gateways = (await this.gateways.active(on)).map(({ code }) => code);
    const { signature, templateId, version } = said.wording;
    await this.check(on, { signature, templateId, version, gateways, day: dayOf(this.clock.now()) }, said);
    throw new DomainError('gateway_none');
  }

  private async check(on: Queryable, send: ToSend, { wording, template }: { wording: Wording; template: string }): Promise<void> {
    const fault = filingFault(send, await this.filed(on));
    if (!fault) return;
    const { code, gateway, day, version } = fault;
    throw new DomainError(code, {
      param: code.startsWith('signature') ? 'gateway' : 'template',
      params: {
        gateway: namedWay(await this.gateways.account(gateway, on)),
        day: day ?? '',
        filed: version === null ? '' : String(version),
        signature: wording.signature,
        version: String(wording.version),
        template,
      },
    });
  }

  /** What keeps running blasts from going on today, by their place in `sends`: filings end while a blast, a care programme or a campaign goes on. */
  async faultsNow(sends: readonly Omit<ToSend, 'day'>[], on: Queryable = this.database): Promise<(FilingFault | null)[]> {
    if (sends.length === 0) return [];
    const [filed, day] = [await this.filed(on), dayOf(this.clock.now())];
    return sends.map((send) => filingFault({ ...send, day }, filed));
  }

  /** What a draft uses that runs out soon after it goes. */
  async warnings(blast: Blast, wording: Wording): Promise<ReturnType<typeof endingSoon>> {
    return endingSoon(this.sending(blast, wording), await this.filed(this.database));
  }

  private sending({ gateway, fallbacks, notBefore }: Blast, { signature, templateId, version }: Wording): ToSend {
    const now = this.clock.now();
    return { signature, templateId, version, gateways: [gateway, ...fallbacks], day: dayOf(notBefore && notBefore > now ? notBefore : now) };
  }

  private async filed(on: Queryable): Promise<{ signatures: SignatureFiling[]; templates: TemplateFiling[] }> {
    return { signatures: await on.rows<SignatureRow>(SIGNATURES), templates: await on.rows<TemplateFilingRow>(TEMPLATES) };
  }
}
