import { Injectable } from '@nestjs/common';
import { DeskPorts, SentMessage } from '../../calls/desk/task-reasons.types.js';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { joinFile } from '../archive/archived-blasts.queries.js';
import { stampText } from '../../platform/views/formats.js';

/** Tells the desk what the customer has been written by the campaign, so that the call can go on from there. */
@Injectable()
export class SentOnDesk extends SentMessage {
  constructor(
    private readonly db: Database,
    private readonly catalogue: Catalogue,
    ports: DeskPorts,
  ) {
    super();
    ports.registerSentMessage(this);
  }

  async forCall({ campaignId, customerId, locale }: { campaignId: string; customerId: string; locale: Locale }): Promise<string | null> {
    const sent = await this.db.maybe<{ at: Date; state: string; body: string | null; file: string | null }>(sql`
      select coalesce(m.submitted_at, m.created_at, platform.uuid_time(r.message_id)) as at, r.state, m.body, a.file
      from messaging.blast b join messaging.recipient r on r.blast_id = b.id left join messaging.message m on m.id = r.message_id ${joinFile(sql`r.message_id`)}
      where b.campaign_id = ${campaignId} and b.variant is not null and r.customer_id = ${customerId} and (m.id is not null or a.file is not null)
      order by r.message_id desc limit 1`);
    if (!sent) return null;
    const text = sent.body ?? this.catalogue.t(locale, 'sms.archived', { file: sent.file ?? '' });
    const at = stampText(sent.at)?.slice(5) ?? '';
    return this.catalogue.t(locale, 'sms.step.on_desk', { at, state: this.catalogue.t(locale, `sms.step.state.${sent.state}`), text });
  }
}
