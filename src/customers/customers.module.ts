import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoamingFeed, StarChangesFeed } from './changes.feeds.js';
import { CustomerEntity } from './customer.entity.js';
import { CustomersApiController } from './customers.api.controller.js';
import { CustomersCommands } from './customers.commands.js';
import { CustomersExport } from './customers.exports.js';
import { CustomersFeed } from './customers.feeds.js';
import { CustomersJobs } from './customers.jobs.js';
import { CustomersPagesController } from './customers.pages.controller.js';
import { CustomersQueries } from './customers.queries.js';
import { LinesQueries } from './lines/lines.queries.js';
import { ProfileBook } from './profile/profile-book.commands.js';
import { ProfilePagesController } from './profile/profile.pages.controller.js';
import { StarRightsQueries } from './rights/star-rights.queries.js';
import { InitialsCommands } from './search/initials.commands.js';
import { UsageApiController } from './usage/usage.api.controller.js';
import { UsagePagesController } from './usage/usage.pages.controller.js';
import { UsageQueries } from './usage/usage.queries.js';
import { BillsFeed, UsageFeed } from './usage.feeds.js';

/** Customers and their lines. */
@Module({
  imports: [TypeOrmModule.forFeature([CustomerEntity])],
  controllers: [CustomersApiController, CustomersPagesController, ProfilePagesController, UsageApiController, UsagePagesController],
  providers: [
    CustomersQueries,
    CustomersCommands,
    CustomersJobs,
    InitialsCommands,
    LinesQueries,
    ProfileBook,
    StarRightsQueries,
    UsageQueries,
    CustomersExport,
    CustomersFeed,
    StarChangesFeed,
    RoamingFeed,
    UsageFeed,
    BillsFeed,
  ],
  exports: [CustomersQueries, CustomersCommands, InitialsCommands],
})
export class CustomersModule {}
