import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { type Dialled, Dials } from './dials.commands.js';
import { type LiveCall, LiveCalls } from './live-call.queries.js';

/** Dial, and see what becomes of it. */
@ApiTags('cti')
@ApiBearerAuth()
@Roles('manager', 'supervisor')
@Controller('api/v1/tasks/:id')
export class DialApiController {
  constructor(
    private readonly dials: Dials,
    private readonly calls: LiveCalls,
  ) {}

  /** Dials the customer of a held task; presses within three seconds are one (R34). */
  @HttpCode(200)
  @Post('dial')
  dial(@CurrentUser() user: CurrentUser, @Param('id') id: string): Promise<Dialled> {
    return this.dials.dial(user, id);
  }

  /** What the switch says of the call of a held task; 204 while it has said nothing. */
  @Get('call')
  async call(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LiveCall | undefined> {
    const call = await this.calls.ofTask(user, id);
    if (!call) void reply.code(204);
    return call;
  }
}
