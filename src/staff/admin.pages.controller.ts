import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { StaffCommands } from './staff.commands.js';
import { OrgUnitForm, UserForm, UserPatch } from './staff.forms.js';
import { StaffQueries } from './staff.queries.js';
import { CurrentUser, ORG_UNIT_KINDS, type Role, ROLES } from './staff.types.js';

type Fields = Record<string, string>;

/** People and units, for administrators. */
@Roles()
@Controller('admin')
export class AdminPagesController {
  constructor(
    private readonly commands: StaffCommands,
    private readonly queries: StaffQueries,
    private readonly forms: Forms,
  ) {}

  @Get('users')
  async users(@CurrentUser() user: CurrentUser, @Query('role') role: unknown, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(
      'staff/users',
      await this.usersPage(
        user,
        ROLES.find((one) => one === role),
      ),
    );
  }

  @Post('users')
  async createUser(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'staff/users', context: () => this.usersPage(user) }, async () => {
      const made = await this.commands.createUser(user, await readForm(UserForm, body));
      flash(reply.request, 'users.created', { name: made.name, username: made.username });
      return '/admin/users';
    });
  }

  @Get('users/:username')
  async user(@Param('username') username: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('staff/user', await this.userPage(user, username));
  }

  /** The question before somebody is locked out, and what they would leave lying. */
  @Get('users/:username/disable')
  async askDisable(@Param('username') username: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const person = await this.queries.user(user, username);
    await reply.view('staff/user-disable', { person, inHand: await this.queries.inHand(person) });
  }

  @Post('users/:username')
  async updateUser(
    @Param('username') username: string,
    @Body() body: Fields,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: 'staff/user', context: () => this.userPage(user, username, body) }, async () => {
      const changed = await this.commands.updateUser(user, username, await readForm(UserPatch, patchOf(body)));
      flash(reply.request, changed.active ? 'users.changed' : 'users.disabled', { name: changed.name });
      return '/admin/users';
    });
  }

  @Get('org-units')
  async orgUnits(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('staff/org-units', await this.unitsPage(user));
  }

  @Post('org-units')
  async createOrgUnit(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'staff/org-units', context: () => this.unitsPage(user) }, async () => {
      const unit = await this.commands.createOrgUnit(user, await readForm(OrgUnitForm, body));
      flash(reply.request, 'org_units.created', { name: unit.name });
      return '/admin/org-units';
    });
  }

  private async userPage(user: CurrentUser, username: string, typed: Fields = {}): Promise<object> {
    const [person, units] = await Promise.all([this.queries.user(user, username), this.queries.orgUnits(user)]);
    // the boxes that may be emptied stay so when another one is refused
    return { person: { ...person, agentNo: typed.agentNo ?? person.agentNo, phone: typed.phone ?? person.phone }, units, roles: ROLES };
  }

  private async usersPage(user: CurrentUser, only?: Role): Promise<object> {
    const [users, units] = await Promise.all([this.queries.users(user, only), this.queries.orgUnits(user)]);
    return { users, units, roles: ROLES, only };
  }

  private async unitsPage(user: CurrentUser): Promise<object> {
    const units = await this.queries.orgUnits(user);
    return { units: units.map((unit) => ({ ...unit, depth: unit.path.split('/').length - 3 })), kinds: ORG_UNIT_KINDS };
  }
}

/** An emptied box of the profile takes the staff number or telephone away; the other boxes must hold something. The page's other forms have none of them. */
const patchOf = (body: Fields): object =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, EMPTIED.has(name) && value.trim() === '' ? null : value]));
const EMPTIED = new Set(['name', 'agentNo', 'phone', 'dailyCapacity', 'password']);
