import { Body, Controller, Param, Post } from '@nestjs/common';
import { maskPhone } from '../../kernel/phone.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlocksCommands } from './blocks.commands.js';
import { LineBlockForm } from './blocks.forms.js';
import { BlocksQueries } from './blocks.queries.js';
import { blockView } from './blocks.views.js';

/** Stops the contacts to one line of a customer, for somebody who sees its number masked (R23). */
@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/customers/:id/lines/:line/blocks')
export class LineBlocksApiController {
  constructor(
    private readonly queries: BlocksQueries,
    private readonly blocks: BlocksCommands,
  ) {}

  /** The phone of the answer is masked. @throws DomainError not_found outside of the scope */
  @Post()
  async block(
    @Param() { id, line: lineId }: { id: string; line: string },
    @Body() form: LineBlockForm,
    @CurrentUser() user: CurrentUser,
  ): Promise<object> {
    const { number: phone } = await this.queries.line(user, id, lineId);
    const block = await this.blocks.add(user, { ...form, phone });
    return blockView({ ...block, number: maskPhone(block.number) });
  }
}
