import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { PortOuts } from '../cases/port-outs.commands.js';
import { HealthQueries } from './health.queries.js';

@ApiTags('retention')
@ApiBearerAuth()
@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/customers/:id/health')
export class HealthApiController {
  constructor(
    private readonly health: HealthQueries,
    private readonly customers: CustomersQueries,
    private readonly portOuts: PortOuts,
  ) {}

  /**
   * Tier with its reasons, since when, what it was before, and the churn score (CUS-5, RET-2); `tier` null: not judged yet, or gone. `portingSince`: an
   * application to port out stands that stopped no case.
   */
  @Get()
  async one(@CurrentUser() user: CurrentUser, @Param('id') id: string): Promise<object> {
    await this.customers.facts(user, id);
    const [health, history, score, portingSince] = await Promise.all([
      this.health.of(id),
      this.health.history(id),
      this.health.score(id),
      this.portOuts.since(id),
    ]);
    return { tier: health?.tier ?? null, reasons: health?.reasons ?? [], since: health?.since ?? null, history, score, portingSince };
  }
}
