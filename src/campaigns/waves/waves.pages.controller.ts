import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { share } from '../../kernel/statistics.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries, mayChange } from '../campaigns.queries.js';
import { campaignUrl, headView, stateChip } from '../campaigns.views.js';
import { stepUrl } from '../wizard/wizard.views.js';
import { WAVE_RESULTS } from './wave.types.js';
import { Waves } from './waves.commands.js';
import { WaveForm } from './waves.forms.js';
import { type WaveFigures, type WaveRow, WavesQueries } from './waves.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'campaigns/show-waves';
/** What a planner most often goes back for. */
const USUAL = ['not_dialled', 'not_reached'];

const withShares = <T extends WaveFigures>(row: T) => ({
  ...row,
  connectRate: share(row.connected, row.attempts),
  reach: share(row.reached, row.dialled),
  conversion: share(row.converted, row.connected),
});

/** Where the rows behind each figure stand: the list, or the calls in the reports; of a rate those of its numerator. */
function rowsOf(base: string, list: string | undefined) {
  const calls = (metric: string): string => `${base}metric=${metric}#drill`;
  return {
    list,
    attempts: calls('attempts'),
    connected: calls('connected'),
    dialled: calls('customersAttempted'),
    reached: calls('customersReached'),
    converted: calls('converted'),
    succeeded: calls('ordersSucceeded'),
  };
}
const rowsOfWave = (code: string) => rowsOf(`/reports/funnel?campaign=${encodeURIComponent(code)}&`, `${campaignUrl(code)}/list`);
/** Nobody comes anew: the first wave's list is everybody's. */
const rowsOfAll = ([first]: readonly WaveRow[], { listed }: WaveFigures) => {
  const url = first && campaignUrl(first.code);
  return url && rowsOf(`/reports${url}/waves?`, first.listed === listed ? `${url}/list` : undefined);
};

/** The waves of a campaign, side by side and together, and the next one (R38). */
@ApiExcludeController()
@Controller('campaigns/:code/waves')
export class WavesPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly queries: WavesQueries,
    private readonly waves: Waves,
    private readonly forms: Forms,
  ) {}

  @Roles('planner', 'supervisor', 'client')
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, { ...(await this.page(user, code)), chosen: { take: USUAL, mostTogether: 6 } });
  }

  @Roles('planner')
  @Post()
  async add(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const chosen = { ...body, take: body.take === undefined ? [] : [body.take].flat() };
    const nobody = await this.nobodyIn(user, code, chosen.take);
    await this.forms.answer(reply, { view: VIEW, context: async () => ({ ...(await this.page(user, code)), chosen, nobody }) }, async () => {
      const form = await readForm(WaveForm, { take: body.take, mostTogether: body.mostTogether });
      if (nobody && body.sure === undefined) throw new DomainError('wave_nobody', { param: 'take' });
      const made = await this.waves.add(user, code, form);
      flash(reply.request, 'campaigns.done.wave', { wave: made.wave, code: made.code });
      return stepUrl(made.code, 'details');
    });
  }

  /** A draft whose list is empty is made only by who says so. */
  private async nobodyIn(user: CurrentUser, code: string, take: readonly unknown[]): Promise<boolean> {
    const takeable = await this.queries.takeable(await this.campaigns.toChange(user, code));
    return WAVE_RESULTS.every((result) => !take.includes(result) || takeable[result] === 0);
  }

  private async page(user: CurrentUser, code: string): Promise<object> {
    const campaign = await this.campaigns.byCode(user, code);
    const [{ waves, together }, tasks] = await Promise.all([this.queries.of(user, campaign), this.campaigns.taskCount(campaign, user)]);
    const mine = mayChange(user, campaign);
    const figuresOnly = user.role === 'client';
    const mayAdd = mine && !campaign.standing && !waves.some(({ state }) => state === 'draft' || state === 'scheduled');
    const takeable = mayAdd ? await this.queries.takeable(campaign) : null;
    return {
      ...headView(campaign, mine),
      tab: 'waves',
      tasks,
      figuresOnly,
      waves: waves.map((row) => ({
        ...withShares(row),
        href: campaignUrl(row.code),
        chip: stateChip(row.state),
        current: row.code === code,
        rows: figuresOnly ? undefined : rowsOfWave(row.code),
      })),
      together: { ...withShares(together), rows: figuresOnly ? undefined : rowsOfAll(waves, together) },
      several: waves.length > 1,
      results: WAVE_RESULTS.map((result) => ({ result, people: takeable?.[result] })),
      mayAdd,
    };
  }
}
