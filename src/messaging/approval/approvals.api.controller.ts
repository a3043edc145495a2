import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import type { ApprovalRow, ApprovalStatus } from './approval.types.js';
import { BlastApprovals } from './approvals.commands.js';
import { ApproveForm, AskApprovalForm, RefuseApprovalForm } from './approvals.forms.js';
import { BlastApprovalsQueries } from './approvals.queries.js';

const rowAnswer = ({ id, kind, state, people, note, askedBy, askedAt, decidedBy, decidedAt, reason }: ApprovalRow): object => ({
  id,
  kind,
  state,
  people,
  note,
  askedBy,
  askedAt,
  decidedBy,
  decidedAt,
  reason,
});
const answer = ({ needed, standing, people }: ApprovalStatus, history: readonly ApprovalRow[]): object => ({
  needed,
  standing,
  people,
  history: history.map(rowAnswer),
});

@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner', 'supervisor', 'client')
@Controller('api/v1/sms')
export class BlastApprovalsApiController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly queries: BlastApprovalsQueries,
    private readonly approvals: BlastApprovals,
  ) {}

  /** What waits for the reader's word. */
  @Roles('supervisor', 'client')
  @Get('blast-approvals')
  async waiting(@CurrentUser() user: CurrentUser): Promise<object> {
    return { items: await this.queries.waiting(user), nextCursor: null };
  }

  /** Whose word a blast needs, where each stands, and what was said before. */
  @Get('blasts/:code/approval')
  async get(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    const [status, history] = await Promise.all([this.queries.status(blast), this.queries.history(blast.id)]);
    return answer(status, history);
  }

  @Roles('planner')
  @HttpCode(200)
  @Post('blasts/:code/approval')
  async ask(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: AskApprovalForm): Promise<object> {
    return this.told(user, code, await this.approvals.ask(user, code, form.note));
  }

  @Roles('supervisor', 'client')
  @HttpCode(200)
  @Post('blasts/:code/approval/approve')
  async approve(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: ApproveForm): Promise<object> {
    return this.told(user, code, await this.approvals.approve(user, code, form.request));
  }

  @Roles('supervisor', 'client')
  @HttpCode(200)
  @Post('blasts/:code/approval/refuse')
  async refuse(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: RefuseApprovalForm): Promise<object> {
    return this.told(user, code, await this.approvals.refuse(user, code, form.reason));
  }

  private async told(user: CurrentUser, code: string, status: ApprovalStatus): Promise<object> {
    const { id } = await this.blasts.byCode(user, code);
    return answer(status, await this.queries.history(id));
  }
}
