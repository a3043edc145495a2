import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AttemptsCommands } from './attempts.commands.js';
import { AttemptForm, ContactForm, CorrectionForm } from './attempts.forms.js';
import type { AttemptItem, TaskItem } from '../calls.types.js';
import { ContactsCommands } from '../contacts/contacts.commands.js';
import { CorrectionsCommands } from '../corrections/corrections.commands.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';
import type { Kept, KeptOutcome, KeptReason } from '../outcomes/outcomes.types.js';
import { TaskListForm } from '../tasks/tasks.forms.js';
import { TasksQueries } from '../tasks/tasks.queries.js';

@Controller('api/v1')
@Roles('manager', 'supervisor')
export class AttemptsApiController {
  constructor(
    private readonly attempts: AttemptsCommands,
    private readonly corrections: CorrectionsCommands,
    private readonly contacts: ContactsCommands,
    private readonly tasks: TasksQueries,
    private readonly outcomes: OutcomesQueries,
  ) {}

  @Get('tasks')
  @Roles('manager', 'supervisor', 'planner')
  list(@CurrentUser() user: CurrentUser, @Query() filter: TaskListForm): Promise<Page<TaskItem>> {
    return this.tasks.list(user, filter);
  }

  @Post('tasks/:id/attempts')
  record(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: AttemptForm): Promise<AttemptItem> {
    return this.attempts.record(user, id, form);
  }

  @Patch('attempts/:id')
  correct(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: CorrectionForm): Promise<AttemptItem> {
    return this.corrections.correct(user, id, form);
  }

  @Post('customers/:id/contacts')
  contact(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: ContactForm): Promise<AttemptItem> {
    return this.contacts.record(user, id, form);
  }

  /** What may be recorded, with its flags; `retired` names what old calls have besides. */
  @Get('outcomes')
  @Roles('manager', 'supervisor', 'planner', 'judge', 'client')
  async all(): Promise<{ items: KeptOutcome[]; reasons: KeptReason[]; retired: { items: KeptOutcome[]; reasons: KeptReason[] } }> {
    const [items, reasons] = await Promise.all([this.outcomes.all(), this.outcomes.allReasons()]);
    const offered = ({ retiredAt }: Kept): boolean => retiredAt === null;
    const retired = ({ retiredAt }: Kept): boolean => retiredAt !== null;
    return {
      items: items.filter(offered),
      reasons: reasons.filter(offered),
      retired: { items: items.filter(retired), reasons: reasons.filter(retired) },
    };
  }
}
