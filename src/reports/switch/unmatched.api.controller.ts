import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { recordFilter, UnmatchedForm } from './unmatched.forms.js';
import { UnmatchedQueries } from './unmatched.queries.js';
import type { SwitchRecord } from './unmatched.types.js';

@Roles('planner', 'supervisor')
@ApiTags('reports')
@ApiBearerAuth()
@Controller('api/v1/call-records/unmatched')
export class UnmatchedApiController {
  constructor(private readonly records: UnmatchedQueries) {}

  /** Raw records of the switch that belong to no attempt, newest first; with `reason=contradicts` those that say the opposite of theirs. */
  @Get()
  list(@CurrentUser() user: CurrentUser, @Query() form: UnmatchedForm): Promise<Page<SwitchRecord>> {
    return this.records.page(user, recordFilter(form), form);
  }
}
