import { type DynamicModule, Module } from '@nestjs/common';
import { join } from 'node:path';
import { CallsModule } from './calls/calls.module.js';
import { CtiSettingsModule } from './calls/cti/cti-settings.module.js';
import { CampaignsModule } from './campaigns/campaigns.module.js';
import { CareModule } from './care/care.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { CalendarModule } from './calendar/calendar.module.js';
import { ContactModule } from './contact/contact.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { FeedsModule } from './feeds/feeds.module.js';
import { DemoModule } from './demo/demo.module.js';
import type { Clock } from './kernel/clock.js';
import { ClockModule } from './platform/clock/clock.module.js';
import type { Config } from './platform/config/config.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { MonthsModule } from './platform/months/months.module.js';
import { MessagingModule } from './messaging/messaging.module.js';
import { OutgoingModule } from './platform/outgoing/outgoing.module.js';
import { OffersModule } from './offers/offers.module.js';
import { PeopleModule } from './people/people.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { SealingModule } from './platform/sealing/sealing.module.js';
import { SegmentsModule } from './segments/segments.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { SsoSettingsModule } from './staff/sso/sso-settings.module.js';
import { StaffModule } from './staff/staff.module.js';
import { TicketsModule } from './tickets/tickets.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

export interface AppParts {
  config: Config;
  /** The database to use: the embedded one's address, or DATABASE_URL. */
  databaseUrl: string;
  clock: Clock;
  /** false: jobs and schedules wait to be asked, as tests do. Default true. */
  autoStart?: boolean;
  /** Connections to the database; default: as many as one process uses. */
  poolSize?: number;
}

/** The modules of StarCare, from the ground up. */
@Module({})
export class AppModule {
  static register({ config, databaseUrl, clock, autoStart = true, poolSize }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ClockModule.register(clock),
        DatabaseModule.register(databaseUrl, poolSize, config.reportsDatabaseUrl),
        JobsModule.register({ role: config.role, redisUrl: config.redisUrl, autoStart }),
        SealingModule.register(config.sealKeys),
        MonthsModule.register({
          tablespace: config.archiveTablespace,
          afterMonths: config.archiveAfterMonths,
          keepMessages: config.messagesKeepMonths,
          folder: join(config.dataDir, 'archive'),
        }),
        OutgoingModule.register(config.outgoingAllow),
        HttpModule.register(config.root),
        SsoSettingsModule.register(config.oidc),
        StaffModule,
        ExportsModule.register(join(config.dataDir, 'exports')),
        FeedsModule.register(join(config.dataDir, 'uploads'), config.unpackedLimit),
        CalendarModule,
        OffersModule,
        PeopleModule,
        ContactModule,
        CustomersModule,
        SegmentsModule,
        MessagingModule,
        ReportsModule,
        CampaignsModule,
        CtiSettingsModule.register(config.cti),
        CallsModule,
        CareModule,
        TicketsModule,
        RetentionModule,
        WebhooksModule,
        ...(config.demo ? [DemoModule] : []),
      ],
    };
  }
}
