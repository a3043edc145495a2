import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { flash } from '../../platform/http/pages.js';
import { SealingQueries } from '../../platform/sealing/sealing.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CustomerSettingsCommands } from './customer-settings.commands.js';
import { CustomerSettingsQueries } from './customer-settings.queries.js';

/** What is decided for all customers, and which keys seal what is kept sealed. */
@Roles()
@ApiExcludeController()
@Controller('customers/settings')
export class CustomerSettingsPagesController {
  constructor(
    private readonly settings: CustomerSettingsQueries,
    private readonly commands: CustomerSettingsCommands,
    private readonly sealing: SealingQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Res() reply: FastifyReply): Promise<void> {
    await reply.view('customers/settings', await this.page());
  }

  @Post()
  async save(@Body() body: Record<string, string>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'customers/settings', context: () => this.page() }, async () => {
      await this.commands.save(request.viewer as CurrentUser, { askIdCard: body.askIdCard === 'true' });
      flash(request, 'customers.settings_saved');
      return '/customers/settings';
    });
  }

  private async page(): Promise<object> {
    return { settings: await this.settings.current(), keys: await this.sealing.keys() };
  }
}
