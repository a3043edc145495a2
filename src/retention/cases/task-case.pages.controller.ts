import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { redirectTo } from '../../platform/http/pages.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CasePage } from './case-page.queries.js';
import { CaseSteps } from './case-steps.commands.js';
import { CaseStep, MeasureDecision, MeasureForm } from './cases.forms.js';
import { pressed, stepFields } from './posted.policy.js';
import { MeasuresCommands } from './measures.commands.js';

type Posted = Record<string, string>;
const PAGE = 'retention/task';
/** The case alone, as the desk has it beside the script: what is typed of the call stays. */
const ON_DESK = 'retention/_task';

/** The case of a call, worked on while the call goes on: why, reason and direction, offers, the next call (RET-1, RET-3). */
@ApiExcludeController()
@Roles('manager', 'supervisor')
@Controller('tasks/:id/case')
export class TaskCasePagesController {
  constructor(
    private readonly page: CasePage,
    private readonly steps: CaseSteps,
    private readonly measures: MeasuresCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.draw(user, id, reply);
  }

  @Post()
  async act(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const view = await this.view(user, id);
    try {
      await this.apply(user, (view.case as { no: string }).no, body);
      if (isHtmx(reply.request)) await this.draw(user, id, reply);
      else redirectTo(reply, `/tasks/${id}/case`);
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 404) throw error;
      await this.forms.again(reply, { view: PAGE, fragment: ON_DESK, context: () => ({ ...view, desk: isHtmx(reply.request) }) }, error);
    }
  }

  /** Reason, direction and note go with whatever button was pressed. */
  private async apply(user: CurrentUser, no: string, body: Posted): Promise<void> {
    const { deed, about } = pressed(body);
    const { reason, direction, note, on, time } = body;
    if (deed === 'call')
      return void (await this.steps.step(user, no, await readForm(CaseStep, stepFields({ deed, reason, direction, note, on, time }))));
    if (reason || direction || (deed === 'note' && note))
      await this.steps.step(user, no, await readForm(CaseStep, { deed: 'note', reason, direction, note }));
    if (deed === 'offer') await this.measures.propose(user, no, await readForm(MeasureForm, { kind: 'offer', offer: about }));
    if (deed === 'measure') await this.measures.propose(user, no, await readForm(MeasureForm, { kind: about, note }));
    if (deed === 'accept' || deed === 'decline') await this.measures.decide(user, no, about, await readForm(MeasureDecision, { decision: deed }));
  }

  private async draw(user: CurrentUser, id: string, reply: FastifyReply): Promise<void> {
    const view = await this.view(user, id);
    if (isHtmx(reply.request)) await reply.view(ON_DESK, { ...view, desk: true }, { layout: false });
    else await reply.view(PAGE, view);
  }

  private async view(user: CurrentUser, id: string): Promise<Record<string, unknown>> {
    const view = await this.page.ofTask(user, id);
    if (!view) throw notFound('churn_case', id);
    return view;
  }
}
