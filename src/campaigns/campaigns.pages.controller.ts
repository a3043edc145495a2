import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { notFound } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CampaignHeads } from './campaign-heads.views.js';
import { allowedActions, type CampaignAction } from './campaign.states.js';
import { CampaignsCommands } from './campaigns.commands.js';
import { CampaignListForm, ReasonForm } from './campaigns.forms.js';
import { type CampaignFilter, CampaignsQueries, mayChange } from './campaigns.queries.js';
import { CAMPAIGN_KINDS } from './campaigns.types.js';
import { bandIds, campaignUrl, headView, listRow, statePills } from './campaigns.views.js';
import { armOf, variantsView } from './experiment/experiment.views.js';
import { WizardQueries } from './wizard/wizard.queries.js';

const isAction = (text: string): text is Exclude<CampaignAction, 'launch' | 'start'> => ['pause', 'resume', 'close'].includes(text);

@ApiExcludeController()
@Controller('campaigns')
@Roles('planner', 'supervisor', 'client')
export class CampaignsPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly heads: CampaignHeads,
    private readonly wizard: WizardQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async index(@CurrentUser() user: CurrentUser, @Query() ask: CampaignListForm, @Res() reply: FastifyReply): Promise<void> {
    const which = listedBy(ask);
    const [page, counts] = await Promise.all([
      this.queries.list(user, { ...which, kind: ask.kind, text: ask.q, limit: ask.limit, cursor: ask.cursor }),
      this.queries.stateCounts(user, { kind: ask.kind, text: ask.q }),
    ]);
    await reply.view('campaigns/index', {
      rows: page.items.map(listRow),
      bandIds: bandIds(page.items),
      next: page.nextCursor,
      pills: statePills(counts, ask.state),
      kinds: CAMPAIGN_KINDS,
      ask,
      filtered: Boolean(ask.q ?? ask.kind ?? ask.state),
      mayCreate: user.role === 'planner' || user.role === 'admin',
      mayDecide: user.role !== 'planner',
      waiting: user.role === 'planner' ? 0 : await this.queries.waitingFor(user),
      figuresOnly: user.role === 'client',
    });
  }

  @Get(':code')
  async funnel(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.byCode(user, code);
    await reply.view('campaigns/show-funnel', await this.heads.of(user, campaign, 'funnel'));
  }

  @Roles('planner', 'supervisor')
  @Get(':code/script')
  async script(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query('variant') variant: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.queries.byCode(user, code);
    const arm = armOf(campaign, variant);
    const rehearsal = await this.wizard.rehearsal(user, campaign, arm.script);
    const variants = variantsView(campaign, arm.key);
    await reply.view('campaigns/show-script', { ...(await this.heads.of(user, campaign, 'script')), ...rehearsal, arm, variants });
  }

  /** The question before a deed: its own address, with room for the reason. */
  @Get(':code/:action')
  @Roles('planner')
  async ask(@CurrentUser() user: CurrentUser, @Param() path: { code: string; action: string }, @Res() reply: FastifyReply): Promise<void> {
    if (!isAction(path.action)) throw notFound('page', path.action);
    await reply.view('campaigns/confirm', await this.confirmation(user, path.code, path.action));
  }

  @Post(':code/:action')
  @Roles('planner')
  async act(
    @CurrentUser() user: CurrentUser,
    @Param() path: { code: string; action: string },
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { code, action } = path;
    if (!isAction(action)) throw notFound('page', action);
    await this.forms.answer(reply, { view: 'campaigns/confirm', context: () => this.confirmation(user, code, action) }, async () => {
      const { reason } = await readForm(ReasonForm, body);
      const campaign = await this.commands[action](user, code, reason);
      flash(reply.request, `campaigns.done.${action}`, { name: campaign.name });
      return campaignUrl(code);
    });
  }

  private async confirmation(user: CurrentUser, code: string, action: CampaignAction) {
    const campaign = await this.queries.byCode(user, code);
    const [tasks, left] = await Promise.all([this.queries.taskCount(campaign, user), this.queries.unfinished(campaign.id)]);
    return {
      ...headView(campaign, mayChange(user, campaign)),
      action,
      tasks,
      possible: allowedActions(campaign).includes(action),
      left,
    };
  }
}

/** All are all; a state is one of the campaigns that end, for the standing ones run on. */
function listedBy({ state }: CampaignListForm): Pick<CampaignFilter, 'state' | 'standing'> {
  if (state === 'standing') return { standing: true };
  return state === undefined ? { standing: 'any' } : { state };
}
