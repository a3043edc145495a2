import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { boxText } from '../../platform/views/formats.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { isOpen } from '../blasts/blast.states.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { BlastTimes } from './blast-times.commands.js';
import { BlastTimesForm } from './blast-times.forms.js';

type Fields = Record<string, string>;

/** When and how quickly what is left of a blast goes out. */
@ApiExcludeController()
@Roles('planner')
@Controller('sms/blasts/:code/times')
export class BlastTimesPagesController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly times: BlastTimes,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.page(user, code);
    if (!isOpen(page.blast.state)) return redirectTo(reply, `/sms/blasts/${encodeURIComponent(code)}`);
    await reply.view('messaging/blast-times', page);
  }

  @Post()
  async change(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Fields, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/blast-times', context: () => this.page(user, code) }, async () => {
      const form = await readForm(BlastTimesForm, body);
      // a box that was emptied takes away what stood in it; one that was not shown leaves it
      const emptied = Object.fromEntries(['notBefore', 'notAfter', 'ratePerSecond'].filter((name) => body[name] === '').map((name) => [name, null]));
      const blast = await this.times.change(user, code, { ...form, ...emptied });
      flash(reply.request, 'sms.blast.times_saved', { name: blast.name });
      return `/sms/blasts/${encodeURIComponent(code)}`;
    });
  }

  private async page(user: CurrentUser, code: string) {
    const blast = await this.blasts.byCode(user, code);
    const { notBefore, notAfter, ownRate, createdById } = blast;
    const values = { notBefore: boxText(notBefore), notAfter: boxText(notAfter), ratePerSecond: ownRate ?? '' };
    const ruled = createdById === null;
    return { blast, values, ruled, begun: !ruled && (await this.times.begun(blast)) };
  }
}
