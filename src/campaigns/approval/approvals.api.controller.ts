import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { ApprovalRow } from './approval.types.js';
import { Approvals } from './approvals.commands.js';
import { ApprovalForm, ApprovalRefusalForm, ApprovalRuleForm } from './approvals.forms.js';
import { ApprovalsQueries } from './approvals.queries.js';

const answer = (row: ApprovalRow | undefined) => {
  if (!row) return null;
  const { id, state, customers, askedBy, askedAt, decidedBy, decidedAt, reason } = row;
  return { id, state, customers, askedBy, askedAt, decidedBy, decidedAt, reason };
};

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:code/approval')
export class ApprovalsApiController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly queries: ApprovalsQueries,
    private readonly approvals: Approvals,
  ) {}

  /** Whether it needs a second person's word, where that stands, and what was said before. */
  @Roles('planner', 'supervisor', 'client')
  @Get()
  async get(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    const campaign = await this.campaigns.byCode(user, code);
    const { included } = await this.queries.count(campaign);
    const [{ needed, standing }, history] = await Promise.all([this.queries.status(campaign, included), this.queries.history(campaign.id)]);
    return { needed, standing, history: history.map(answer) };
  }

  @Roles('planner')
  @HttpCode(200)
  @Post()
  async ask(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    return answer(await this.approvals.ask(user, code));
  }

  @Roles('supervisor', 'client')
  @HttpCode(200)
  @Post('approve')
  async approve(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: ApprovalForm) {
    return answer(await this.approvals.approve(user, code, form.request));
  }

  @Roles('supervisor', 'client')
  @HttpCode(200)
  @Post('refuse')
  async refuse(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: ApprovalRefusalForm) {
    return answer(await this.approvals.refuse(user, code, form.reason));
  }
}

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaign-approvals')
export class ApprovalRuleApiController {
  constructor(
    private readonly queries: ApprovalsQueries,
    private readonly approvals: Approvals,
  ) {}

  /** What waits for the reader's word. */
  @Roles('supervisor', 'client')
  @Get()
  async waiting(@CurrentUser() user: CurrentUser) {
    return { items: await this.queries.waiting(user) };
  }

  @Roles()
  @Get('rule')
  rule() {
    return this.queries.rule();
  }

  @Roles()
  @Put('rule')
  async setRule(@CurrentUser() user: CurrentUser, @Body() form: ApprovalRuleForm) {
    await this.approvals.setRule(user, { kinds: form.kinds, above: form.above ?? null });
    return this.queries.rule();
  }
}
