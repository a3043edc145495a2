import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { SmsPageQuery } from '../blasts/blast-list.forms.js';
import { ReviewCommands } from './review.commands.js';
import { DecisionForm } from './review.forms.js';
import { type OpenReply, ReviewQueries } from './review.queries.js';

const answer = ({ id, number, body, receivedAt, name, asked, managerName, orders }: OpenReply): object => ({
  id,
  phone: number,
  text: body,
  receivedAt,
  customer: name,
  asked,
  manager: managerName,
  orders: orders.map(({ code, product }) => ({ code, product })),
});

@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1/sms/replies')
export class ReviewApiController {
  constructor(
    private readonly queries: ReviewQueries,
    private readonly commands: ReviewCommands,
  ) {}

  /** Answers that no rule understood and nobody has decided yet, the oldest first. */
  @Get('unclear')
  async open(@CurrentUser() user: CurrentUser, @Query() query: SmsPageQuery): Promise<object> {
    const { items, nextCursor } = await this.queries.open(user, query.limit ?? 50, query.cursor);
    return { items: items.map(answer), nextCursor };
  }

  @HttpCode(200)
  @Post(':reply/decision')
  async decide(@CurrentUser() user: CurrentUser, @Param('reply') id: string, @Body() form: DecisionForm): Promise<object> {
    await this.commands.decide(user, id, form);
    return { id, decision: form.decision };
  }
}
