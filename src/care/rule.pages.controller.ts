import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CareRulesCommands } from './care-rules.commands.js';
import { CareRulesQueries } from './care-rules.queries.js';
import { mayPlan } from './care.pages.controller.js';
import { CoverageQueries } from './coverage.queries.js';
import { fieldView, templateChoices, textsOf, versionViews } from './rule-form.views.js';
import { RuleTemplates } from './rule-templates.queries.js';
import { ruleOf } from './rules/rule-list.policy.js';
import { checkedSettings, settingsFromForm } from './rules/settings.policy.js';

type Typed = Record<string, string | undefined>;

/** One rule: its settings, its versions, what it would say of a customer. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('care/rules')
export class CareRulePagesController {
  constructor(
    private readonly queries: CareRulesQueries,
    private readonly commands: CareRulesCommands,
    private readonly coverage: CoverageQueries,
    private readonly templates: RuleTemplates,
    private readonly clock: Clock,
    private readonly forms: Forms,
  ) {}

  @Get(':code')
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('care/rule', await this.page(user, code));
  }

  @Roles('planner')
  @Post(':code')
  async save(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    const { fields } = ruleOf(code);
    await this.forms.answer(reply, { view: 'care/rule', context: () => this.page(user, code, body) }, async () => {
      const change = { enabled: body.enabled !== undefined, settings: settingsFromForm(fields, body), version: Number(body.version) };
      const { version } = await this.commands.change(user, code, change);
      flash(reply.request, 'care.saved', { version: String(version) });
      return `/care/rules/${code}`;
    });
  }

  /** What the typed settings would plan, before they are saved. */
  @Roles('planner')
  @Post(':code/forecast')
  async forecast(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    const rule = ruleOf(code);
    await this.forms.answer(reply, { view: 'care/rule', context: () => this.page(user, code, body) }, () => {
      const settings = checkedSettings(rule, settingsFromForm(rule.fields, body));
      return Promise.resolve(
        `/care/forecast?${new URLSearchParams({ rule: code, settingsOf: code, settings: JSON.stringify(settings) }).toString()}`,
      );
    });
  }

  /** Nobody is switched off from being looked after by one slip: the question says how many are affected, also without a script. */
  @Roles('planner')
  @Get(':code/switch-off')
  async askSwitchOff(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const today = dayOf(this.clock.now());
    const row = await this.queries.byCode(code);
    const figures = (await this.coverage.byRule(user, `${today.slice(0, 7)}-01`, today)).get(row.code);
    const left = figures ? figures.open + figures.atRisk + figures.missed : 0;
    await reply.view('care/switch-off', { row, due: figures?.due ?? 0, left });
  }

  /** On or off from the list, everything else as it is. */
  @Roles('planner')
  @Post(':code/switch')
  async switch(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Typed, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'care/rule', context: () => this.page(user, code) }, async () => {
      const { enabled } = await this.commands.change(user, code, { enabled: body.enabled === 'on', version: Number(body.version) });
      flash(reply.request, enabled ? 'care.switched_on' : 'care.switched_off', {});
      return '/care';
    });
  }

  private async page(user: CurrentUser, code: string, typed?: Typed): Promise<object> {
    const rule = ruleOf(code);
    const sends = rule.fields.some(({ kind }) => kind === 'template');
    const [row, versions, fitting] = await Promise.all([
      this.queries.byCode(code),
      this.queries.versions(code),
      sends ? this.templates.fitting(user, rule) : [],
    ]);
    const stored = textsOf(rule.fields, row.settings);
    const text = typed ? (name: string) => typed[name] : (name: string) => stored.get(name);
    return {
      rule: { code, icon: rule.icon },
      row,
      enabled: typed ? typed.enabled !== undefined : row.enabled,
      fields: rule.fields.map((field) => fieldView(field, text)),
      templates: templateChoices(fitting, text('template')),
      versions: versionViews(rule, versions),
      plans: mayPlan(user),
    };
  }
}
