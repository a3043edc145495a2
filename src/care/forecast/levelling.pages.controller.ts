import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { LoadCommands } from './load.commands.js';
import { levelling } from './levelling.views.js';

/** Takes the load off days beyond capacity: first what would move, then the move itself (CAR-1, CAR-12). */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('care/forecast/level')
export class LevellingPagesController {
  constructor(private readonly load: LoadCommands) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('care/level', levelling(await this.load.preview(user)));
  }

  @Post()
  async level(@CurrentUser() user: CurrentUser, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const moved = await this.load.level(user);
    flash(request, moved > 0 ? 'care.level.done' : 'care.level.nothing_done', { count: moved });
    await reply.redirect('/care/forecast', 303);
  }
}
