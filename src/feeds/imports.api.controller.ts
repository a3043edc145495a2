import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExportsCommands } from '../exports/exports.commands.js';
import { Roles } from '../platform/http/access.js';
import { sendFile } from '../platform/http/send-file.js';
import { receiveUpload } from '../platform/http/upload.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { CurrentUser } from '../staff/staff.types.js';
import { ImportsCommands } from './imports.commands.js';
import { ImportListForm, UploadForm } from './imports.forms.js';
import { ImportsQueries } from './imports.queries.js';
import { importView, type ImportView } from './imports.views.js';
import { UPLOAD_FOLDER } from './uploads.js';

@Roles('planner')
@Controller('api/v1/imports')
export class ImportsApiController {
  constructor(
    private readonly commands: ImportsCommands,
    private readonly queries: ImportsQueries,
    private readonly exports: ExportsCommands,
    private readonly catalogue: Catalogue,
    @Inject(UPLOAD_FOLDER) private readonly folder: string,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } })
  async upload(@Query() form: UploadForm, @CurrentUser() user: CurrentUser, @Req() request: FastifyRequest): Promise<ImportView> {
    const file = await receiveUpload(request, this.folder);
    return this.view(await this.commands.accept(user, form.feed, form, file), request);
  }

  @Get()
  async list(@Query() form: ImportListForm, @CurrentUser() user: CurrentUser, @Req() request: FastifyRequest): Promise<object> {
    const page = await this.queries.list(user, form);
    return { items: page.items.map((row) => this.view(row, request)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  async byId(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Req() request: FastifyRequest): Promise<ImportView> {
    return this.view(await this.queries.byId(user, id), request);
  }

  /** Stops an import that has not ended; nothing of it stays. */
  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Req() request: FastifyRequest): Promise<ImportView> {
    await this.commands.cancel(user, id);
    return this.view(await this.queries.byId(user, id), request);
  }

  @Get(':id/rejects.csv')
  async rejects(
    @Param('id') id: string,
    @CurrentUser() user: CurrentUser,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(reply, await this.exports.handBack(user, { what: 'rejects', filter: { id }, locale: request.locale }));
  }

  private view(row: Parameters<typeof importView>[0], request: FastifyRequest): ImportView {
    return importView(row, this.catalogue, request.locale);
  }
}
