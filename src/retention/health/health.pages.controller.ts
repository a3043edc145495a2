import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CasePage } from '../cases/case-page.queries.js';
import { TakenBackForm } from '../cases/cases.forms.js';
import { PortOuts } from '../cases/port-outs.commands.js';
import { whyText } from '../model/models.views.js';
import { HealthQueries } from './health.queries.js';

const TONES = { healthy: 'ok', 'sub-healthy': 'warn', 'high-risk': 'bad' } as const;

/** Health, score and retention of a customer: a panel of the 360 page, and a page of its own without JavaScript (CUS-4, CUS-5). */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('customers/:id/health')
export class HealthPagesController {
  constructor(
    private readonly health: HealthQueries,
    private readonly customers: CustomersQueries,
    private readonly cases: CasePage,
    private readonly catalogue: Catalogue,
    private readonly portOuts: PortOuts,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const context = await this.context(user, id);
    if (isHtmx(reply.request)) await reply.view('retention/_customer', context, { layout: false });
    else await reply.view('retention/customer', context);
  }

  /** The customer's own word that the application to port out is off; one that stopped a case is lifted there. */
  @Roles('manager', 'supervisor')
  @Post('port-out-taken-back')
  async takenBack(
    @Param('id') id: string,
    @CurrentUser() user: CurrentUser,
    @Body() body: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: 'retention/customer', context: () => this.context(user, id) }, async () => {
      await this.portOuts.takeBack(user, id, (await readForm(TakenBackForm, { note: body.note })).note);
      flash(reply.request, 'retention.port_out_over');
      return `/customers/${id}`;
    });
  }

  private async context(user: CurrentUser, id: string): Promise<object> {
    const { name } = await this.customers.facts(user, id);
    const [health, history, score, cases, portingSince] = await Promise.all([
      this.health.of(id),
      this.health.history(id),
      this.health.score(id),
      this.cases.list(user, { customer: id }),
      this.portOuts.since(id),
    ]);
    const words = { locale: user.locale, t: (key: string, params?: Parameters<Catalogue['t']>[2]) => this.catalogue.t(user.locale, key, params) };
    return {
      id,
      name,
      health: health && { ...health, tone: TONES[health.tier] },
      history: history.map((change) => ({ ...change, tone: TONES[change.tier] })),
      score: score && { ...score, percent: Math.round(score.score * 100), words: whyText(score.why, score.reasons, words) },
      cases: cases.rows,
      portingSince,
      mayOpen: user.role !== 'planner',
    };
  }
}
