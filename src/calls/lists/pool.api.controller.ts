import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { type Pool, Pools } from './pool.commands.js';
import { PoolForm } from './pool.forms.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Roles('supervisor')
@Controller('api/v1/campaigns/:code/pool')
export class PoolApiController {
  constructor(private readonly pools: Pools) {}

  /** The tasks nobody has since they were not dialled in time (CAM-4), and who could take some. */
  @Get()
  of(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<Pool> {
    return this.pools.of(user, code);
  }

  @HttpCode(200)
  @Post()
  handOut(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: PoolForm): Promise<{ tasks: number }> {
    return this.pools.handOut(user, code, form);
  }
}
