import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { HandoverCommands } from './handover.commands.js';
import { HandoverForm, HandoverOrder } from './handover.forms.js';
import { HANDOVER_SHOWS, HandoverRows } from './handover-rows.queries.js';
import { type HandoverPreview, HandoverQueries } from './handover.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'calls/handover';
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A manager who is away or leaves: first what would move, by address, then the order. */
@ApiExcludeController()
@Roles('supervisor')
@Controller('handover')
export class HandoverPagesController {
  constructor(
    private readonly handover: HandoverCommands,
    private readonly queries: HandoverQueries,
    private readonly rows: HandoverRows,
    private readonly staff: StaffQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.page(user, query);
    if (!query.from || !query.to) return reply.view(VIEW, page);
    try {
      const form = await readForm(HandoverForm, query);
      const preview = await this.handover.preview(user, textOf(query.from), form);
      await reply.view(VIEW, { ...page, preview, ...(await this.behind(user, query, form, preview)) });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: VIEW, context: () => page }, error);
    }
  }

  @Post()
  async handOver(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, body) }, async () => {
      const { customers, tasks } = await this.handover.handOver(user, textOf(body.from), await readForm(HandoverOrder, body));
      flash(reply.request, 'handover.done', { customers, tasks });
      return '/handover';
    });
  }

  /** The rows of the count that is opened. */
  private async behind(user: CurrentUser, { from, show, whom }: Posted, form: HandoverForm, preview: HandoverPreview): Promise<object> {
    const opened = HANDOVER_SHOWS.find((one) => one === show);
    if (!opened) return {};
    const handover = await this.queries.read(user, textOf(from), form);
    const { [opened]: count = 0 } = whom ? (preview.receivers.find(({ username }) => username === whom) ?? {}) : preview;
    const rows = await this.rows.of(user, handover, opened, textOf(whom) || undefined);
    return { show: opened, rows, opened: count, cut: rows.length < count };
  }

  private async page(user: CurrentUser, chosen: Posted): Promise<object> {
    const people = await this.staff.users(user);
    const managers = people.filter((one) => one.role === 'manager');
    const keepers = [...managers, ...people.filter((one) => one.role === 'supervisor')];
    const to = chosen.to === undefined ? [] : Array.isArray(chosen.to) ? (chosen.to as unknown[]) : [chosen.to];
    return {
      chosen: { moves: 'all', ...chosen, to },
      from: keepers,
      receivers: managers.filter((one) => one.active),
      keepers: keepers.filter((one) => one.active),
    };
  }
}
