import { Body, Controller, Param, Patch, Post } from '@nestjs/common';
import { Roles } from '../platform/http/access.js';
import { StaffCommands } from './staff.commands.js';
import { OrgUnitForm, TokenForm, UserForm, UserPatch } from './staff.forms.js';
import { CurrentUser } from './staff.types.js';
import { userView, type UserView } from './staff.views.js';

/** Administrators only. */
@Roles()
@Controller('api/v1')
export class StaffApiController {
  constructor(private readonly commands: StaffCommands) {}

  @Post('org-units')
  async createOrgUnit(@Body() form: OrgUnitForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const { id, code, name, kind, path } = await this.commands.createOrgUnit(user, form);
    return { id, code, name, kind, parent: form.parent ?? null, path };
  }

  @Post('users')
  async createUser(@Body() form: UserForm, @CurrentUser() user: CurrentUser): Promise<UserView> {
    return userView(await this.commands.createUser(user, form));
  }

  @Patch('users/:username')
  async updateUser(@Param('username') username: string, @Body() patch: UserPatch, @CurrentUser() user: CurrentUser): Promise<UserView> {
    return userView(await this.commands.updateUser(user, username, patch));
  }

  @Post('tokens')
  createToken(@Body() form: TokenForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return this.commands.createToken(user, form);
  }
}
