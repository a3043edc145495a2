import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BulletinsCommands } from './bulletins.commands.js';
import { BulletinChangeForm, BulletinForm } from './bulletins.forms.js';
import { BulletinsQueries } from './bulletins.queries.js';
import { BULLETIN_KINDS, DEFAULT_TIMES } from './bulletins.types.js';
import { bulletinView, deliveryView } from './bulletins.views.js';

const PATH = '/reports/bulletins';

/** Where each team's bulletins go, and what became of them (REP-5). */
@ApiExcludeController()
@Roles('supervisor')
@Controller('reports/bulletins')
export class BulletinsPagesController {
  constructor(
    private readonly queries: BulletinsQueries,
    private readonly commands: BulletinsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/bulletins', {
      ...(await this.listPage(user)),
      values: { times: DEFAULT_TIMES.join(' '), active: 'on', kind: 'wecom' },
    });
  }

  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() body: object, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'reports/bulletins', context: () => this.listPage(user) }, async () => {
      const id = await this.commands.create(user, await readForm(BulletinForm, body));
      flash(request, 'bulletins.created');
      return `${PATH}/${id}`;
    });
  }

  @Get(':bulletin')
  async show(@CurrentUser() user: CurrentUser, @Param('bulletin') id: string, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.page(user, id);
    await reply.view('reports/bulletin', { ...page, values: { times: page.bulletin.timesText, active: page.bulletin.active ? 'on' : undefined } });
  }

  @Post(':bulletin')
  async change(@Param('bulletin') id: string, @Body() body: object, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    const { bulletin } = await this.page(user, id);
    await this.forms.answer(reply, { view: 'reports/bulletin', context: () => this.page(user, id) }, async () => {
      await this.commands.change(user, id, await readForm(BulletinChangeForm, body));
      flash(request, 'bulletins.saved');
      return bulletin.href;
    });
  }

  @Post(':bulletin/test')
  async test(
    @CurrentUser() user: CurrentUser,
    @Param('bulletin') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.commands.test(user, id);
    flash(request, 'bulletins.tested');
    await reply.code(303).redirect(`${PATH}/${id}#log`);
  }

  @Post(':bulletin/remove')
  async remove(
    @CurrentUser() user: CurrentUser,
    @Param('bulletin') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.commands.remove(user, id);
    flash(request, 'bulletins.removed');
    await reply.code(303).redirect(PATH);
  }

  private async listPage(user: CurrentUser) {
    const [bulletins, units] = await Promise.all([this.queries.all(user), this.queries.units(user)]);
    return { bulletins: bulletins.map(bulletinView), units, kinds: BULLETIN_KINDS };
  }

  private async page(user: CurrentUser, id: string) {
    const bulletin = await this.queries.byId(user, id);
    const deliveries = await this.queries.deliveries(bulletin.id);
    return { bulletin: bulletinView(bulletin), deliveries: deliveries.map(deliveryView) };
  }
}
