import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OutcomesQueries } from './outcomes.queries.js';
import { MoveForm, OutcomeChangeForm, OutcomeForm } from './outcome-setting.forms.js';
import { OutcomeSettings } from './outcome-settings.commands.js';
import { additionOf, changeOf, formView, listView } from './outcome-settings.views.js';

type Posted = Record<string, unknown>;
const ALL = 'calls/outcomes';
const ONE = 'calls/outcome-form';
const HOME = '/admin/outcomes';

/** What a call may end with, and all that follows from it (CAM-6). */
@ApiExcludeController()
@Roles()
@Controller('admin/outcomes')
export class OutcomeSettingsPagesController {
  constructor(
    private readonly outcomes: OutcomesQueries,
    private readonly commands: OutcomeSettings,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ALL, await this.all(user));
  }

  @Get('new')
  async blank(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, formView(null, user.locale));
  }

  @Post()
  async add(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => formView(null, user.locale, body) }, async () => {
      const form = await readForm(OutcomeForm, additionOf(body));
      await this.commands.add(user, form);
      flash(reply.request, 'calls.outcomes.added', { name: user.locale === 'en' ? form.labelEn : form.labelZh });
      return HOME;
    });
  }

  @Get(':outcome')
  async one(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, await this.form(user, code));
  }

  @Post(':outcome')
  async change(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.form(user, code, body) }, async () => {
      const changed = await this.commands.change(user, code, await readForm(OutcomeChangeForm, changeOf(body)));
      flash(reply.request, changed ? 'calls.outcomes.saved' : 'calls.outcomes.unchanged');
      return HOME;
    });
  }

  @Post(':outcome/retire')
  async retire(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.form(user, code) }, async () => {
      await this.commands.retire(user, code);
      flash(reply.request, 'calls.outcomes.retired');
      return HOME;
    });
  }

  @Post(':outcome/restore')
  async restore(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Res() reply: FastifyReply): Promise<void> {
    // the key may be another's by now: the form says so at its box, where it can be changed
    await this.forms.answer(reply, { view: ONE, context: () => this.form(user, code) }, async () => {
      await this.commands.restore(user, code);
      flash(reply.request, 'calls.outcomes.restored');
      return HOME;
    });
  }

  @Post(':outcome/move')
  async move(@CurrentUser() user: CurrentUser, @Param('outcome') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ALL, context: () => this.all(user) }, async () => {
      await this.commands.move(user, code, (await readForm(MoveForm, body)).direction);
      return `${HOME}#outcome-${encodeURIComponent(code)}`;
    });
  }

  private async all(user: CurrentUser): Promise<object> {
    const [outcomes, reasons] = await Promise.all([this.outcomes.all(), this.outcomes.allReasons()]);
    return listView(outcomes, reasons, user.locale);
  }

  private async form(user: CurrentUser, code: string, posted?: Posted): Promise<object> {
    const found = (await this.outcomes.all()).find((outcome) => outcome.code === code);
    if (!found) throw notFound('outcome', code);
    return formView(found, user.locale, posted);
  }
}
