import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { DoubtsByHand } from './doubts-by-hand.commands.js';
import { FOUND, SettleDoubtsForm } from './doubts-by-hand.forms.js';
import { DoubtsByHandQueries, RIPE_MINUTES } from './doubts-by-hand.queries.js';

const VIEW = 'messaging/blast-doubts';

/** What became of messages whose answer is lost, said by whoever looked it up. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('sms/blasts/:code/doubts')
export class DoubtsByHandPagesController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly queries: DoubtsByHandQueries,
    private readonly doubts: DoubtsByHand,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, code));
  }

  @Post()
  async settle(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Body() body: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, code) }, async () => {
      const form = await readForm(SettleDoubtsForm, body);
      const settled = await this.doubts.settle(user, code, form);
      flash(reply.request, `sms.doubts.done.${form.found}`, { count: String(settled) });
      return `/sms/blasts/${code}`;
    });
  }

  private async page(user: CurrentUser, code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    const rows = await this.queries.standing(blast.id);
    return { blast, rows, ripe: rows.filter(({ ripe }) => ripe > 0), found: FOUND, minutes: RIPE_MINUTES };
  }
}
