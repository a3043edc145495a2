import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { problemOf } from '../../platform/http/problem.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { boxText } from '../../platform/views/formats.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { DecisionPageQuery, LedgerQuery } from './decisions.forms.js';
import { ContactQueries } from '../contact.queries.js';
import { CHANNELS, PURPOSES } from '../contact.types.js';
import { numberFor } from '../contact.views.js';
import { ledgerView } from './ledger.views.js';
import { DecisionsQueries, type ExplainAsk } from './decisions.queries.js';
import { decisionView, OTHER_WAYS } from './decision.views.js';
import { NamedCampaigns } from '../named-campaigns.queries.js';
import { instantOf, requireNumber } from '../number.policy.js';

const LEDGER_ROWS = 8;
const LEDGER_PAGE = 50;

/** May we contact this customer now: looks only, takes no place in the ledger. */
@Roles('manager', 'planner', 'supervisor')
@Controller('contact/decisions')
export class DecisionsPagesController {
  constructor(
    private readonly decisions: DecisionsQueries,
    private readonly contact: ContactQueries,
    private readonly campaigns: NamedCampaigns,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  async page(@Query() query: DecisionPageQuery, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const form = { ...this.form(query), campaigns: await this.campaigns.list(user) };
    if (!query.phone) return reply.view('contact/decision', { ...form, values: query });
    try {
      const campaign = query.campaign ? await this.campaigns.byCode(user, query.campaign) : null;
      await reply.view('contact/decision', { ...form, values: query, ...(await this.judged(user, query.phone, { ...form, campaign })) });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { status, message, fields } = problemOf(error, this.catalogue, reply.request.locale);
      const errors = Object.keys(fields).length > 0 ? fields : { phone: message };
      await reply.view('contact/decision', { ...form, values: query, errors }, { status });
    }
  }

  /** Everything the gate has said about a customer, the newest first. */
  @Get('ledger')
  async ledger(@Query() query: LedgerQuery, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const number = requireNumber(query.phone);
    const subject = await this.decisions.subject(user, number);
    const page = await this.contact.decisions(number, LEDGER_PAGE, query.cursor);
    const items = page.items.map(ledgerView);
    await reply.view('contact/ledger', {
      subject,
      number: numberFor(user, number),
      encodedPhone: encodeURIComponent(query.phone),
      items,
      next: page.nextCursor,
    });
  }

  private form(query: DecisionPageQuery) {
    const at = query.at ? instantOf(query.at) : this.clock.now();
    return {
      channel: query.channel ?? 'call',
      purpose: query.purpose ?? 'marketing',
      at,
      atValue: boxText(at),
      today: dayOf(at),
      channels: CHANNELS,
      purposes: PURPOSES,
    };
  }

  private async judged(user: CurrentUser, phone: string, ask: ExplainAsk): Promise<object> {
    const number = requireNumber(phone);
    const subject = await this.decisions.subject(user, number);
    const explanation = await this.decisions.explain(number, ask);
    const others = await Promise.all(OTHER_WAYS.map((way) => this.decisions.explain(number, { ...way, at: ask.at, campaign: ask.campaign })));
    const ledger = await this.contact.decisions(number, LEDGER_ROWS);
    return {
      verdict: decisionView(subject, explanation, others),
      number: numberFor(user, number),
      encodedPhone: encodeURIComponent(phone),
      ledger: ledger.items,
    };
  }
}
