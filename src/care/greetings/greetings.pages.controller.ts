import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { addDays, dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { mayPlan } from '../care.pages.controller.js';
import { GreetingsCommands } from './greetings.commands.js';
import { ApproveGreetingForm, AskGreetingForm, RefuseGreetingForm } from './greetings.forms.js';
import { GreetingsQueries } from './greetings.queries.js';

type Fields = Record<string, string>;

const VIEW = 'care/greetings';
const PAGE = '/care/greetings';
/** As far ahead as texts are written. */
const AHEAD_DAYS = 60;

/** Where a greeting is asked for, and where the client gives the word (CAR-5, GOV-6). */
@Roles('planner', 'supervisor', 'client')
@ApiExcludeController()
@Controller('care/greetings')
export class GreetingsPagesController {
  constructor(
    private readonly clock: Clock,
    private readonly queries: GreetingsQueries,
    private readonly commands: GreetingsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Fields, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, { ...(await this.page(user)), values: { day: query.day } });
  }

  @Roles('planner')
  @Post()
  async ask(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user) }, async () => {
      const { day } = await this.commands.ask(user, await readForm(AskGreetingForm, body));
      flash(reply.request, 'care.greeting.asked', { day });
      return PAGE;
    });
  }

  @Roles('planner', 'client')
  @Post(':greeting/approve')
  async approve(@Param('greeting') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, id) }, async () => {
      const { day } = await this.commands.approve(user, id, await readForm(ApproveGreetingForm, body));
      flash(reply.request, 'care.greeting.approved', { day });
      return PAGE;
    });
  }

  @Roles('planner', 'client')
  @Post(':greeting/refuse')
  async refuse(@Param('greeting') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, id) }, async () => {
      const { day } = await this.commands.refuse(user, id, await readForm(RefuseGreetingForm, body));
      flash(reply.request, 'care.greeting.refused', { day });
      return PAGE;
    });
  }

  /** @param wrong the approval whose form is shown again */
  private async page(user: CurrentUser, wrong?: string): Promise<object> {
    const today = dayOf(this.clock.now());
    const [days, rows, templates] = await Promise.all([
      this.queries.days(today, addDays(today, AHEAD_DAYS)),
      this.queries.list(today),
      this.queries.templates(),
    ]);
    const decides = mayPlan(user) || user.role === 'client';
    return {
      today,
      days: days.map(({ day, names, approved }) => ({
        day,
        names,
        approved,
        asked: rows.some((row) => row.day === day && row.state === 'asked' && !row.outdated),
      })),
      rows: rows.map((row) => ({
        ...row,
        kind: { asked: 'warn', approved: 'ok', refused: 'bad' }[row.state],
        open: decides && row.day >= today,
        mayApprove: row.state !== 'approved' && !row.outdated,
        wrong: row.id === wrong,
      })),
      templates,
      plans: mayPlan(user),
      isClient: user.role === 'client',
    };
  }
}
