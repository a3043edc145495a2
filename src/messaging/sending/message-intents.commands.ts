import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { Verdict } from '../../contact/contact.types.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { SendMessage } from '../messaging.jobs.js';
import { MessageValues } from '../wording/optional-values.types.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import { VALIDITY_HOURS } from '../receipts/validity.js';
import type { TaskCard } from '../single-messages/task-messages.queries.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { messageMaker, type Values } from '../wording/wording.js';

export interface SentMessage {
  id: string;
  state: 'queued';
  text: string;
  parts: number;
}

export interface Intent {
  /** null: the contact it belongs to stood on no list. */
  taskId: string | null;
  templateCode: string;
  /** As the ledger shows it. */
  source: 'desk' | 'care' | 'order';
  /** null: the product itself. */
  actorId: string | null;
  /** Values of the occasion beside those of the customer. */
  values?: Values;
}

/** One message on its way: an approved text, through the gate, handed over after the commit. */
@Injectable()
export class MessageIntents {
  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly contact: ContactCommands,
    private readonly templates: TemplatesQueries,
    private readonly values: MessageValues,
    private readonly filings: FilingsQueries,
  ) {}

  /** @returns what will be sent, or the gate's refusal, which the ledger keeps @throws DomainError template_not_approved, template_variable_missing, signature_…, template_filing_… (R43), not_found */
  async intend(tx: Tx, card: TaskCard, { taskId, templateCode, source, actorId, values = {} }: Intent): Promise<SentMessage | { refused: Verdict }> {
    const wording = await this.templates.inUse({ code: templateCode }, tx);
    const now = this.clock.now();
    const maker = messageMaker(wording);
    const made = maker.make({ ...(await this.values.prepare(maker.variables, [card], { now, on: tx }))(card), ...values });
    if ('fault' in made) throw new DomainError(made.fault, { param: 'template', params: { variable: made.variables.join('、'), count: 1 } });
    const gateway = await this.filings.demandWayOut(tx, { wording, template: templateCode });
    const verdict = await this.contact.reserve(tx, {
      customerId: card.customerId,
      number: card.number,
      channel: 'sms',
      purpose: wording.purpose,
      campaignId: card.campaignId,
      productFamily: card.productFamily,
      text: made.text,
      source,
      actorId,
      at: now,
      holdMinutes: VALIDITY_HOURS * 60,
    });
    if (!verdict.allowed) return { refused: verdict };
    const id = uuidAt(now);
    await tx.run(sql`
      insert into messaging.message (id, task_id, customer_id, line_id, number, touch_id, template_id, purpose, body, parts, encoding, gateway_code, state, created_at)
      values (${id}, ${taskId}, ${card.customerId}, ${card.lineId}, ${card.number}, ${verdict.touchId}, ${wording.templateId}, ${wording.purpose},
              ${made.text}, ${made.parts}, ${made.encoding}, ${gateway.code}, 'queued', ${now})`);
    const { signature, templateId, version } = wording;
    await this.outbox.add(tx, SendMessage, { messageId: id, filed: { signature, templateId, version } });
    return { id, state: 'queued', text: made.text, parts: made.parts };
  }
}
