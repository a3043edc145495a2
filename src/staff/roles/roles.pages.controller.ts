import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Chrome } from '../../platform/http/chrome.js';
import { RouteAccess } from '../../platform/http/route-access.js';
import { railFor, type RailItem } from '../rail.views.js';
import { CurrentUser, ORG_UNIT_KINDS, type Role, ROLES } from '../staff.types.js';
import { ROLE_AREAS } from './role-areas.policy.js';
import { rightsOf } from './role-rights.policy.js';
import { RolesQueries } from './roles.queries.js';

/** What each role may see and do, read from what the guard and the rail go by: nothing is set here, roles are fixed (SYS-1). */
@ApiExcludeController()
@Roles()
@Controller('admin/roles')
export class RolesPagesController {
  constructor(
    private readonly routes: RouteAccess,
    private readonly queries: RolesQueries,
    private readonly chrome: Chrome,
  ) {}

  @Get()
  async overview(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const used = await this.queries.inUse(user);
    const rights = ROLES.map((role) => rightsOf(role, this.routes.behindLogin()));
    const areas = ROLE_AREAS.map(({ key }, i) => ({
      key,
      cells: rights.map((ofRole, n) => ({ ...ofRole[i], role: ROLES[n], total: ofRole[i]?.addresses.length })),
    }));
    await reply.view('staff/roles', { roles: used.map((use) => ({ ...use, menu: this.menuOf(use.role) })), areas, kinds: ORG_UNIT_KINDS });
  }

  @Get(':role')
  async one(@CurrentUser() user: CurrentUser, @Param('role') name: string, @Res() reply: FastifyReply): Promise<void> {
    const role = ROLES.find((one) => one === name);
    if (!role) throw notFound('role', name);
    const use = (await this.queries.inUse(user)).find((one) => one.role === role);
    const rights = rightsOf(role, this.routes.behindLogin());
    const open = rights.filter(({ allowed }) => allowed > 0).map((area) => ({ ...area, total: area.addresses.length }));
    const closed = rights.filter(({ allowed }) => allowed === 0);
    await reply.view('staff/role', { ...use, menu: this.menuOf(role), open, closed, kinds: ORG_UNIT_KINDS });
  }

  /** The rail of somebody else: under a name of its own, as the page has that of its reader. */
  private menuOf(role: Role): RailItem[] {
    return railFor(role, '', (url) => this.chrome.hasPage(url));
  }
}
