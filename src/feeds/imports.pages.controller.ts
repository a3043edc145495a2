import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rm } from 'node:fs/promises';
import { ExportsCommands } from '../exports/exports.commands.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { sendFile } from '../platform/http/send-file.js';
import { receiveUpload } from '../platform/http/upload.js';
import { CurrentUser } from '../staff/staff.types.js';
import { ImportPages } from './import-pages.queries.js';
import { ImportsCommands } from './imports.commands.js';
import { MappingForm, UploadPageForm } from './imports.forms.js';
import { ImportsQueries } from './imports.queries.js';
import { UPLOAD_FOLDER } from './uploads.js';

@Roles('planner')
@ApiExcludeController()
@Controller('imports')
export class ImportsPagesController {
  constructor(
    private readonly commands: ImportsCommands,
    private readonly queries: ImportsQueries,
    private readonly pages: ImportPages,
    private readonly exports: ExportsCommands,
    private readonly forms: Forms,
    @Inject(UPLOAD_FOLDER) private readonly folder: string,
  ) {}

  @Get()
  async list(@Query() query: Record<string, string>, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const values = { feed: query.feed, segment: query.segment, segmentName: query.segmentName };
    await reply.view('feeds/imports', { ...(await this.pages.list(user, query.cursor)), values });
  }

  @Post()
  @RouteConfig({ upload: true })
  async upload(@CurrentUser() user: CurrentUser, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'feeds/imports', context: () => this.pages.list(user) }, async () => {
      const file = await receiveUpload(request, this.folder);
      const form = await readForm(UploadPageForm, file.fields).catch(async (error: unknown) => {
        await rm(file.path, { force: true });
        throw error;
      });
      return `/imports/${(await this.commands.accept(user, form.feed, { ...form, ask: form.ask ?? 'unknown' }, file)).id}`;
    });
  }

  @Get(':id')
  async byId(
    @Param('id') id: string,
    @Query('reason') reason: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.view('feeds/import', await this.pages.whole(await this.queries.byId(user, id), user, { reason }));
  }

  /** The part of the page that changes while an import runs. */
  @Get(':id/progress')
  async progress(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('feeds/_import', await this.pages.detail(await this.queries.byId(user, id), user), { layout: false });
  }

  @Get(':id/rejects.csv')
  async rejects(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await sendFile(reply, await this.exports.handBack(user, { what: 'rejects', filter: { id }, locale: user.locale }));
  }

  /** Says which column is which; the import begins. */
  @Post(':id/mapping')
  async map(@Param('id') id: string, @Body() body: object, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    let said: readonly string[] | undefined;
    await this.forms.answer(
      reply,
      { view: 'feeds/import', context: async () => this.pages.whole(await this.queries.byId(user, id), user, { said }) },
      async () => {
        said = (await readForm(MappingForm, body)).columns;
        await this.commands.map(user, id, said);
        return `/imports/${id}`;
      },
    );
  }

  @Post(':id/cancel')
  async cancel(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(
      reply,
      { view: 'feeds/import', context: async () => this.pages.whole(await this.queries.byId(user, id), user) },
      async () => {
        await this.commands.cancel(user, id);
        return `/imports/${id}`;
      },
    );
  }
}
