import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExportsCommands } from '../../exports/exports.commands.js';
import { Roles } from '../../platform/http/access.js';
import { sendFile } from '../../platform/http/send-file.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ModelsCommands } from './models.commands.js';
import { ModelForm, ModelScoresForm, ModelVersionForm } from './models.forms.js';
import { ModelsQueries } from './models.queries.js';
import { ScoringCommands } from './scoring.commands.js';
import { toItem, withWeights } from './models.views.js';

@Roles('planner', 'supervisor')
@Controller('api/v1/retention/models')
export class ModelsApiController {
  constructor(
    private readonly models: ModelsQueries,
    private readonly commands: ModelsCommands,
    private readonly scoring: ScoringCommands,
    private readonly exports: ExportsCommands,
  ) {}

  /** Trains a churn model from a labelled segment; judged by five folds it never saw. */
  @Roles('planner')
  @Post()
  async train(@CurrentUser() user: CurrentUser, @Body() form: ModelForm): Promise<ReturnType<typeof withWeights>> {
    return withWeights(await this.commands.train(user, form));
  }

  /** The versions in use. */
  @Get()
  async list(@CurrentUser() user: CurrentUser): Promise<{ items: ReturnType<typeof toItem>[] }> {
    return { items: (await this.models.list(user)).map(toItem) };
  }

  /** The card and weights of the version in use, and all versions. */
  @Get(':model')
  async byCode(@CurrentUser() user: CurrentUser, @Param('model') code: string): Promise<object> {
    const versions = await this.models.versions(user, code);
    return { ...withWeights(await this.models.inUse(user, code)), versions: versions.map(toItem) };
  }

  /** Puts an earlier version back in use. */
  @Roles('planner')
  @HttpCode(200)
  @Post(':model/use')
  async use(
    @CurrentUser() user: CurrentUser,
    @Param('model') code: string,
    @Body() { version }: ModelVersionForm,
  ): Promise<ReturnType<typeof toItem>> {
    return toItem(await this.commands.use(user, code, version));
  }

  /** Scores a segment's members and keeps it as their churn score of today, as the feed would: lists and filters go by it. */
  @Roles('planner')
  @HttpCode(200)
  @Post(':model/apply')
  async apply(@CurrentUser() user: CurrentUser, @Param('model') model: string, @Body() { segment }: ModelScoresForm): Promise<{ scored: number }> {
    return { scored: await this.scoring.apply(user, { model, segment }) };
  }

  /** CSV `phone,score,reasons` of a segment's members, as the feed `churn-scores` takes it. */
  @Roles('planner')
  @HttpCode(200)
  @Post(':model/scores')
  @ApiProduces('text/csv')
  async scores(
    @CurrentUser() user: CurrentUser,
    @Body() { segment }: ModelScoresForm,
    @Req() request: FastifyRequest<{ Params: { model: string } }>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = { model: request.params.model, segment };
    await sendFile(reply, await this.exports.handBack(user, { what: 'model-scores', format: 'csv', filter, strict: true, locale: request.locale }));
  }
}
