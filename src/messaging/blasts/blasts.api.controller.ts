import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsCommands } from './blasts.commands.js';
import { BlastsQueries } from './blasts.queries.js';
import { RecipientsQueries } from '../figures/recipients.queries.js';
import { BlastListQuery, MessagesQuery } from './blast-list.forms.js';
import { BlastForm, BlastWishForm, StartForm } from '../messaging.forms.js';
import { blastAnswer, messageAnswer } from '../messaging.views.js';
import { BlastTimes } from '../plan/blast-times.commands.js';
import { BlastTimesForm } from '../plan/blast-times.forms.js';

const PAGE = 50;

@Roles('planner')
@Controller('api/v1/sms/blasts')
export class BlastsApiController {
  constructor(
    private readonly commands: BlastsCommands,
    private readonly queries: BlastsQueries,
    private readonly recipients: RecipientsQueries,
    private readonly times: BlastTimes,
  ) {}

  @Roles('planner', 'supervisor', 'client')
  @Get()
  async list(@Query() query: BlastListQuery, @CurrentUser() user: CurrentUser): Promise<object> {
    const { items, nextCursor } = await this.queries.list(user, { ...query, limit: query.limit ?? PAGE });
    return { items: items.map(blastAnswer), nextCursor };
  }

  @Post()
  async create(@Body() form: BlastForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.commands.create(user, form));
  }

  @Roles('planner', 'supervisor', 'client')
  @Get(':code')
  async get(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.queries.byCode(user, code));
  }

  /** A draft as it is wished now, whole: what is left out is taken away. */
  @Put(':code')
  async edit(@Param('code') code: string, @Body() form: BlastWishForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.commands.edit(user, code, form));
  }

  /** When and how quickly the rest of it goes out, also once it has begun; text and list stay. What is left out stays as it is, null is taken away. */
  @Patch(':code')
  async changeTimes(@Param('code') code: string, @Body() form: BlastTimesForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.times.change(user, code, form));
  }

  @Post(':code/start')
  @HttpCode(200)
  async start(@Param('code') code: string, @Body() form: StartForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.commands.start(user, code, form));
  }

  @Roles('planner', 'supervisor')
  @Post(':code/pause')
  @HttpCode(200)
  async pause(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.commands.pause(user, code));
  }

  @Roles('planner', 'supervisor')
  @Post(':code/resume')
  @HttpCode(200)
  async resume(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.commands.resume(user, code));
  }

  @Roles('planner', 'supervisor')
  @Post(':code/cancel')
  @HttpCode(200)
  async cancel(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return blastAnswer(await this.commands.cancel(user, code));
  }

  @Roles('planner', 'supervisor')
  @Get(':code/messages')
  async messages(@Param('code') code: string, @Query() query: MessagesQuery, @CurrentUser() user: CurrentUser): Promise<object> {
    const blast = await this.queries.byCode(user, code);
    const page = await this.recipients.page(user, blast, { ...query, limit: query.limit ?? PAGE });
    return { items: page.items.map(messageAnswer), nextCursor: page.nextCursor };
  }
}
