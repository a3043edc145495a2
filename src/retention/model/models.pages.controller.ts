import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { exportHref } from '../../exports/exports.types.js';
import { hrefOf } from './model-card.views.js';
import { ModelsCommands } from './models.commands.js';
import { ModelForm, ModelLookForm, ModelSegmentForm, ModelStartForm, ModelVersionForm } from './models.forms.js';
import { ModelsPage } from './models-page.queries.js';
import { ScoringCommands } from './scoring.commands.js';

type Posted = Record<string, string | string[] | undefined>;
const TRAINING = 'retention/model-training';
const CARD = 'retention/model';

/** Churn models: what there is, how good it is, training, and scores by it (RET-2). */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('retention')
export class ModelsPagesController {
  constructor(
    private readonly page: ModelsPage,
    private readonly commands: ModelsCommands,
    private readonly scoring: ScoringCommands,
    private readonly forms: Forms,
  ) {}

  @Get('models')
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('retention/models', await this.page.list(user));
  }

  @Roles('planner')
  @Get('model-training')
  async blank(@CurrentUser() user: CurrentUser, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(TRAINING, await this.page.training(user, await readForm(ModelStartForm, query)));
  }

  @Roles('planner')
  @Post('model-training')
  async train(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const exclude = [body.exclude ?? []].flat();
    const again = (): Promise<object> => this.page.training(user, { segment: String(body.segment ?? '') }, { exclude });
    await this.forms.answer(reply, { view: TRAINING, context: again }, async () => {
      const form = await readForm(ModelForm, { ...body, exclude });
      const segment = await this.page.segment(user, form.segment);
      const { code, version } = await this.commands.train(user, { ...form, segment: segment.code });
      flash(reply.request, 'retention.model.trained', { code, version });
      return hrefOf(code);
    });
  }

  @Get('models/:model')
  async show(@CurrentUser() user: CurrentUser, @Param('model') code: string, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    const { version } = await readForm(ModelLookForm, query);
    await reply.view(CARD, await this.page.card(user, code, { version }));
  }

  /** Puts an earlier version back in use. */
  @Roles('planner')
  @Post('models/:model/use')
  async use(@CurrentUser() user: CurrentUser, @Param('model') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: CARD, context: () => this.page.card(user, code) }, async () => {
      const { version } = await this.commands.use(user, code, (await readForm(ModelVersionForm, body)).version);
      flash(reply.request, 'retention.model.used', { code, version });
      return hrefOf(code);
    });
  }

  /** Keeps what the model says of a segment as the churn scores of today. */
  @Roles('planner')
  @Post('models/:model/apply')
  async apply(@CurrentUser() user: CurrentUser, @Param('model') model: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.scored(reply, { user, model, body }, async (segment) => {
      const count = await this.scoring.apply(user, { model, segment });
      flash(reply.request, 'retention.model.applied', { count, segment });
      return hrefOf(model);
    });
  }

  /** On to the file of the scores: what was typed for the segment is looked up here, where the form can come back. */
  @Roles('planner')
  @Post('models/:model/scores')
  async file(@CurrentUser() user: CurrentUser, @Param('model') model: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.scored(reply, { user, model, body }, (segment) => Promise.resolve(exportHref('model-scores', { model, segment, format: 'csv' })));
  }

  private async scored(
    reply: FastifyReply,
    { user, model, body }: { user: CurrentUser; model: string; body: Posted },
    deed: (segment: string) => Promise<string>,
  ): Promise<void> {
    const again = (): Promise<object> => this.page.card(user, model, { segment: String(body.segment ?? '') });
    await this.forms.answer(reply, { view: CARD, context: again }, async () => {
      const { segment } = await readForm(ModelSegmentForm, body);
      return deed((await this.page.segment(user, segment)).code);
    });
  }
}
