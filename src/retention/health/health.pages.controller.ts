import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CasePage } from '../cases/case-page.queries.js';
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
  ) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { name } = await this.customers.facts(user, id);
    const [health, history, score, cases] = await Promise.all([
      this.health.of(id),
      this.health.history(id),
      this.health.score(id),
      this.cases.list(user, { customer: id }),
    ]);
    const words = { locale: user.locale, t: (key: string, params?: Parameters<Catalogue['t']>[2]) => this.catalogue.t(user.locale, key, params) };
    const context = {
      id,
      name,
      health: health && { ...health, tone: TONES[health.tier] },
      history: history.map((change) => ({ ...change, tone: TONES[change.tier] })),
      score: score && { ...score, percent: Math.round(score.score * 100), words: whyText(score.why, score.reasons, words) },
      cases: cases.rows,
      mayOpen: user.role !== 'planner',
    };
    if (isHtmx(reply.request)) await reply.view('retention/_customer', context, { layout: false });
    else await reply.view('retention/customer', context);
  }
}
