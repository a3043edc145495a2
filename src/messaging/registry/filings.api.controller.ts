import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { FilingPages } from './filing-pages.queries.js';
import { FilingsCommands } from './filings.commands.js';
import { SignatureFilingForm, TemplateFilingForm } from './filings.forms.js';

type Rows = Awaited<ReturnType<FilingPages['rows']>>;

const answer = ({ signatures, templates }: Rows): object => ({
  signatures: signatures.map(({ id, signature, gateway, filingNo, validFrom, expiresOn, state }) => ({
    id,
    signature,
    gateway,
    filingNo,
    validFrom,
    expiresOn,
    state,
  })),
  templates: templates.map(({ id, template, version, inUse, gateway, filingNo, validFrom, expiresOn, state }) => ({
    id,
    template,
    version,
    inUse,
    gateway,
    filingNo,
    validFrom,
    expiresOn,
    state,
  })),
});

@ApiTags('sms')
@ApiBearerAuth()
@Controller('api/v1/sms/filings')
export class FilingsApiController {
  constructor(
    private readonly pages: FilingPages,
    private readonly commands: FilingsCommands,
  ) {}

  /** Signatures and templates as they are filed with the networks. Once a signature is filed, a blast with one that is not, or not any more, does not start. */
  @Roles('planner', 'supervisor')
  @Get()
  async list(@CurrentUser() user: CurrentUser): Promise<object> {
    return answer(await this.pages.rows(user));
  }

  @Roles()
  @Post('signatures')
  async fileSignature(@CurrentUser() user: CurrentUser, @Body() form: SignatureFilingForm): Promise<object> {
    await this.commands.fileSignature(user, form);
    return this.list(user);
  }

  @Roles('planner')
  @Post('templates')
  async fileTemplate(@CurrentUser() user: CurrentUser, @Body() form: TemplateFilingForm): Promise<object> {
    await this.commands.fileTemplate(user, form);
    return this.list(user);
  }

  @Roles()
  @HttpCode(200)
  @Delete('signatures/:filing')
  async removeSignature(@CurrentUser() user: CurrentUser, @Param('filing') id: string): Promise<object> {
    await this.commands.removeSignature(user, id);
    return this.list(user);
  }

  @Roles('planner')
  @HttpCode(200)
  @Delete('templates/:filing')
  async removeTemplate(@CurrentUser() user: CurrentUser, @Param('filing') id: string): Promise<object> {
    await this.commands.removeTemplate(user, id);
    return this.list(user);
  }
}
