import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../platform/http/access.js';
import { KannelCallbacks } from './kannel-callbacks.commands.js';

const PLAIN = 'text/plain; charset=utf-8';

const word = (query: Record<string, unknown>, name: string): string => {
  const value = query[name];
  // PostgreSQL takes no NUL
  return typeof value === 'string' ? value.replaceAll('\u0000', '').slice(0, 500) : '';
};

/**
 * Where a gateway in Kannel's dialect calls back. The signature in the address is its key, so no login is asked; and no limit of requests holds:
 * a running blast brings several reports a message, from one address.
 */
@ApiTags('sms')
@Controller('api/v1/sms/gateways/:code')
export class KannelApiController {
  constructor(private readonly callbacks: KannelCallbacks) {}

  /** A delivery report: `type` 1 delivered, 2 undelivered, 4 queued, 8 taken by the centre, 16 refused by it. Answered once it is kept. */
  @Public()
  @RouteConfig({ rateLimit: false, writes: true })
  @Get('receipts')
  async report(@Param('code') code: string, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const [message, type, answer, ref] = ['message', 'type', 'answer', 'ref'].map((name) => word(query, name)) as [string, string, string, string];
    await this.callbacks.report(code, word(query, 'sig'), { message, type, answer, ref });
    await reply.type(PLAIN).send('');
  }

  /** What a customer wrote. The empty answer keeps Kannel from writing back. */
  @Public()
  @RouteConfig({ rateLimit: false, writes: true })
  @Get('replies')
  async reply(@Param('code') code: string, @Req() { url }: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.callbacks.reply(code, url);
    await reply.type(PLAIN).send('');
  }
}
