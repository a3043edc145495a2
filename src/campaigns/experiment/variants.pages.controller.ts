import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign, Variant } from '../campaigns.types.js';
import { StepForm, VariantForm } from '../wizard/wizard.forms.js';
import { WizardQueries } from '../wizard/wizard.queries.js';
import { stepUrl } from '../wizard/wizard.views.js';
import { armOf } from './experiment.views.js';
import { parseVariants, variantKey } from './variant.policy.js';

type FormBody = Record<string, unknown>;

/** Which scripts are tried besides the campaign's own, and on how many customers (CAM-10). */
@ApiExcludeController()
@Controller('campaigns/:code/edit/variants')
@Roles('planner')
export class VariantsPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly wizard: WizardQueries,
    private readonly forms: Forms,
  ) {}

  /** A new one begins as a copy of the own script: what is compared is what is changed in it. */
  @Post()
  async add(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await this.answer(reply, user, campaign, async () => {
      const { name, percent, version } = await readForm(VariantForm, body);
      const variants = [...campaign.variants, { name: name ?? '', percent, script: campaign.script }];
      await this.save(user, campaign, variants, version);
      return `${stepUrl(code, 'script')}?variant=${variantKey(variants.length)}`;
    });
  }

  @Post(':key')
  async change(
    @CurrentUser() user: CurrentUser,
    @Param() { code, key }: { code: string; key: string },
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await this.answer(reply, user, campaign, async () => {
      const chosen = armOf(campaign, key).key;
      const isOther = (_: Variant, index: number): boolean => variantKey(index + 1) !== chosen;
      if (body.remove) {
        const { version } = await readForm(StepForm, body);
        await this.save(user, campaign, campaign.variants.filter(isOther), version);
        return stepUrl(code, 'script');
      }
      const { name, percent, version } = await readForm(VariantForm, body);
      const changed = campaign.variants.map((one, index) => (isOther(one, index) ? one : { ...one, name: name ?? one.name, percent }));
      await this.save(user, campaign, changed, version);
      return `${stepUrl(code, 'script')}?variant=${chosen}`;
    });
  }

  private save(user: CurrentUser, campaign: Campaign, variants: Variant[], version: number | undefined): Promise<Campaign> {
    return this.commands.edit(user, campaign.code, { variants: parseVariants(variants) }, version);
  }

  private answer(reply: FastifyReply, user: CurrentUser, campaign: Campaign, deed: () => Promise<string>): Promise<void> {
    return this.forms.answer(reply, { view: 'campaigns/edit-script', context: () => this.wizard.scriptPage(user, campaign, {}) }, deed);
  }
}
