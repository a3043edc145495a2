import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsCommands } from '../campaigns.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { CampaignPatch } from '../campaign-edit.policy.js';
import type { Campaign, Variant } from '../campaigns.types.js';
import { scriptAsTyped, scriptFromForm } from '../script/script-form.policy.js';
import { ScriptFieldsQueries } from '../script/script-fields.queries.js';
import { StepForm, VariantForm } from '../wizard/wizard.forms.js';
import { WizardQueries } from '../wizard/wizard.queries.js';
import { stepUrl } from '../wizard/wizard.views.js';
import { armOf, withScript } from './experiment.views.js';
import { parseVariants, variantKey } from './variant.policy.js';

type FormBody = Record<string, unknown>;

const keyIn = ({ variant }: FormBody): string | undefined => (typeof variant === 'string' ? variant : undefined);

/** Which scripts are tried besides the campaign's own, and on how many customers (CAM-10). */
@ApiExcludeController()
@Controller('campaigns/:code/edit/variants')
@Roles('planner')
export class VariantsPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly wizard: WizardQueries,
    private readonly scripts: ScriptFieldsQueries,
    private readonly forms: Forms,
  ) {}

  /** A new one begins as a copy of the own script: what is compared is what is changed in it. */
  @Post()
  async add(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.toChange(user, code);
    await this.answer(reply, user, { campaign, body }, async () => {
      const { name, percent, version } = await readForm(VariantForm, body);
      const { script = campaign.script, variants: tried = campaign.variants } = await this.typedScript(campaign, body);
      const variants = [...tried, { name: name ?? '', percent, script }];
      await this.save(user, campaign, { script, variants }, version);
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
    await this.answer(reply, user, { campaign, body }, async () => {
      const chosen = armOf(campaign, key).key;
      const isOther = (_: Variant, index: number): boolean => variantKey(index + 1) !== chosen;
      const { script = campaign.script, variants = campaign.variants } = await this.typedScript(campaign, body);
      if (body.drop ?? body.remove) {
        const { version } = await readForm(StepForm, body);
        await this.save(user, campaign, { script, variants: variants.filter(isOther) }, version);
        return stepUrl(code, 'script');
      }
      const { name, percent, version } = await this.share(chosen, body);
      const changed = variants.map((one, index) => (isOther(one, index) ? one : { ...one, name: name ?? one.name, percent }));
      await this.save(user, campaign, { script, variants: changed }, version);
      return `${stepUrl(code, 'script')}?variant=${chosen}`;
    });
  }

  /** The script that stands in the form beside the buttons: what was typed into it is saved with whatever is pressed. */
  private async typedScript(campaign: Campaign, body: FormBody): Promise<CampaignPatch> {
    if (body.opening === undefined) return {};
    const script = scriptFromForm({ ...body, remove: undefined });
    await this.scripts.check(campaign, script);
    return withScript(campaign, keyIn(body), script);
  }

  /** Name and share of one row of the page; a form of its own calls them by their plain names. */
  private async share(key: string, body: FormBody): Promise<VariantForm> {
    const [name, percent] = [body[`name${key}`] ?? body.name, body[`percent${key}`] ?? body.percent];
    return readForm(VariantForm, { version: body.version, name, percent });
  }

  private save(
    user: CurrentUser,
    campaign: Campaign,
    { script, variants }: Pick<Campaign, 'script' | 'variants'>,
    version: number | undefined,
  ): Promise<Campaign> {
    return this.commands.edit(user, campaign.code, { script, variants: parseVariants(variants) }, version);
  }

  private answer(
    reply: FastifyReply,
    user: CurrentUser,
    { campaign, body }: { campaign: Campaign; body: FormBody },
    deed: () => Promise<string>,
  ): Promise<void> {
    const shown = body.opening === undefined ? {} : { variant: keyIn(body), typed: scriptAsTyped(body) };
    return this.forms.answer(reply, { view: 'campaigns/edit-script', context: () => this.wizard.scriptPage(user, campaign, shown) }, deed);
  }
}
