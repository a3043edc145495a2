import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CAMPAIGN_KINDS } from '../campaigns.types.js';
import { Approvals } from './approvals.commands.js';
import { ApprovalRuleForm } from './approvals.forms.js';
import { ApprovalsQueries } from './approvals.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'campaigns/approval-rule';

/** What waits for a word, and which campaigns need one. */
@ApiExcludeController()
@Controller('campaign-approvals')
export class ApprovalRulePagesController {
  constructor(
    private readonly queries: ApprovalsQueries,
    private readonly approvals: Approvals,
    private readonly forms: Forms,
  ) {}

  @Roles('supervisor', 'client')
  @Get()
  async waiting(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('campaigns/approvals', { rows: await this.queries.waiting(user), maySet: user.role === 'admin' });
  }

  @Roles()
  @Get('rule')
  async rule(@Res() reply: FastifyReply): Promise<void> {
    const page = await this.page();
    await reply.view(VIEW, { ...page, chosenKinds: page.rule.kinds, values: { above: page.rule.above ?? '' } });
  }

  @Roles()
  @Post('rule')
  async setRule(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const chosenKinds = body.kinds === undefined ? [] : [body.kinds].flat();
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page()), chosenKinds }) }, async () => {
      const form = await readForm(ApprovalRuleForm, body);
      const changed = await this.approvals.setRule(user, { kinds: form.kinds, above: form.above ?? null });
      flash(reply.request, changed ? 'campaigns.approval.rule_saved' : 'campaigns.approval.rule_unchanged');
      return '/campaign-approvals/rule';
    });
  }

  private async page() {
    const [rule, history] = await Promise.all([this.queries.rule(), this.queries.ruleHistory()]);
    return { rule, history, kinds: CAMPAIGN_KINDS };
  }
}
