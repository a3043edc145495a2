import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ArchivedBlasts } from '../archive/archived-blasts.queries.js';
import { BlastListQuery, MessagesQuery } from './blast-list.forms.js';
import { BlastPagesQueries } from './blast-pages.queries.js';
import { blastsView, messageListRow, messagePills, narrowedView } from './blast-pages.views.js';
import { canDo, isOpen } from './blast.states.js';
import { BlastsCommands } from './blasts.commands.js';
import { BlastsQueries } from './blasts.queries.js';
import { RecipientsQueries, seesAll } from '../figures/recipients.queries.js';
import { BlastPageForm, BlastWishForm } from '../messaging.forms.js';
import { StallNotices } from '../stalls/stall-notices.js';

type Fields = Record<string, string>;
const DEEDS = ['start', 'pause', 'resume', 'cancel'] as const;
type Deed = (typeof DEEDS)[number];
const PAGE = 50;

const urlOf = (code: string): string => `/sms/blasts/${code}`;

@ApiExcludeController()
@Roles('planner', 'supervisor', 'client')
@Controller('sms/blasts')
export class BlastsPagesController {
  constructor(
    private readonly queries: BlastsQueries,
    private readonly commands: BlastsCommands,
    private readonly pages: BlastPagesQueries,
    private readonly recipients: RecipientsQueries,
    private readonly stalls: StallNotices,
    private readonly forms: Forms,
    private readonly archived: ArchivedBlasts,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() ask: BlastListQuery, @Res() reply: FastifyReply): Promise<void> {
    const filter = { ...ask, limit: PAGE };
    const [page, counts] = await Promise.all([this.queries.list(user, filter), this.queries.stateCounts(user, filter)]);
    await reply.view('messaging/blasts', {
      ...blastsView(ask, counts),
      rows: await this.pages.rows(page.items),
      next: page.nextCursor,
      mayWrite: ['planner', 'admin'].includes(user.role),
    });
  }

  @Roles('planner')
  @Get('new')
  async blank(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const form = await this.pages.newForm(user);
    await reply.view('messaging/blast-new', { ...form, values: { code: form.freeCode, proposed: form.freeCode } });
  }

  @Roles('planner')
  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/blast-new', context: () => this.pages.newForm(user, body.segment) }, async () => {
      const form = await this.pages.readSegment(user, await readForm(BlastPageForm, body));
      const { name, code } = await this.commands.create(user, form);
      if (form.code === undefined || form.code === code) flash(reply.request, 'sms.blast.saved', { name });
      else flash(reply.request, 'sms.blast.saved_as', { name, code, taken: form.code });
      return urlOf(code);
    });
  }

  @Roles('planner')
  @Get(':code/edit')
  async editor(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const form = await this.pages.editForm(user, code);
    // once it has begun, its times and its rate can be changed still
    if (form.locked === 'state' && isOpen(form.blast.state)) return redirectTo(reply, `/sms/blasts/${encodeURIComponent(code)}/times`);
    if (form.locked) return reply.view('messaging/blast-locked', form, { status: 409 });
    await reply.view('messaging/blast-edit', form);
  }

  @Roles('planner')
  @Post(':code/edit')
  async edit(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    const form = await this.pages.editForm(user, code, body.segment);
    if (form.locked) return reply.view('messaging/blast-locked', form, { status: 409 });
    await this.forms.answer(reply, { view: 'messaging/blast-edit', context: () => form }, async () => {
      const blast = await this.commands.edit(user, code, await this.pages.readSegment(user, await readForm(BlastWishForm, body)));
      flash(reply.request, 'sms.blast.saved', { name: blast.name });
      return urlOf(code);
    });
  }

  @Get(':code')
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.pages.show(user, code);
    await this.stalls.read(user.id, code);
    await reply.view('messaging/blast', page);
  }

  /** What moves, for the page to fetch every two seconds. */
  @Get(':code/progress')
  async progress(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/blast-progress', await this.pages.progress(user, await this.queries.byCode(user, code)), { layout: false });
  }

  @Roles('planner', 'supervisor')
  @Get(':code/messages')
  async messages(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query() ask: MessagesQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const blast = await this.queries.byCode(user, code);
    const page = await this.recipients.page(user, blast, { ...ask, limit: PAGE });
    const { state, reason, code: network, figure } = ask;
    await reply.view('messaging/blast-messages', {
      blast,
      archived: (await this.archived.filesOf(blast.id)).join('、'),
      ...narrowedView(ask),
      pills: messagePills(blast, ask),
      doubts: state === 'inDoubt',
      exportHref: exportHref('blast-messages', { blast: code, state, reason, code: network, figure }),
      rows: page.items.map((row) => messageListRow(row, blast)),
      next: page.nextCursor,
      part: !seesAll(user, blast),
    });
  }

  /** The question before what cannot be taken back. */
  @Roles('planner', 'supervisor')
  @Get(':code/cancel')
  async ask(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const blast = await this.queries.byCode(user, code);
    if (!canDo('cancel', blast.state)) return this.overtaken(reply, code);
    await reply.view('messaging/blast-cancel', { blast, draft: blast.state === 'draft', left: blast.counts.queued });
  }

  /** The same before what goes out at once, to how many. */
  @Roles('planner')
  @Get(':code/start')
  async askStart(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const blast = await this.queries.byCode(user, code);
    if (!canDo('start', blast.state)) return this.overtaken(reply, code);
    await reply.view('messaging/blast-start', await this.pages.startQuestion(blast));
  }

  /** What is asked has happened already: the page says how it stands. */
  private overtaken(reply: FastifyReply, code: string): void {
    redirectTo(reply, `/sms/blasts/${encodeURIComponent(code)}`);
  }

  @Roles('planner', 'supervisor')
  @Post(':code/:deed')
  async act(
    @CurrentUser() user: CurrentUser,
    @Param() path: { code: string; deed: string },
    @Body() body: Fields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const deed = DEEDS.find((each) => each === path.deed);
    if (!deed || (deed === 'start' && user.role === 'supervisor')) throw notFound('page', path.deed);
    await this.forms.answer(reply, { view: 'messaging/blast', context: () => this.pages.show(user, path.code) }, async () => {
      if (deed === 'start') await this.commands.start(user, path.code, { leaveOut: body.leaveOut === '1' });
      else await this.commands[deed satisfies Deed](user, path.code);
      return urlOf(path.code);
    });
  }
}
