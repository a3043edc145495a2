import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { type LiveBoard, LiveBoards } from './live-board.queries.js';

@ApiTags('reports')
@ApiBearerAuth()
@Roles('supervisor')
@Controller('api/v1/live')
export class LiveApiController {
  constructor(private readonly boards: LiveBoards) {}

  /** The floor at this moment, for the caller's unit and those below: who holds whom since when, today's calls, promises, lists and breaches. */
  @Get()
  board(@CurrentUser() user: CurrentUser): Promise<LiveBoard> {
    return this.boards.board(user);
  }
}
