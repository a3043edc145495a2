import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ReviewCommands } from './review.commands.js';
import { DecisionForm } from './review.forms.js';
import { ReviewQueries } from './review.queries.js';

const VIEW = 'messaging/replies';
const RECENT_MS = 14 * 86_400_000;

/** What customers wrote: for a manager those of her customers, for planners and supervisors what no rule understood. */
@ApiExcludeController()
@Controller('replies')
export class ReviewPagesController {
  constructor(
    private readonly queries: ReviewQueries,
    private readonly commands: ReviewCommands,
    private readonly clock: Clock,
    private readonly forms: Forms,
  ) {}

  @Roles('manager', 'planner', 'supervisor')
  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query('cursor') cursor: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    if (user.role === 'manager') await reply.view('messaging/my-replies', await this.mine(user));
    else await reply.view(VIEW, await this.page(user, cursor));
  }

  /** Those passed on, for the list of the day. */
  @Roles('manager', 'supervisor')
  @Get('mine')
  async forwarded(@CurrentUser() user: CurrentUser, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.mine(user);
    if (isHtmx(request)) await reply.view('messaging/forwarded-replies', page, { layout: false });
    else await reply.view('messaging/my-replies', page);
  }

  @Roles('planner', 'supervisor')
  @Post(':reply')
  async decide(
    @CurrentUser() user: CurrentUser,
    @Param('reply') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user) }, async () => {
      const form = await readForm(DecisionForm, { ...body, word: body.word === '' ? undefined : body.word });
      await this.commands.decide(user, id, form);
      flash(reply.request, `sms.reply.done.${form.decision}`);
      return '/replies';
    });
  }

  @Roles('manager')
  @Post(':reply/seen')
  async seen(@CurrentUser() user: CurrentUser, @Param('reply') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/my-replies', context: () => this.mine(user) }, async () => {
      await this.commands.seen(user, id);
      return '/replies';
    });
  }

  private async page(user: CurrentUser, cursor?: string): Promise<object> {
    const [page, decided] = await Promise.all([this.queries.open(user, 50, cursor), this.queries.decided(user)]);
    return { rows: page.items, next: page.nextCursor, decided };
  }

  private mine(user: CurrentUser): Promise<object> {
    return this.queries.ofManager(user, new Date(this.clock.now().getTime() - RECENT_MS));
  }
}
