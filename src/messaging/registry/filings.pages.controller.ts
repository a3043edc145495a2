import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { FilingPages } from './filing-pages.queries.js';
import { FilingsCommands } from './filings.commands.js';
import { SignatureFilingForm, TemplateFilingForm } from './filings.forms.js';

type Posted = Record<string, unknown>;
const VIEW = 'messaging/filings';
const URL = '/sms/filings';

/** What is filed with the networks, and until when. Signatures are the administrators', templates their planners'. */
@ApiExcludeController()
@Controller('sms/filings')
export class FilingsPagesController {
  constructor(
    private readonly pages: FilingPages,
    private readonly commands: FilingsCommands,
    private readonly forms: Forms,
  ) {}

  @Roles('planner', 'supervisor')
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.pages.page(user));
  }

  @Roles()
  @Post('signatures')
  async fileSignature(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, reply, 'signature', async () => this.commands.fileSignature(user, await readForm(SignatureFilingForm, body)));
  }

  @Roles('planner')
  @Post('templates')
  async fileTemplate(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, reply, 'template', async () => this.commands.fileTemplate(user, await readForm(TemplateFilingForm, body)));
  }

  @Roles()
  @Post('signatures/:filing/remove')
  async removeSignature(@CurrentUser() user: CurrentUser, @Param('filing') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, reply, 'removed', () => this.commands.removeSignature(user, id));
  }

  @Roles('planner')
  @Post('templates/:filing/remove')
  async removeTemplate(@CurrentUser() user: CurrentUser, @Param('filing') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, reply, 'removed', () => this.commands.removeTemplate(user, id));
  }

  private async deed(user: CurrentUser, reply: FastifyReply, what: 'signature' | 'template' | 'removed', work: () => Promise<void>): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.pages.page(user)), faultIn: what }) }, async () => {
      await work();
      flash(reply.request, `sms.filing.saved.${what}`);
      return URL;
    });
  }
}
