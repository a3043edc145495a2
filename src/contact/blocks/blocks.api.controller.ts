import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlocksCommands } from './blocks.commands.js';
import { BlockForm, LiftForm } from './blocks.forms.js';
import { blockView } from './blocks.views.js';

@Roles('planner', 'supervisor')
@Controller('api/v1/contact/blocks')
export class BlocksApiController {
  constructor(private readonly blocks: BlocksCommands) {}

  @Post()
  async block(@Body() form: BlockForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blockView(await this.blocks.add(user, form));
  }

  @Delete(':id')
  @HttpCode(200)
  async lift(@Param('id') id: string, @Body() form: LiftForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return blockView(await this.blocks.lift(user, id, form));
  }
}
