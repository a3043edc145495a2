import { Module } from '@nestjs/common';
import { SegmentsModule } from '../segments/segments.module.js';
import { ChurnIntentFeed, ChurnScoresFeed } from './churn.feeds.js';
import { ModelsApiController } from './model/models.api.controller.js';
import { ModelsCommands } from './model/models.commands.js';
import { ModelsQueries } from './model/models.queries.js';
import { ModelScoresExport } from './model/scores.exports.js';
import { ScoringCommands } from './model/scoring.commands.js';
import { ScoresQueries } from './model/scores.queries.js';
import { RetentionPersonalData } from './retention-personal-data.commands.js';

/** Customers who asked to leave or are likely to. */
@Module({
  imports: [SegmentsModule],
  controllers: [ModelsApiController],
  providers: [
    ChurnIntentFeed,
    ChurnScoresFeed,
    RetentionPersonalData,
    ModelsQueries,
    ModelsCommands,
    ScoresQueries,
    ScoringCommands,
    ModelScoresExport,
  ],
})
export class RetentionModule {}
