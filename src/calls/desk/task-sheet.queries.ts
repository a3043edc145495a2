import { Injectable } from '@nestjs/common';
import { CampaignsQueries, renderScript, scriptFields, scriptFor } from '../../campaigns/campaigns.queries.js';
import type { Campaign, RenderedScript, Script } from '../../campaigns/campaigns.types.js';
import { CustomersQueries } from '../../customers/customers.queries.js';
import type { CallCard } from '../../customers/customers.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { type CurrentUser, staffNoOf } from '../../staff/staff.types.js';
import type { TaskItem } from '../calls.types.js';
import { TaskReasonsQueries } from './task-reasons.queries.js';
import type { TaskReason } from './task-reasons.types.js';
import { type TaskRow, TasksQueries } from '../tasks/tasks.queries.js';

/** Everything about one held task: who, why, what to say. */
export interface TaskSheet {
  row: TaskRow;
  card: CallCard;
  script: RenderedScript;
  reasons: TaskReason[];
  closingLine: string | null;
  /** Offers of partners the customer may use. */
  partnerOffers: string[];
  /** What the campaign wrote before the call. */
  sentMessage: string | null;
}

@Injectable()
export class TaskSheets {
  constructor(
    private readonly tasks: TasksQueries,
    private readonly reasons: TaskReasonsQueries,
    private readonly customers: CustomersQueries,
    private readonly campaigns: CampaignsQueries,
    private readonly segments: SegmentsQueries,
    private readonly clock: Clock,
  ) {}

  async of(user: CurrentUser, row: TaskRow): Promise<TaskSheet> {
    const today = dayOf(this.clock.now());
    const [card, campaign, reasons, closingLine, partnerOffers, sentMessage] = await Promise.all([
      this.customers.cardForCall(row.customerId, row.lineId),
      this.campaigns.byId(row.campaignId),
      this.reasons.forCall(row, user.locale),
      this.reasons.closingLine({ day: today, customerId: row.customerId, locale: user.locale }),
      this.reasons.offers({ day: today, customerId: row.customerId, locale: user.locale }),
      this.reasons.sentMessage({ campaignId: row.campaignId, customerId: row.customerId, locale: user.locale }),
    ]);
    const attributes = campaign?.columnsSegmentId ? await this.segments.attributes(campaign.columnsSegmentId, row.customerId) : null;
    const fields = scriptFields(card, { agent: { name: user.name, no: staffNoOf(user) }, today, attributes });
    const script = renderScript(await this.scriptOf(campaign, row), fields, card.starLevel);
    return { row, card, script, reasons, closingLine, partnerOffers, sentMessage };
  }

  /** The campaign's script; in a retention call that of the customer's own strategy stands before it. */
  private async scriptOf(campaign: Campaign | undefined, { id, customerId }: TaskRow): Promise<Script> {
    if (!campaign) return { opening: '', branches: [], objections: [] };
    const common = scriptFor(campaign, customerId);
    const own = campaign.kind === 'retention' ? await this.reasons.script(id) : null;
    if (!own) return common;
    return {
      opening: [common.opening, own.opening].filter((text) => text !== '').join('\n'),
      branches: [...own.branches, ...common.branches],
      objections: [...own.objections, ...common.objections],
    };
  }

  /** The task as the API gives it to its holder. */
  async item(user: CurrentUser, taskId: string): Promise<TaskItem> {
    const row = await this.tasks.row(user, taskId);
    const sheet = await this.of(user, row);
    const texts = sheet.reasons.flatMap(({ text, details = [] }) => [text, ...details]);
    return {
      ...this.tasks.toItem(user, row, texts),
      script: sheet.script,
      closingLine: sheet.closingLine,
      partnerOffers: sheet.partnerOffers,
      sentMessage: sheet.sentMessage,
    };
  }
}
