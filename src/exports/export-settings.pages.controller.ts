import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { open, rm } from 'node:fs/promises';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { receiveUpload } from '../platform/http/upload.js';
import { readMark } from '../platform/spreadsheet/csv-mark.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { EXPORT_FOLDER } from './export-folder.js';
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
    @Inject(EXPORT_FOLDER) private readonly folder: string,
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

  /** Whose export is this? Reads the number woven into a CSV that has lost its name. */
  @Post('trace')
  @RouteConfig({ upload: true })
  async trace(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = { view: 'exports/settings', context: () => this.tracePage() };
    await this.forms.answer(reply, page, async () => {
      const { path } = await receiveUpload(request, this.folder);
      const id = await markOf(path).finally(() => rm(path, { force: true }));
      if (id === undefined) throw new DomainError('export_no_mark', { param: 'file' });
      return `/exports/${(await this.queries.byId(request.viewer as CurrentUser, String(id))).id}`;
    });
  }

  /** The form beside it shows what is in force, not what came with the file. */
  private async tracePage() {
    const page = await this.page();
    return { ...page, inForce: page.settings };
  }

  private async page() {
    const [settings, history] = await Promise.all([this.queries.settings(), this.queries.settingsHistory()]);
    return { settings, history };
  }
}

/** The number comes again every 64 cells: the beginning of a file is enough. */
const ENOUGH_BYTES = 1024 ** 2;

async function markOf(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ENOUGH_BYTES), 0, ENOUGH_BYTES, 0);
    return readMark(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
