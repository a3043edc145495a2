import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AudienceQueries } from '../audience.queries.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { audienceView } from '../campaigns.views.js';
import { WAVE_RESULTS } from '../waves/wave.types.js';
import { audienceFilter, audienceValues, exclusionFilter, isExclusionWritten, isWritten, typedAudience } from './audience-form.views.js';
import { Previews } from './preview.queries.js';
import { AudienceBoxes } from './audience-boxes.queries.js';
import { AudienceForm } from './wizard.forms.js';
import { following, stepsView } from './wizard.views.js';

type FormBody = Record<string, unknown>;
const VIEW = 'campaigns/edit-audience';
const RESULT = 'campaigns/audience-result';

/** Who is called: a segment, a filter or both, and at once who falls out and why. */
@ApiExcludeController()
@Controller('campaigns/:code/edit/audience')
@Roles('planner')
export class AudiencePagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly audience: AudienceQueries,
    private readonly boxes: AudienceBoxes,
    private readonly previews: Previews,
    private readonly forms: Forms,
  ) {}

  /** Large figures follow the page: it asks for them with `count`, and without JavaScript a link does. */
  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query('count') count: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const figures = campaign.frozenAt
      ? { result: audienceView(await this.audience.frozen(campaign.id)) }
      : await this.previews.soon(campaign, count !== undefined);
    await reply.view(VIEW, { ...(await this.page(user, campaign, audienceValues(campaign))), ...figures });
  }

  @Post()
  async save(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const again = async () => ({ ...(await this.page(user, campaign, typedAudience(body))), ...(await this.previews.soon(campaign, false)) });
    await this.forms.answer(reply, { view: VIEW, context: again }, async () => {
      const form = await this.boxes.readIn(user, await readForm(AudienceForm, body));
      const { waveTake, mostTogether, ...typed } = await this.typed(user, campaign, form);
      const { segmentId, filter, holdoutPercent, excludeSegmentIds, excludeFilter } = typed;
      const patch = {
        segmentId,
        filter,
        holdoutPercent,
        excludeSegmentIds,
        excludeFilter,
        ...(campaign.waveOf === null ? {} : { waveTake, mostTogether }),
      };
      if (campaign.waveOf !== null && waveTake.length === 0) throw new DomainError('wave_takes_nobody', { param: 'take' });
      if (campaign.state === 'draft') await this.commands.edit(user, code, patch, form.version);
      return following(code, 'audience', body.then);
    });
  }

  /** The figures for what is typed, without saving it. */
  @Post('preview')
  async preview(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    const form = await readForm(AudienceForm, body);
    try {
      const typed = await this.typed(user, campaign, await this.boxes.readIn(user, form));
      await reply.view(RESULT, { campaign: typed, result: await this.previews.of(typed) }, { layout: false });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // half a name is no segment yet: in the place of the figures stands why there are none
      await reply.view(RESULT, { campaign, fault: { key: `error.${error.code}`, params: error.params } }, { layout: false });
    }
  }

  private async typed(user: CurrentUser, campaign: Campaign, form: AudienceForm): Promise<Campaign> {
    const segmentId = await this.commands.segmentId(user, form.segment);
    return {
      ...campaign,
      segmentId,
      filter: audienceFilter(form, campaign),
      holdoutPercent: form.holdoutPercent,
      excludeSegmentIds: await this.commands.segmentIds(user, form.exclude ?? []),
      excludeFilter: exclusionFilter(form, campaign),
      waveTake: form.take ?? [],
      mostTogether: form.mostTogether ?? null,
    };
  }

  private async page(user: CurrentUser, campaign: Campaign, chosen: Record<string, unknown>) {
    return {
      campaign,
      steps: stepsView(campaign, 'audience'),
      draft: campaign.state === 'draft',
      // a filter a program wrote: the boxes below cannot show it, and only what is ticked in them replaces it
      treeFilter: isWritten(campaign),
      excludeTree: isExclusionWritten(campaign),
      waveResults: WAVE_RESULTS,
      stars: [7, 6, 5, 4, 3, 2, 1, 0],
      chosen,
      ...(await this.boxes.of(user, chosen)),
    };
  }
}
