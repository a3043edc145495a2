import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CampaignsQueries, mayChange } from './campaigns.queries.js';
import { headView } from './campaigns.views.js';
import { Drafts } from './drafts.commands.js';
import { stepUrl } from './wizard/wizard.views.js';

/** A copy to go on from, and the end of a draft nobody wants. */
@ApiExcludeController()
@Controller('campaigns/:code')
@Roles('planner')
export class DraftsPagesController {
  constructor(
    private readonly drafts: Drafts,
    private readonly queries: CampaignsQueries,
    private readonly forms: Forms,
  ) {}

  @Post('copy')
  async copy(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const made = await this.drafts.copy(user, code);
    flash(reply.request, 'campaigns.done.copy', { code, made: made.code });
    void reply.code(303).redirect(stepUrl(made.code, 'details'));
  }

  @Get('discard')
  async ask(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('campaigns/confirm', await this.confirmation(user, code));
  }

  @Post('discard')
  async discard(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'campaigns/confirm', context: () => this.confirmation(user, code) }, async () => {
      const { name } = await this.drafts.discard(user, code);
      flash(reply.request, 'campaigns.done.discard', { name });
      return '/campaigns';
    });
  }

  private async confirmation(user: CurrentUser, code: string) {
    const campaign = await this.queries.toChange(user, code);
    return { ...headView(campaign, mayChange(user, campaign)), action: 'discard', possible: campaign.state === 'draft', left: 0 };
  }
}
