import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Public } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { keptMessage } from '../../platform/jobs/failure.policy.js';
import { openSession } from '../login/open-session.js';
import { safeNext } from '../login/safe-next.policy.js';
import { SessionCommands } from '../login/session.commands.js';
import { SsoProvider } from './sso-provider.js';

const CALLBACK = '/login/sso/callback';

/** The address the provider sends the browser back to: registered there, so that a forged host leads nowhere. */
const callbackOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}${CALLBACK}`;

/** Logging in at the company's own provider. */
@Controller('login/sso')
export class SsoPagesController {
  constructor(
    private readonly provider: SsoProvider,
    private readonly commands: SessionCommands,
    private readonly forms: Forms,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Public()
  @RouteConfig({ rateLimit: { max: 300, timeWindow: '1 minute' } })
  async begin(@Query('next') next: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.orLoginPage(reply, async () => {
      const { address, ticket } = await this.provider.begin(callbackOf(request));
      request.session.sso = { ...ticket, next: safeNext(next) ?? '/' };
      return address;
    });
  }

  /** The ticket is used up by the first who comes back with it, whatever comes of it. */
  @Get('callback')
  @Public()
  @RouteConfig({ writes: true })
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.orLoginPage(reply, async () => {
      if (!this.provider.isOffered) throw new DomainError('route_not_found', { status: 404 });
      const ticket = request.session.sso;
      request.session.sso = undefined;
      if (!ticket) throw new DomainError('sso_failed', { status: 401 });
      const name = await this.provider.finish(new URL(request.url, callbackOf(request)), ticket);
      const user = await this.commands.enterBySso(name, { requestId: String(request.id), ip: request.ip });
      await openSession(user, request, reply, this.clock.now());
      return ticket.next;
    });
  }

  private async orLoginPage(reply: FastifyReply, deed: () => Promise<string>): Promise<void> {
    try {
      void reply.code(303).redirect(await deed());
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'route_not_found') throw error;
      // the message alone: what hangs on such an error may hold a code
      const reason = error.cause instanceof Error ? keptMessage(error.cause) : undefined;
      reply.request.log.warn({ code: error.code, reason }, 'single sign-on refused');
      await this.forms.again(reply, { view: 'staff/login', layout: 'bare', context: () => ({ sso: '/login/sso' }) }, error);
    }
  }
}
