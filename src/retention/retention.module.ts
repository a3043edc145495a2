import { Module } from '@nestjs/common';
import { ChurnIntentFeed, ChurnScoresFeed } from './churn.feeds.js';
import { RetentionPersonalData } from './retention-personal-data.commands.js';

/** Customers who asked to leave or are likely to. */
@Module({ providers: [ChurnIntentFeed, ChurnScoresFeed, RetentionPersonalData] })
export class RetentionModule {}
