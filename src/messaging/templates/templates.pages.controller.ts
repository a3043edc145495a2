import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ApproveTemplateForm, NewTemplateForm, RefuseTemplateForm, TemplateWordingForm } from '../messaging.forms.js';
import { MESSAGE_PURPOSES } from '../messaging.types.js';
import { TemplateEditorQueries } from './template-editor.queries.js';
import { templateListRow } from './template-editor.views.js';
import { TemplatesCommands } from './templates.commands.js';
import { TemplatesQueries } from './templates.queries.js';

type Fields = Record<string, string | undefined>;

@ApiExcludeController()
@Roles('planner', 'supervisor', 'client')
@Controller('sms')
export class TemplatesPagesController {
  constructor(
    private readonly queries: TemplatesQueries,
    private readonly commands: TemplatesCommands,
    private readonly editor: TemplateEditorQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  home(@Res() reply: FastifyReply): void {
    redirectTo(reply, '/sms/templates');
  }

  @Get('templates')
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const rows = await this.queries.list(user);
    await reply.view('messaging/templates', { rows: rows.map(templateListRow), mayWrite: user.role === 'planner' || user.role === 'admin' });
  }

  @Roles('planner')
  @Get('templates/new')
  async blank(@Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/template-new', { purposes: MESSAGE_PURPOSES, values: { signature: '中国电信' } });
  }

  @Roles('planner')
  @Post('templates')
  async create(@CurrentUser() user: CurrentUser, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/template-new', context: () => ({ purposes: MESSAGE_PURPOSES }) }, async () => {
      const made = await this.commands.create(user, await readForm(NewTemplateForm, body));
      flash(reply.request, 'sms.template.saved', { name: made.name, version: String(made.version) });
      return `/sms/templates/${made.code}`;
    });
  }

  @Get('templates/:code')
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() typed: Fields, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/template', await this.editor.page(user, code, { segment: typed.segment, phones: typed.phones }));
  }

  /** Three buttons of one form: put in a variable, look, save. The first two keep nothing but the list she looks on; the last is the planner's. */
  @Roles('planner', 'supervisor')
  @Post('templates/:code')
  async edit(@Param('code') code: string, @Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    if (body.insert) body.body = `${body.body ?? ''}{{${body.insert}}}`;
    if (body.segment && user.role !== 'supervisor') await this.commands.lookOn(user, code, body.segment);
    if (body.insert || body.preview !== undefined) return reply.view('messaging/template', await this.editor.page(user, code, body), { status: 200 });
    if (user.role === 'supervisor') throw new DomainError('role_refused', { status: 403 });
    await this.forms.answer(reply, { view: 'messaging/template', context: () => this.editor.page(user, code, body) }, async () => {
      const before = await this.queries.byCode(user, code);
      const saved = await this.commands.reword(user, code, await readForm(TemplateWordingForm, body));
      const same = saved.version === before.version && saved.name === before.name;
      flash(request, same ? 'sms.template.unchanged' : 'sms.template.saved', {
        name: saved.name,
        version: String(saved.version),
      });
      return `/sms/templates/${code}`;
    });
  }

  @Post('templates/:code/refuse')
  async refuse(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/template', context: () => this.editor.page(user, code, {}) }, async () => {
      const refused = await this.commands.refuse(user, code, await readForm(RefuseTemplateForm, body));
      flash(reply.request, 'sms.template.refused', { name: refused.name, version: String(refused.version) });
      return `/sms/templates/${code}`;
    });
  }

  @Post('templates/:code/approve')
  async approve(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/template', context: () => this.editor.page(user, code, {}) }, async () => {
      const approved = await this.commands.approve(user, code, (await readForm(ApproveTemplateForm, { version: body.version })).version);
      flash(reply.request, 'sms.template.approved', { name: approved.name, version: String(approved.version) });
      return `/sms/templates/${code}`;
    });
  }
}
