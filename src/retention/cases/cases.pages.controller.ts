import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CallByRank } from './call-by-rank.commands.js';
import { CasePage } from './case-page.queries.js';
import { CaseSteps } from './case-steps.commands.js';
import { CasesCommands } from './cases.commands.js';
import { CaseListForm, CaseStep, MeasureDecision, MeasureForm, NewCaseForm } from './cases.forms.js';
import { measureFields, stepFields } from './posted.policy.js';
import { MeasuresCommands } from './measures.commands.js';

type Posted = Record<string, string>;
const NEW = 'retention/new';
const ONE = 'retention/show';

/** The retention list and its cases (RET-1 to RET-3). */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('retention')
export class CasesPagesController {
  constructor(
    private readonly page: CasePage,
    private readonly commands: CasesCommands,
    private readonly steps: CaseSteps,
    private readonly measures: MeasuresCommands,
    private readonly calls: CallByRank,
    private readonly customers: CustomersQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('retention/list', await this.page.list(user, await readForm(CaseListForm, query)));
  }

  /** Takes the open call that ranks highest. */
  @Roles('manager')
  @Post('next')
  async next(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    if (await this.calls.next(user)) return void redirectTo(reply, '/desk');
    flash(reply.request, 'retention.nothing_to_call');
    redirectTo(reply, '/retention');
  }

  @Roles('manager', 'supervisor')
  @Get('cases/new')
  async blank(@CurrentUser() user: CurrentUser, @Query('customer') customer: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(NEW, await this.blankPage(user, customer));
  }

  @Roles('manager', 'supervisor')
  @Post('cases')
  async open(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: NEW, context: () => this.blankPage(user, body.customer) }, async () => {
      const no = await this.commands.open(user, await readForm(NewCaseForm, body));
      if (no !== null) flash(reply.request, 'retention.opened', { no });
      else flash(reply.request, 'retention.opened_none');
      return no === null ? '/retention' : `/retention/cases/${no}`;
    });
  }

  @Get('cases/:no')
  async show(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, await this.page.one(user, no));
  }

  @Roles('manager', 'supervisor')
  @Post('cases/:no/steps')
  async step(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const asked = body.deed === 'lose' && body.sure === undefined ? await this.page.beforeLosing(user, no, body) : null;
    if (asked) return void (await reply.view('retention/lose', { ...asked, values: body }, { status: 200 }));
    await this.forms.answer(reply, { view: ONE, context: () => this.page.one(user, no) }, async () => {
      const form = await readForm(CaseStep, stepFields(body));
      await this.steps.step(user, no, form);
      flash(reply.request, `retention.done.${form.deed}`, { no });
      return `/retention/cases/${no}`;
    });
  }

  @Roles('manager', 'supervisor')
  @Post('cases/:no/measures')
  async propose(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.page.one(user, no) }, async () => {
      const { state } = await this.measures.propose(user, no, await readForm(MeasureForm, measureFields(body)));
      await this.keepTyped(user, no, body);
      flash(reply.request, `retention.measure_now.${state}`);
      return `/retention/cases/${no}#measures`;
    });
  }

  @Roles('manager', 'supervisor')
  @Post('cases/:no/measures/:measure')
  async decide(
    @CurrentUser() user: CurrentUser,
    @Param() { no, measure }: { no: string; measure: string },
    @Body() body: Posted,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.page.one(user, no) }, async () => {
      const said = { decision: body.decision, note: body[`refusal${measure}`] };
      const { state } = await this.measures.decide(user, no, measure, await readForm(MeasureDecision, said));
      await this.keepTyped(user, no, body);
      flash(reply.request, `retention.measure_now.${state}`);
      return `/retention/cases/${no}#measures`;
    });
  }

  /** Reason, direction and note go with whatever button was pressed. */
  private async keepTyped(user: CurrentUser, no: string, { reason, direction, note }: Posted): Promise<void> {
    await this.steps.keepTyped(user, no, await readForm(CaseStep, { deed: 'note', reason, direction, note }));
  }

  private async blankPage(user: CurrentUser, customer: string | undefined): Promise<object> {
    return this.page.blank(user, customer ? await this.customers.facts(user, customer) : null);
  }
}
