import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Public } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { Chrome } from '../../platform/http/chrome.js';
import { readForm } from '../../platform/http/forms.js';
import { redirectTo } from '../../platform/http/pages.js';
import { openSession } from './open-session.js';
import { railFor } from '../rail.views.js';
import { safeNext } from './safe-next.policy.js';
import { SessionCommands } from './session.commands.js';
import { LoginForm } from '../staff.forms.js';
import { SsoProvider } from '../sso/sso-provider.js';
import { CurrentUser, DemoLogins } from '../staff.types.js';

@Controller()
export class SessionPagesController {
  constructor(
    private readonly commands: SessionCommands,
    private readonly demo: DemoLogins,
    private readonly forms: Forms,
    private readonly chrome: Chrome,
    private readonly sso: SsoProvider,
    private readonly clock: Clock,
  ) {}

  @Get()
  home(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): void {
    redirectTo(reply, this.homeOf(user));
  }

  @Get('login')
  @Public()
  async login(@Query('next') next: string | undefined, @CurrentUser() user: CurrentUser | undefined, @Res() reply: FastifyReply): Promise<void> {
    if (user) redirectTo(reply, safeNext(next) ?? this.homeOf(user));
    else await reply.view('staff/login', this.loginPage(next), { layout: 'bare' });
  }

  @Post('login')
  @Public()
  @RouteConfig({ rateLimit: { max: 300, timeWindow: '1 minute' } })
  async enter(@Body() body: Record<string, string>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = { view: 'staff/login', layout: 'bare', context: () => this.loginPage(body.next) };
    await this.forms.answer(reply, page, async () => {
      const form = await readForm(LoginForm, body);
      const user = await this.commands.login(form.username, form.password, { requestId: String(request.id), ip: request.ip });
      return this.open(user, request, reply, body.next);
    });
  }

  @Post('login/demo')
  @Public()
  async enterDemo(@Body() body: Record<string, string>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const entry = this.demo.entries.find(({ username }) => username === body.demo);
    if (!entry) throw new DomainError('route_not_found', { status: 404 });
    const user = await this.commands.login(entry.username, this.demo.password, { requestId: String(request.id), ip: request.ip });
    redirectTo(reply, await this.open(user, request, reply, undefined));
  }

  @Post('logout')
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await request.session.destroy();
    redirectTo(reply, '/login');
  }

  private async open(user: CurrentUser, request: FastifyRequest, reply: FastifyReply, next: string | undefined): Promise<string> {
    await openSession(user, request, reply, this.clock.now());
    return safeNext(next) ?? this.homeOf(user);
  }

  private homeOf(user: CurrentUser): string {
    return railFor(user.role, '/', (url) => this.chrome.hasPage(url))[0]?.href ?? '/account';
  }

  private loginPage(next: string | undefined): object {
    return { next: safeNext(next), sso: this.ssoAddress(safeNext(next)), demo: this.demo.entries, demoPassword: this.demo.password };
  }

  private ssoAddress(next: string | undefined): string | undefined {
    return this.sso.isOffered ? `/login/sso${next ? `?next=${encodeURIComponent(next)}` : ''}` : undefined;
  }
}
