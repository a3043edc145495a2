import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { mayPlan } from '../care.pages.controller.js';
import { CareClosingLine } from './closing-line.queries.js';
import { ClosingLinesCommands, comesAlong } from './closing-lines.commands.js';
import { CLOSING_KINDS } from './closing-lines.types.js';
import { ClosingTextForm, NewClosingLineForm } from './closing-lines.forms.js';

type Fields = Record<string, string>;

const VIEW = 'care/closing-lines';
const PAGE = '/care/closing-lines';
/** What somebody may add: the other kinds have their one line. */
const ADDED = ['day', 'festival', 'solar_term'] as const;

/** How calls of a day end, kind by kind as they are looked for (CAR-5). */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('care/closing-lines')
export class ClosingLinesPagesController {
  constructor(
    private readonly lines: CareClosingLine,
    private readonly commands: ClosingLinesCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query('edit') edit: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, edit));
  }

  @Roles('planner')
  @Post()
  async add(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page(user)), adding: true }) }, async () => {
      const { id } = await this.commands.add(user, await readForm(NewClosingLineForm, body));
      flash(reply.request, 'care.closing.added');
      return `${PAGE}#line-${id}`;
    });
  }

  @Roles('planner')
  @Post(':line')
  async rewrite(@Param('line') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, id) }, async () => {
      await this.commands.rewrite(user, id, await readForm(ClosingTextForm, body));
      flash(reply.request, 'care.closing.changed');
      return `${PAGE}#line-${id}`;
    });
  }

  @Roles('planner')
  @Post(':line/remove')
  async remove(@Param('line') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user) }, async () => {
      await this.commands.remove(user, id);
      flash(reply.request, 'care.closing.removed');
      return PAGE;
    });
  }

  private async page(user: CurrentUser, edit?: string): Promise<object> {
    const lines = await this.lines.all();
    const plans = mayPlan(user);
    const groups = CLOSING_KINDS.map((kind, i) => ({
      kind,
      rank: i + 1,
      lines: lines.filter((line) => line.kind === kind).map((line) => ({ ...line, open: plans && line.id === edit, added: !comesAlong(line) })),
    }));
    return { plans, kinds: ADDED, groups: groups.filter((group) => group.lines.length > 0) };
  }
}
