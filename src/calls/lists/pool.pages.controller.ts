import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { Pools } from './pool.commands.js';
import { PoolForm } from './pool.forms.js';

type Posted = Record<string, unknown>;
const VIEW = 'calls/pool';

/** From the list of a campaign: the tasks nobody has are handed out. */
@ApiExcludeController()
@Roles('supervisor')
@Controller('campaigns/:code/pool')
export class PoolPagesController {
  constructor(
    private readonly pools: Pools,
    private readonly campaigns: CampaignsQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, code, []));
  }

  @Post()
  async handOut(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const chosen = body.to === undefined ? [] : [body.to].flat();
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, code, chosen) }, async () => {
      const { tasks } = await this.pools.handOut(user, code, await readForm(PoolForm, body));
      flash(reply.request, 'recycling.done', { count: tasks });
      return `/campaigns/${encodeURIComponent(code)}/list`;
    });
  }

  private async page(user: CurrentUser, code: string, chosen: unknown[]): Promise<object> {
    const [campaign, pool] = await Promise.all([this.campaigns.byCode(user, code), this.pools.of(user, code)]);
    return { campaign, pool, chosen, running: campaign.state === 'running' };
  }
}
