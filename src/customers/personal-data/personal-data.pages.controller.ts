import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CustomersQueries } from '../customers.queries.js';
import { PersonalDataCommands } from './personal-data.commands.js';
import { EraseForm } from './personal-data.forms.js';

/** A person asks what is known of them, or to be forgotten: what goes and what stays is said before anything happens. */
@Roles('supervisor')
@ApiExcludeController()
@Controller('customers/:id/personal-data')
export class PersonalDataPagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly commands: PersonalDataCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('customers/personal-data', await this.page(user, id));
  }

  /** A file for the person, readable by people and programs. */
  @Get('export')
  async export(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const data = await this.commands.export(user, id);
    await reply
      .header('content-disposition', `attachment; filename="customer-${id}.json"`)
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(data, null, 2));
  }

  /** The customer's number is typed once more: nobody forgets the wrong one by a slip. */
  @Post('erase')
  async erase(
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'customers/personal-data', context: () => this.page(user, id) }, async () => {
      await this.customers.facts(user, id);
      const { reason } = await readForm(EraseForm, { reason: body.reason?.trim() });
      if (body.confirm?.trim() !== id) throw new InvalidInput([{ param: 'confirm', code: 'erasure_unconfirmed' }]);
      await this.commands.erase(user, id, reason);
      flash(request, 'customers.erased');
      return `/customers/${id}`;
    });
  }

  private async page(user: CurrentUser, id: string): Promise<object> {
    const { name, erasedAt } = await this.customers.facts(user, id);
    return { id, name, erasedAt };
  }
}
