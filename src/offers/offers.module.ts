import { Module } from '@nestjs/common';
import { OffersApiController } from './offers.api.controller.js';
import { OffersFeed } from './offers.feeds.js';
import { OffersPagesController } from './offers.pages.controller.js';
import { OffersQueries } from './offers.queries.js';

/** The tariff catalogue and what an option would cost. */
@Module({
  controllers: [OffersApiController, OffersPagesController],
  providers: [OffersQueries, OffersFeed],
  exports: [OffersQueries],
})
export class OffersModule {}
