import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { sendFile } from '../platform/http/send-file.js';
import { CurrentUser } from '../staff/staff.types.js';
import { ExportDecisionsCommands } from './export-decisions.commands.js';
import { ExportFilesCommands } from './export-files.commands.js';
import { ExportSettingsCommands } from './export-settings.commands.js';
import { ExportWriter } from './export-writer.js';
import { ExportsCommands } from './exports.commands.js';
import { ExportListForm, ExportRequestForm, ExportSettingsForm, RefusalForm } from './exports.forms.js';
import { ExportsQueries } from './exports.queries.js';
import { DECIDERS, type ExportRow, type ExportSettings } from './exports.types.js';
import { exportJson } from './exports.views.js';

/** Files for programs: asked for, made by a job, fetched; a large one waits for a second person in between (SYS-2). */
@ApiTags('exports')
@ApiBearerAuth()
@Controller('api/v1/exports')
export class ExportsApiController {
  constructor(
    private readonly commands: ExportsCommands,
    private readonly decisions: ExportDecisionsCommands,
    private readonly files: ExportFilesCommands,
    private readonly changes: ExportSettingsCommands,
    private readonly queries: ExportsQueries,
    private readonly writer: ExportWriter,
  ) {}

  /** State `queued` when it is small, `waiting` when a second person must approve it. */
  @Post()
  async request(@CurrentUser() user: CurrentUser, @Body() form: ExportRequestForm, @Req() request: FastifyRequest): Promise<object> {
    const wish = { what: form.what, format: form.format, filter: form.filter ?? {}, strict: true, locale: request.locale };
    return this.view(await this.commands.request(user, wish, form.reason), request);
  }

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() form: ExportListForm, @Req() request: FastifyRequest): Promise<object> {
    const page =
      form.box === 'waiting' ? { items: await this.queries.waitingFor(user), nextCursor: null } : await this.queries.mine(user, form.cursor);
    return { items: page.items.map((row) => this.view(row, request)), nextCursor: page.nextCursor };
  }

  @Roles()
  @Get('settings')
  settings(): Promise<ExportSettings> {
    return this.queries.settings();
  }

  @Roles()
  @Put('settings')
  async change(@CurrentUser() user: CurrentUser, @Body() form: ExportSettingsForm): Promise<ExportSettings> {
    await this.changes.change(user, form);
    return this.queries.settings();
  }

  @Get(':id')
  async byId(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.view(await this.queries.byId(user, id), request);
  }

  @Get(':id/file')
  async file(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await sendFile(reply, await this.files.fetch(user, id));
  }

  @Roles(...DECIDERS)
  @Post(':id/approve')
  @HttpCode(200)
  async approve(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.view(await this.decisions.approve(user, id), request);
  }

  @Roles(...DECIDERS)
  @Post(':id/refuse')
  @HttpCode(200)
  async refuse(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() form: RefusalForm,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    return this.view(await this.decisions.refuse(user, id, form.reason), request);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  async withdraw(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return this.view(await this.decisions.withdraw(user, id), request);
  }

  private view(row: ExportRow, request: FastifyRequest): object {
    return exportJson(row, this.writer.words(request.locale));
  }
}
