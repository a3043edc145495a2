import { Module } from '@nestjs/common';
import { ChurnIntentFeed, ChurnScoresFeed } from './churn.feeds.js';

/** Customers who asked to leave or are likely to. */
@Module({ providers: [ChurnIntentFeed, ChurnScoresFeed] })
export class RetentionModule {}
