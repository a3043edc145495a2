import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TickedHandover, type TickedMoves } from './ticked.commands.js';
import { TickedOrder } from './ticked.forms.js';

@ApiTags('calls')
@ApiBearerAuth()
@Roles('supervisor')
@Controller('api/v1/tasks/handover')
export class TickedApiController {
  constructor(private readonly handover: TickedHandover) {}

  /** Moves chosen open tasks and promised callbacks to another manager; answers how many moved and which stayed. */
  @HttpCode(200)
  @Post()
  handOver(@CurrentUser() user: CurrentUser, @Body() order: TickedOrder): Promise<TickedMoves> {
    return this.handover.handOver(user, order);
  }
}
