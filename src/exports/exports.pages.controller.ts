import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { sendFile } from '../platform/http/send-file.js';
import { CurrentUser } from '../staff/staff.types.js';
import { ExportDecisionsCommands } from './export-decisions.commands.js';
import { ExportFilesCommands } from './export-files.commands.js';
import { numberOf } from './export-mark.policy.js';
import { ExportWriter } from './export-writer.js';
import { ExportsCommands, isDelivery } from './exports.commands.js';
import { ExportRequestPageForm, RefusalForm } from './exports.forms.js';
import { ExportsQueries, mayDecide } from './exports.queries.js';
import { DECIDERS } from './exports.types.js';
import { exportView, filterFacts, type Reading } from './exports.views.js';

type Typed = Record<string, string | undefined>;

/** Where files leave by: the small ones at once, the large ones through a second person (SYS-2, 金库). */
@ApiExcludeController()
@Controller('exports')
export class ExportsPagesController {
  constructor(
    private readonly commands: ExportsCommands,
    private readonly decisions: ExportDecisionsCommands,
    private readonly files: ExportFilesCommands,
    private readonly queries: ExportsQueries,
    private readonly writer: ExportWriter,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query('cursor') cursor: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const reading = this.reading(user, reply.request);
    const [mine, waiting, settings] = await Promise.all([this.queries.mine(user, cursor), this.queries.waitingFor(user), this.queries.settings()]);
    await reply.view('exports/list', {
      mine: mine.items.map((row) => exportView(row, reading)),
      next: mine.nextCursor,
      waiting: waiting.map((row) => exportView(row, reading)),
      decides: reading.decides,
      maySet: user.role === 'admin',
      settings,
    });
  }

  /** The address behind every “export”: the file, or the form that asks a second person for it. The other fields are the filter. */
  @Get('files/:what')
  async take(@CurrentUser() user: CurrentUser, @Param('what') what: string, @Query() query: Typed, @Res() reply: FastifyReply): Promise<void> {
    const { format, ...filter } = query;
    const taken = await this.commands.take(user, { what, format, filter, locale: reply.request.locale });
    if (isDelivery(taken)) return sendFile(reply, taken);
    await reply.view('exports/ask', this.askPage(reply.request, { what, format, filter: JSON.stringify(filter) }, taken));
  }

  @Post()
  async request(@CurrentUser() user: CurrentUser, @Body() body: Typed, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'exports/ask', context: () => this.askPage(request, body) }, async () => {
      const { what, format, filter, reason } = await readForm(ExportRequestPageForm, body);
      const row = await this.commands.request(user, { what, format, filter: parsed(filter), locale: request.locale }, reason);
      flash(request, row.state === 'waiting' ? 'exports.asked' : 'exports.being_made', { number: numberOf(row.id) });
      return `/exports/${row.id}`;
    });
  }

  @Get(':id')
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('exports/show', await this.page(user, id, reply.request));
  }

  @Get(':id/file')
  async file(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await sendFile(reply, await this.files.fetch(user, id));
  }

  @Roles(...DECIDERS)
  @Post(':id/approve')
  async approve(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.step(user, id, reply, async () => {
      const { requesterName } = await this.decisions.approve(user, id);
      flash(reply.request, 'exports.approved', { number: numberOf(id), name: requesterName });
    });
  }

  @Roles(...DECIDERS)
  @Post(':id/refuse')
  async refuse(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    await this.step(user, id, reply, async () => {
      const { requesterName } = await this.decisions.refuse(user, id, (await readForm(RefusalForm, body)).reason);
      flash(reply.request, 'exports.refused', { number: numberOf(id), name: requesterName });
    });
  }

  @Post(':id/withdraw')
  async withdraw(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.step(user, id, reply, async () => {
      await this.decisions.withdraw(user, id);
      flash(reply.request, 'exports.withdrawn', { number: numberOf(id) });
    });
  }

  private step(user: CurrentUser, id: string, reply: FastifyReply, deed: () => Promise<void>): Promise<void> {
    const page = { view: 'exports/show', context: () => this.page(user, id, reply.request) };
    return this.forms.answer(reply, page, async () => {
      await deed();
      return `/exports/${id}`;
    });
  }

  private async page(user: CurrentUser, id: string, request: FastifyRequest): Promise<object> {
    return { one: exportView(await this.queries.byId(user, id), this.reading(user, request)) };
  }

  private askPage({ locale }: FastifyRequest, { what, format, filter }: Typed, many?: { rows: number; limit: number }): object {
    const words = this.writer.words(locale);
    return { what, format, filter, many, facts: filterFacts(parsed(filter), words) };
  }

  private reading(user: CurrentUser, { locale }: FastifyRequest): Reading {
    return { viewer: user, decides: mayDecide(user), words: this.writer.words(locale) };
  }
}

/** The filter as the hidden box holds it. @throws DomainError malformed_body (400): without its filter an export would hold more than was shown */
function parsed(filter: string | undefined): object {
  try {
    const value = JSON.parse(filter ?? '') as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // refused below
  }
  throw new DomainError('malformed_body', { status: 400, param: 'filter' });
}
