import { Controller, Get, Query } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Roles, TokenScopes } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { DecisionsQuery } from './decisions.forms.js';
import { ContactQueries } from '../contact.queries.js';
import { numberFor } from '../contact.views.js';
import { DecisionsQueries } from './decisions.queries.js';
import { touchView } from './ledger.views.js';
import { NamedCampaigns } from '../named-campaigns.queries.js';
import { requireNumber } from '../number.policy.js';

const PAGE = 50;

@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/contact/decisions')
export class DecisionsApiController {
  constructor(
    private readonly decisions: DecisionsQueries,
    private readonly contact: ContactQueries,
    private readonly campaigns: NamedCampaigns,
    private readonly clock: Clock,
  ) {}

  /** What would be said now (by default of marketing, the strictest), and the ledger, newest first. */
  @TokenScopes('contact')
  @Get()
  async list(@Query() query: DecisionsQuery, @CurrentUser() user: CurrentUser): Promise<object> {
    const number = requireNumber(query.phone);
    await this.decisions.subject(user, number);
    const purpose = query.purpose ?? 'marketing';
    const page = await this.contact.decisions(number, query.limit ?? PAGE, query.cursor);
    const campaign = query.campaign ? await this.campaigns.byCode(user, query.campaign) : null;
    const ask = { purpose, campaign, at: this.clock.now() };
    const [call, sms] = await Promise.all((['call', 'sms'] as const).map((channel) => this.decisions.explain(number, { channel, ...ask })));
    const now = { call: call?.decision, sms: sms?.decision };
    return { phone: numberFor(user, number), purpose, now, items: page.items.map(touchView), nextCursor: page.nextCursor };
  }
}
