import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { type ErasureResult, PersonalDataCommands, type PersonalDataExport } from './personal-data.commands.js';
import { EraseForm } from './personal-data.forms.js';

/** What a person may ask for by law, done by a supervisor or an administrator (SYS-6). */
@Roles('supervisor')
@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/customers/:id')
export class PersonalDataApiController {
  constructor(private readonly commands: PersonalDataCommands) {}

  /** Everything known of the person, by module; the ID-card number masked. Each export stands in the audit log. @throws DomainError not_found */
  @Get('export')
  export(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<PersonalDataExport> {
    return this.commands.export(user, id);
  }

  /** Forgets the person; history stays without identity, blocks stay by number. Cannot be undone. @throws DomainError not_found, erasure_busy (409) */
  @Post('erase')
  @HttpCode(200)
  erase(@Param('id') id: string, @Body() form: EraseForm, @CurrentUser() user: CurrentUser): Promise<ErasureResult> {
    return this.commands.erase(user, id, form.reason);
  }
}
