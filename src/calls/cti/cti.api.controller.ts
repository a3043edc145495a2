import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public, Roles } from '../../platform/http/access.js';
import { AnswerNotKept } from '../../platform/http/idempotency.interceptor.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CtiEvents, type Taken } from './cti-events.commands.js';
import { type CtiKey, CtiKeys, type MadeCtiKey } from './cti-keys.commands.js';
import { CtiKeyForm, RotateForm, SwitchEventForm } from './cti.forms.js';

@ApiTags('cti')
@Controller('api/v1/cti')
export class CtiApiController {
  constructor(
    private readonly events: CtiEvents,
    private readonly keys: CtiKeys,
  ) {}

  /**
   * What happened to a call: `dialling`, `ringing`, `answered`, `ended`. Signed: `X-StarCare-Key`, `X-StarCare-Timestamp` (seconds since 1970, at most
   * five minutes off) and `X-StarCare-Signature` = hex HMAC-SHA256 of `<timestamp>.<body>`. In any order, any number of times.
   */
  @Public()
  @HttpCode(200)
  @Post('events')
  async take(
    @Req() { rawBody }: RawBodyRequest<FastifyRequest>,
    @Headers() headers: Record<string, string | undefined>,
    @Body() form: SwitchEventForm,
  ): Promise<Taken> {
    const [key, timestamp, signature] = [headers['x-starcare-key'], headers['x-starcare-timestamp'], headers['x-starcare-signature']];
    const orgUnitId = await this.events.admit({ key, timestamp, signature, body: rawBody });
    return this.events.take(orgUnitId, form);
  }

  @ApiBearerAuth()
  @Roles()
  @Get('keys')
  async list(@CurrentUser() user: CurrentUser): Promise<{ items: CtiKey[] }> {
    return { items: await this.keys.all(user) };
  }

  /** A key for a switch. The answer has its secret, once. */
  @ApiBearerAuth()
  @Roles()
  @AnswerNotKept()
  @Post('keys')
  create(@CurrentUser() user: CurrentUser, @Body() form: CtiKeyForm): Promise<MadeCtiKey> {
    return this.keys.create(user, form);
  }

  /** A key that follows this one; both hold for `overlapHours` (24). The answer has the new secret, once. */
  @ApiBearerAuth()
  @Roles()
  @AnswerNotKept()
  @Post('keys/:id/rotate')
  rotate(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: RotateForm): Promise<MadeCtiKey> {
    return this.keys.rotate(user, id, form);
  }

  @ApiBearerAuth()
  @Roles()
  @HttpCode(204)
  @Post('keys/:id/revoke')
  async revoke(@CurrentUser() user: CurrentUser, @Param('id') id: string): Promise<void> {
    await this.keys.revoke(user, id);
  }
}
