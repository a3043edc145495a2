import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoamingFeed, StarChangesFeed } from './changes.feeds.js';
import { StarChangesCommands } from './star-changes.commands.js';
import { CustomerEntity } from './customer.entity.js';
import { CustomersApiController } from './customers.api.controller.js';
import { CustomersCommands } from './customers.commands.js';
import { CustomersExport } from './customers.exports.js';
import { CustomersFeed } from './customers.feeds.js';
import { CustomersJobs } from './customers.jobs.js';
import { CustomersPagesController } from './customers.pages.controller.js';
import { CustomersQueries } from './customers.queries.js';
import { IdCardApiController } from './id-card/id-card.api.controller.js';
import { IdCardCommands } from './id-card/id-card.commands.js';
import { IdCardPagesController } from './id-card/id-card.pages.controller.js';
import { IdCardQueries } from './id-card/id-card.queries.js';
import { LinesQueries } from './lines/lines.queries.js';
import { BelowPersonalData } from './personal-data/below-personal-data.commands.js';
import { CustomersPersonalData } from './personal-data/customers-personal-data.commands.js';
import { PersonalDataApiController } from './personal-data/personal-data.api.controller.js';
import { PersonalDataCommands } from './personal-data/personal-data.commands.js';
import { PersonalDataPagesController } from './personal-data/personal-data.pages.controller.js';
import { PersonalDataRegistry } from './personal-data/personal-data-registry.js';
import { ProfileBook } from './profile/profile-book.commands.js';
import { LearningCommands } from './profile/learning.commands.js';
import { ProfilePagesController } from './profile/profile.pages.controller.js';
import { StarRightsApiController } from './rights/star-rights.api.controller.js';
import { StarRightsCommands } from './rights/star-rights.commands.js';
import { StarRightsPagesController } from './rights/star-rights.pages.controller.js';
import { StarRightsQueries } from './rights/star-rights.queries.js';
import { InitialsCommands } from './search/initials.commands.js';
import { CustomerSettingsApiController } from './settings/customer-settings.api.controller.js';
import { CustomerSettingsCommands } from './settings/customer-settings.commands.js';
import { CustomerSettingsPagesController } from './settings/customer-settings.pages.controller.js';
import { CustomerSettingsQueries } from './settings/customer-settings.queries.js';
import { UsageApiController } from './usage/usage.api.controller.js';
import { UsagePagesController } from './usage/usage.pages.controller.js';
import { RoamingDetails } from './usage/roaming-details.commands.js';
import { UsageQueries } from './usage/usage.queries.js';
import { BillsFeed, UsageFeed } from './usage.feeds.js';

/** Customers and their lines. */
@Module({
  imports: [DiscoveryModule, TypeOrmModule.forFeature([CustomerEntity])],
  controllers: [
    CustomerSettingsApiController,
    CustomerSettingsPagesController,
    CustomersApiController,
    CustomersPagesController,
    IdCardApiController,
    IdCardPagesController,
    PersonalDataApiController,
    PersonalDataPagesController,
    ProfilePagesController,
    StarRightsApiController,
    StarRightsPagesController,
    UsageApiController,
    UsagePagesController,
  ],
  providers: [
    CustomersQueries,
    CustomersCommands,
    CustomersJobs,
    CustomerSettingsCommands,
    CustomerSettingsQueries,
    IdCardCommands,
    IdCardQueries,
    InitialsCommands,
    LearningCommands,
    LinesQueries,
    BelowPersonalData,
    CustomersPersonalData,
    PersonalDataCommands,
    PersonalDataRegistry,
    ProfileBook,
    RoamingDetails,
    StarRightsCommands,
    StarRightsQueries,
    UsageQueries,
    CustomersExport,
    CustomersFeed,
    StarChangesCommands,
    StarChangesFeed,
    RoamingFeed,
    UsageFeed,
    BillsFeed,
  ],
  exports: [CustomersQueries, CustomersCommands, InitialsCommands, LearningCommands, RoamingDetails],
})
export class CustomersModule {}
