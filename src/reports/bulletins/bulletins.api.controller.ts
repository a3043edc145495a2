import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BulletinsCommands } from './bulletins.commands.js';
import { BulletinChangeForm, BulletinForm } from './bulletins.forms.js';
import { BulletinsQueries } from './bulletins.queries.js';
import type { Bulletin, Delivery } from './bulletins.types.js';

@ApiTags('bulletins')
@ApiBearerAuth()
@Roles('supervisor')
@Controller('api/v1/bulletins')
export class BulletinsApiController {
  constructor(
    private readonly queries: BulletinsQueries,
    private readonly commands: BulletinsCommands,
  ) {}

  /** Bulletins of the reader's unit and those below. Address and secret are never told. */
  @Get()
  async all(@CurrentUser() user: CurrentUser): Promise<{ items: Bulletin[] }> {
    return { items: await this.queries.all(user) };
  }

  /** A team's bulletin by webhook: a WeCom group robot, or JSON signed with HMAC-SHA256 over `<timestamp>.<body>` (REP-5). */
  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() form: BulletinForm): Promise<Bulletin> {
    return this.queries.byId(user, await this.commands.create(user, form));
  }

  @Put(':bulletin')
  async change(@CurrentUser() user: CurrentUser, @Param('bulletin') id: string, @Body() form: BulletinChangeForm): Promise<Bulletin> {
    await this.commands.change(user, id, form);
    return this.queries.byId(user, id);
  }

  /** Forgets address and secret. */
  @Delete(':bulletin')
  @HttpCode(204)
  async remove(@CurrentUser() user: CurrentUser, @Param('bulletin') id: string): Promise<void> {
    await this.commands.remove(user, id);
  }

  /** Sends one now, marked as a test. */
  @Post(':bulletin/test')
  @HttpCode(202)
  async test(@CurrentUser() user: CurrentUser, @Param('bulletin') id: string): Promise<{ delivery: string }> {
    return { delivery: await this.commands.test(user, id) };
  }

  /** What was sent, refused and left out, the newest first; with the reason. */
  @Get(':bulletin/deliveries')
  async deliveries(@CurrentUser() user: CurrentUser, @Param('bulletin') id: string): Promise<{ items: Delivery[] }> {
    const { id: known } = await this.queries.byId(user, id);
    return { items: await this.queries.deliveries(known) };
  }
}
