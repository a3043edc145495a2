import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { blastAnswer } from '../messaging.views.js';
import { DoubtsByHand } from './doubts-by-hand.commands.js';
import { SettleDoubtsForm } from './doubts-by-hand.forms.js';
import { DoubtsByHandQueries } from './doubts-by-hand.queries.js';

@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1/sms/blasts/:code/doubts')
export class DoubtsByHandApiController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly queries: DoubtsByHandQueries,
    private readonly doubts: DoubtsByHand,
  ) {}

  @Get()
  async list(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    const { id } = await this.blasts.byCode(user, code);
    return { items: await this.queries.standing(id), nextCursor: null };
  }

  @Post()
  @HttpCode(200)
  async settle(@Param('code') code: string, @Body() form: SettleDoubtsForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const settled = await this.doubts.settle(user, code, form);
    return { settled, blast: blastAnswer(await this.blasts.byCode(user, code)) };
  }
}
