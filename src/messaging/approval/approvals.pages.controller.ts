import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ApprovalPages } from './approval-pages.queries.js';
import { BlastApprovals } from './approvals.commands.js';
import { ApproveForm, AskApprovalForm, RefuseApprovalForm } from './approvals.forms.js';
import { BlastApprovalsQueries } from './approvals.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'messaging/blast-approval';

/** What waits for a word, and what a blast is, for whoever gives or refuses it. */
@ApiExcludeController()
@Roles('planner', 'supervisor', 'client')
@Controller('sms')
export class BlastApprovalsPagesController {
  constructor(
    private readonly queries: BlastApprovalsQueries,
    private readonly pages: ApprovalPages,
    private readonly approvals: BlastApprovals,
    private readonly forms: Forms,
  ) {}

  @Roles('supervisor', 'client')
  @Get('approvals')
  async waiting(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/blast-approvals', { rows: await this.queries.waiting(user) });
  }

  @Get('blasts/:code/approval')
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.pages.page(user, code));
  }

  @Roles('planner')
  @Post('blasts/:code/approval')
  async ask(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, code, reply, async () => {
      await this.approvals.ask(user, code, (await readForm(AskApprovalForm, body)).note);
      return 'sms.approval.asked';
    });
  }

  @Roles('supervisor', 'client')
  @Post('blasts/:code/approval/approve')
  async approve(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, code, reply, async () => {
      await this.approvals.approve(user, code, (await readForm(ApproveForm, { request: body.request })).request);
      return 'sms.approval.approved';
    });
  }

  @Roles('supervisor', 'client')
  @Post('blasts/:code/approval/refuse')
  async refuse(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, code, reply, async () => {
      await this.approvals.refuse(user, code, (await readForm(RefuseApprovalForm, body)).reason);
      return 'sms.approval.refused';
    });
  }

  /** @param work does it and names the sentence that says so */
  private async deed(user: CurrentUser, code: string, reply: FastifyReply, work: () => Promise<string>): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.pages.page(user, code) }, async () => {
      flash(reply.request, await work());
      return `/sms/blasts/${code}/approval`;
    });
  }
}
