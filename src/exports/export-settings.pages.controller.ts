import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { ExportSettingsCommands } from './export-settings.commands.js';
import { ExportSettingsForm } from './exports.forms.js';
import { ExportsQueries } from './exports.queries.js';

/** From how many rows on a second person is asked, how long a file is kept, and who set it. */
@Roles()
@ApiExcludeController()
@Controller('exports/settings')
export class ExportSettingsPagesController {
  constructor(
    private readonly queries: ExportsQueries,
    private readonly commands: ExportSettingsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Res() reply: FastifyReply): Promise<void> {
    const page = await this.page();
    await reply.view('exports/settings', { ...page, values: page.settings });
  }

  @Post()
  async save(@Body() body: object, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'exports/settings', context: () => this.page() }, async () => {
      const changed = await this.commands.change(request.viewer as CurrentUser, await readForm(ExportSettingsForm, body));
      flash(request, changed ? 'exports.settings.saved' : 'exports.settings.unchanged');
      return '/exports/settings';
    });
  }

  private async page() {
    const [settings, history] = await Promise.all([this.queries.settings(), this.queries.settingsHistory()]);
    return { settings, history };
  }
}
