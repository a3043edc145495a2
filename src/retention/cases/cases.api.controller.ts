import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CaseParts } from './case-parts.queries.js';
import { CaseSteps } from './case-steps.commands.js';
import { CasesCommands } from './cases.commands.js';
import { CaseListForm, CaseStep, MeasureDecision, MeasureForm, NewCaseForm } from './cases.forms.js';
import { CasesQueries } from './cases.queries.js';
import { type CaseItem, caseItem, measureItem, signItem } from './cases.views.js';
import { MeasuresCommands } from './measures.commands.js';

@ApiTags('retention')
@ApiBearerAuth()
@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/retention/cases')
export class CasesApiController {
  constructor(
    private readonly cases: CasesQueries,
    private readonly parts: CaseParts,
    private readonly commands: CasesCommands,
    private readonly steps: CaseSteps,
    private readonly measures: MeasuresCommands,
  ) {}

  /** Those with something to do by score × value, the others by when they were opened (RET-2). */
  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() form: CaseListForm): Promise<Page<CaseItem>> {
    const page = await this.cases.list(user, form);
    return { ...page, items: page.items.map((row) => caseItem(row, user)) };
  }

  /** A sign that somebody noticed. The customer's case, or `no: null` where there is none to be: applied to port out, or gone. */
  @Roles('manager', 'supervisor')
  @Post()
  async open(@CurrentUser() user: CurrentUser, @Body() form: NewCaseForm): Promise<{ no: string | null }> {
    return { no: await this.commands.open(user, form) };
  }

  @Get(':no')
  async one(@CurrentUser() user: CurrentUser, @Param('no') no: string): Promise<object> {
    const row = await this.cases.byNo(user, no);
    const [signs, measures, followUps, history] = await Promise.all([
      this.parts.signs(row.id),
      this.parts.measures(row.id),
      this.parts.followUps(row.id),
      this.parts.history(row.id),
    ]);
    return { ...caseItem(row, user), signs: signs.map(signItem), measures: measures.map(measureItem), followUps, history };
  }

  /** Note, call, keep, lose, withdraw, reopen, lift. */
  @Roles('manager', 'supervisor')
  @HttpCode(200)
  @Post(':no/steps')
  async step(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Body() form: CaseStep): Promise<CaseItem> {
    return caseItem(await this.steps.step(user, no, form), user);
  }

  /** `granted` may be promised; `waiting` needs a second person's word first. */
  @Roles('manager', 'supervisor')
  @Post(':no/measures')
  async propose(@CurrentUser() user: CurrentUser, @Param('no') no: string, @Body() form: MeasureForm): Promise<object> {
    return measureItem(await this.measures.propose(user, no, form));
  }

  /** Approve and refuse are for a second person, accept and decline tell what the customer said. */
  @Roles('manager', 'supervisor')
  @HttpCode(200)
  @Post(':no/measures/:measure')
  async decide(
    @CurrentUser() user: CurrentUser,
    @Param('no') no: string,
    @Param('measure') measure: string,
    @Body() form: MeasureDecision,
  ): Promise<object> {
    return measureItem(await this.measures.decide(user, no, measure, form));
  }
}
