import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import type { Locale } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AttemptsCommands } from '../attempts/attempts.commands.js';
import { AttemptForm, ReleaseForm } from '../attempts/attempts.forms.js';
import { CallDeskCommands } from './call-desk.commands.js';
import { DeskPage } from './desk-page.queries.js';
import { labelOf } from './desk.views.js';
import { attemptOf, type Posted, wantsToStay } from './desk-form.policy.js';
import { Dials } from '../cti/dials.commands.js';
import { LiveCalls } from '../cti/live-call.queries.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';

/** One customer, one call, one outcome (ui.md 4). Works as plain forms: a press posts, the answer is the desk with the next customer. */
@Controller()
@Roles('manager', 'supervisor')
export class DeskPagesController {
  constructor(
    private readonly desk: CallDeskCommands,
    private readonly attempts: AttemptsCommands,
    private readonly outcomes: OutcomesQueries,
    private readonly page: DeskPage,
    private readonly forms: Forms,
    private readonly dials: Dials,
    private readonly calls: LiveCalls,
  ) {}

  @Get('desk')
  async show(@CurrentUser() user: CurrentUser, @Query('none') none: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const view = await this.page.ofHeld(user);
    if (view) await reply.view('calls/desk', await this.withPhone(view));
    else await reply.view('calls/desk-empty', await this.page.empty(user, none));
  }

  @Post('desk/next')
  async next(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    redirectTo(reply, await this.goOn(user));
  }

  @Post('tasks/:id/claim')
  async claim(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      await this.desk.claim(user, id);
      redirectTo(reply, '/desk');
    } catch (error) {
      if (!(error instanceof DomainError) || error.status !== 409) throw error;
      // shown where she came from: the customer stays on the list, with the rule that holds the call back
      flash(request, `error.${error.code}`, error.params);
      redirectTo(reply, '/today');
    }
  }

  @Post('tasks/:id/release')
  async release(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = await readForm(ReleaseForm, { reason: body.reason || 'desk' });
    await this.desk.release(user, id, form.reason);
    redirectTo(reply, '/today');
  }

  @Post('tasks/:id/attempts')
  async record(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const page = { view: 'calls/desk', context: async () => this.withPhone(await this.page.ofTask(user, id, body)) };
    await this.forms.answer(reply, page, async () => {
      await this.attempts.record(user, id, await this.read(body, user.locale), { strict: true });
      return wantsToStay(body) ? '/desk' : this.goOn(user);
    });
  }

  /** The desk asks for more than the API: an outcome, its second-level reason. */
  private async read(body: Posted, locale: Locale): Promise<AttemptForm> {
    const outcomes = await this.outcomes.all();
    const given = attemptOf(body, outcomes);
    if (!given.outcome) throw new DomainError('outcome_required', { param: 'outcome' });
    const form = await readForm(AttemptForm, given);
    const outcome = outcomes.find(({ code }) => code === form.outcome);
    if (outcome?.needsReason && !form.reason)
      throw new DomainError('reason_required', { param: 'reason', params: { outcome: labelOf(outcome, locale) } });
    return form;
  }

  /** With the way to dial; the number is whole only while the task is held. */
  private async withPhone(view: Record<string, unknown>): Promise<object> {
    const { phone } = view.customer as { phone: string };
    const parsed = view.held ? parsePhone(phone) : undefined;
    const href = parsed && 'number' in parsed ? this.dials.link(parsed.number) : null;
    return { ...view, telephone: { adapter: this.dials.adapter, href, told: await this.calls.any() } };
  }

  /** Claims the next customer and says where to look at it. */
  private async goOn(user: CurrentUser): Promise<string> {
    const next = await this.desk.next(user);
    return 'empty' in next ? `/desk?none=${next.empty}` : '/desk';
  }
}
