import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { timeText } from '../../platform/views/formats.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { RedialLists } from './redial-list.commands.js';
import { RedialListAsk, RedialListForm } from './redial-list.forms.js';

const VIEW = 'calls/redial-list';
/** Most people answer after work. */
const EVENING = 18;

/** From the diagnosis of a campaign that connects too little: what did not connect is dialled again at a better time. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('campaigns/:code/redial')
export class RedialListPagesController {
  constructor(
    private readonly lists: RedialLists,
    private readonly campaigns: CampaignsQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query() query: RedialListAsk,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.view(VIEW, await this.page(user, code, { from: query.from ?? EVENING, own: query.own ?? query.from === undefined }));
  }

  @Post()
  async make(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: async () => this.page(user, code, await this.typed(body)) }, async () => {
      const { tasks, notBefore, own } = await this.lists.make(user, code, await readForm(RedialListForm, body));
      flash(reply.request, own === undefined ? 'redial.done' : 'redial.done_own', { count: tasks, own: own ?? 0, time: timeText(notBefore) });
      return `/campaigns/${encodeURIComponent(code)}`;
    });
  }

  /** What was asked for, to be shown again; where that is no hour of calls, the page's own. */
  private async typed(body: unknown): Promise<RedialListForm> {
    return readForm(RedialListForm, body).catch(() => ({ from: EVENING, own: true }));
  }

  private async page(user: CurrentUser, code: string, form: RedialListForm): Promise<object> {
    const [campaign, list] = await Promise.all([this.campaigns.byCode(user, code), this.lists.preview(user, code, form)]);
    return { campaign, list, ...form, running: campaign.state === 'running', hours: Array.from({ length: 13 }, (_, i) => i + 8) };
  }
}
