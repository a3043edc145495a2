import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CustomerSettingsCommands } from './customer-settings.commands.js';
import { CustomerSettingsQueries } from './customer-settings.queries.js';
import type { CustomerSettings } from './customer-settings.types.js';

class SettingsForm implements CustomerSettings {
  /** Callers may ask for the ID-card number. */
  @IsBoolean() askIdCard!: boolean;
}

/** For administrators: what is decided for all customers. */
@Roles()
@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/customers/settings')
export class CustomerSettingsApiController {
  constructor(
    private readonly settings: CustomerSettingsQueries,
    private readonly commands: CustomerSettingsCommands,
  ) {}

  @Get()
  current(): Promise<CustomerSettings> {
    return this.settings.current();
  }

  @Put()
  async save(@Body() form: SettingsForm, @CurrentUser() user: CurrentUser): Promise<CustomerSettings> {
    await this.commands.save(user, form);
    return this.settings.current();
  }
}
