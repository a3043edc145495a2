import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TakenBackForm } from './cases.forms.js';
import { PortOuts } from './port-outs.commands.js';

@ApiTags('retention')
@ApiBearerAuth()
@Roles('manager', 'supervisor')
@Controller('api/v1/customers/:id/port-out')
export class PortOutsApiController {
  constructor(private readonly portOuts: PortOuts) {}

  /** The customer took back an application to port out that stopped no case; one that did is lifted in its case. */
  @HttpCode(200)
  @Post('taken-back')
  async takenBack(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: TakenBackForm): Promise<{ portingSince: null }> {
    await this.portOuts.takeBack(user, id, form.note);
    return { portingSince: null };
  }
}
