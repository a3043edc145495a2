import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CustomersQueries } from '../../customers/customers.queries.js';
import type { LineRow } from '../../customers/customers.types.js';
import { notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlocksCommands } from './blocks.commands.js';
import { LineBlockForm } from './blocks.forms.js';

type Fields = Record<string, string>;
interface Path {
  id: string;
  line: string;
}
interface StopPage {
  id: string;
  name: string | null;
  line: LineRow;
}

/** "Stop contacting this number", from the customer's page: the number stays masked (R23). */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/lines/:line/stop')
export class LineBlocksPagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly blocks: BlocksCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async ask(@Param() path: Path, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('contact/stop', await this.page(user, path));
  }

  @Post()
  async stop(@Param() path: Path, @Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    const page = await this.page(user, path);
    await this.forms.answer(reply, { view: 'contact/stop', context: () => page }, async () => {
      await this.blocks.add(user, { ...(await readForm(LineBlockForm, body)), phone: page.line.number });
      flash(request, 'contact.stop.done', { last: page.line.number.slice(-4) });
      return `/customers/${page.id}`;
    });
  }

  /** @throws DomainError not_found outside of the scope, and for a line of somebody else */
  private async page(user: CurrentUser, { id, line: lineId }: Path): Promise<StopPage> {
    const { name, lines } = await this.customers.byId(user, id);
    const line = lines.find((one) => one.id === lineId);
    if (!line) throw notFound('line', lineId);
    return { id, name, line };
  }
}
