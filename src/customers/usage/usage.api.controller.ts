import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CustomersQueries } from '../customers.queries.js';
import { type StarRights, StarRightsQueries } from '../rights/star-rights.queries.js';
import { lineAsked } from '../lines/line-asked.policy.js';
import { type UsageMonth, UsageQueries } from './usage.queries.js';

/** What a customer is entitled to, uses and pays (CUS-4). */
@Roles('manager', 'planner', 'supervisor')
@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/customers/:id')
export class UsageApiController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly usage: UsageQueries,
    private readonly rights: StarRightsQueries,
  ) {}

  /** Star rights, and until when the star is held. @throws DomainError not_found */
  @Get('rights')
  async rightsOf(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<StarRights> {
    return this.rights.of(await this.customers.facts(user, id));
  }

  /** The last months of one line, the newest first; without `line` that of the line they are reached on. @throws DomainError not_found */
  @Get('usage')
  async usageOf(
    @Param('id') id: string,
    @Query('line') asked: string | undefined,
    @CurrentUser() user: CurrentUser,
  ): Promise<{ line: string | null; items: UsageMonth[] }> {
    const line = lineAsked(await this.customers.byId(user, id), asked);
    return { line: line?.id ?? null, items: line ? await this.usage.months(line.id) : [] };
  }
}
