import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries, mayChange } from '../campaigns.queries.js';
import { audienceView, campaignUrl, headView } from '../campaigns.views.js';
import { factsView } from '../wizard/facts.views.js';
import { Approvals } from './approvals.commands.js';
import { ApprovalForm, ApprovalRefusalForm } from './approvals.forms.js';
import { ApprovalsQueries } from './approvals.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'campaigns/show-approval';
const CHIPS = {
  asked: { kind: 'info', icon: 'clock' },
  approved: { kind: 'ok', icon: 'check' },
  refused: { kind: 'bad', icon: 'x' },
  superseded: { kind: '', icon: 'arrow-back-up' },
};

/** What a campaign is, for whoever gives or refuses the word, and what was said before. */
@ApiExcludeController()
@Controller('campaigns/:code/approval')
export class ApprovalsPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly queries: ApprovalsQueries,
    private readonly approvals: Approvals,
    private readonly forms: Forms,
  ) {}

  @Roles('planner', 'supervisor', 'client')
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, code));
  }

  @Roles('planner')
  @Post()
  async ask(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, code, reply, async () => {
      await this.approvals.ask(user, code);
      return 'campaigns.approval.asked';
    });
  }

  @Roles('supervisor', 'client')
  @Post('approve')
  async approve(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, code, reply, async () => {
      await this.approvals.approve(user, code, (await readForm(ApprovalForm, { request: body.request })).request);
      return 'campaigns.approval.approved';
    });
  }

  @Roles('supervisor', 'client')
  @Post('refuse')
  async refuse(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, code, reply, async () => {
      await this.approvals.refuse(user, code, (await readForm(ApprovalRefusalForm, body)).reason);
      return 'campaigns.approval.refused';
    });
  }

  /** @param work does it and names the sentence that says so */
  private async deed(user: CurrentUser, code: string, reply: FastifyReply, work: () => Promise<string>): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, code) }, async () => {
      flash(reply.request, await work());
      return `${campaignUrl(code)}/approval`;
    });
  }

  private async page(user: CurrentUser, code: string): Promise<object> {
    const campaign = await this.campaigns.byCode(user, code);
    const count = await this.queries.count(campaign);
    const [status, history, tasks] = await Promise.all([
      this.queries.status(campaign, count.included),
      this.queries.history(campaign.id),
      this.campaigns.taskCount(campaign, user),
    ]);
    const mine = mayChange(user, campaign);
    const own = status.last?.askedById === user.id || campaign.createdBy === user.id;
    const decides =
      (status.clientOnly ? ['client'] : ['supervisor', 'client', 'admin']).includes(user.role) && campaign.orgPath.startsWith(user.orgPath);
    return {
      ...headView(campaign, mine),
      tab: 'approval',
      tasks,
      figuresOnly: user.role === 'client',
      count: audienceView(count),
      facts: factsView(campaign),
      ...status,
      history: history.map((row) => ({ ...row, look: CHIPS[row.state] })),
      mayAsk: mine && status.needed && !campaign.launchedAt && campaign.state !== 'closed' && !['asked', 'approved'].includes(status.standing),
      mayDecide: decides && !own && status.last?.state === 'asked',
      isOwn: decides && own && status.last?.state === 'asked',
      stale: status.standing === 'changed',
    };
  }
}
