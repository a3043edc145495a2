import { Injectable } from '@nestjs/common';
import { DeskPorts, SentMessage } from '../../calls/task-reasons.types.js';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
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
    const sent = await this.db.maybe<{ at: Date; state: string; body: string }>(sql`
      select coalesce(m.submitted_at, m.created_at) as at, r.state, m.body
      from messaging.blast b join messaging.recipient r on r.blast_id = b.id join messaging.message m on m.id = r.message_id
      where b.campaign_id = ${campaignId} and b.variant is not null and r.customer_id = ${customerId} order by m.id desc limit 1`);
    if (!sent) return null;
    const at = stampText(sent.at)?.slice(5) ?? '';
    return this.catalogue.t(locale, 'sms.step.on_desk', { at, state: this.catalogue.t(locale, `sms.step.state.${sent.state}`), text: sent.body });
  }
}
