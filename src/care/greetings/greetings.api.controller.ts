import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { GreetingsCommands } from './greetings.commands.js';
import { ApproveGreetingForm, AskGreetingForm, RefuseGreetingForm } from './greetings.forms.js';
import { GreetingsQueries } from './greetings.queries.js';
import type { GreetingApproval } from './greetings.types.js';

/** Which greeting may go out on which day, by the client's word (CAR-5). */
@Roles('planner', 'supervisor', 'client')
@ApiTags('care')
@ApiBearerAuth()
@Controller('api/v1/care/greetings')
export class GreetingsApiController {
  constructor(
    private readonly clock: Clock,
    private readonly queries: GreetingsQueries,
    private readonly commands: GreetingsCommands,
  ) {}

  @Get()
  async list(): Promise<{ items: GreetingApproval[] }> {
    return { items: await this.queries.list(dayOf(this.clock.now())) };
  }

  @Roles('planner')
  @Post()
  ask(@Body() form: AskGreetingForm, @CurrentUser() user: CurrentUser): Promise<GreetingApproval> {
    return this.commands.ask(user, form);
  }

  @Roles('planner', 'client')
  @Post(':greeting/approve')
  @HttpCode(200)
  approve(@Param('greeting') id: string, @Body() form: ApproveGreetingForm, @CurrentUser() user: CurrentUser): Promise<GreetingApproval> {
    return this.commands.approve(user, id, form);
  }

  @Roles('planner', 'client')
  @Post(':greeting/refuse')
  @HttpCode(200)
  refuse(@Param('greeting') id: string, @Body() form: RefuseGreetingForm, @CurrentUser() user: CurrentUser): Promise<GreetingApproval> {
    return this.commands.refuse(user, id, form);
  }
}
