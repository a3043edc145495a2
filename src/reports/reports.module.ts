import { Module, type OnModuleInit } from '@nestjs/common';
import { Chrome } from '../platform/http/chrome.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { StaffModule } from '../staff/staff.module.js';
import { BandQueries } from './band.queries.js';
import { BandFigures } from './band/band-figures.js';
import { BandFactsQueries } from './band/band-facts.queries.js';
import { UsualCountsQueries } from './band/usual-counts.queries.js';
import { BreachesApiController } from './band/breaches.api.controller.js';
import { BreachesExport } from './band/breaches.exports.js';
import { BreachesPagesController } from './band/breaches.pages.controller.js';
import { BreachesQueries } from './band/breaches.queries.js';
import { WatchCommands } from './band/watch.commands.js';
import { WatchJobs } from './band/watch.jobs.js';
import { BulletinContents } from './bulletins/bulletin-content.queries.js';
import { BulletinSchedule } from './bulletins/bulletin-schedule.commands.js';
import { BulletinEnds } from './bulletins/bulletin-ends.commands.js';
import { BulletinSending } from './bulletins/bulletin-sending.commands.js';
import { BulletinTargets } from './bulletins/bulletin-targets.js';
import { BulletinsApiController } from './bulletins/bulletins.api.controller.js';
import { BulletinsCommands } from './bulletins/bulletins.commands.js';
import { BulletinsJobs } from './bulletins/bulletins.jobs.js';
import { BulletinsPagesController } from './bulletins/bulletins.pages.controller.js';
import { BulletinsQueries } from './bulletins/bulletins.queries.js';
import { CoverageExport, CoverageRowsExport } from './coverage/coverage.exports.js';
import { FunnelExport, FunnelRowsExport } from './funnel.exports.js';
import { FunnelReports } from './funnel-reports.queries.js';
import { FunnelQueries } from './funnel.queries.js';
import { LiveApiController } from './live/live.api.controller.js';
import { LiveBoards } from './live/live-board.queries.js';
import { LivePagesController } from './live/live.pages.controller.js';
import { LiveQueries } from './live/live.queries.js';
import { MonthlyExport } from './monthly/monthly.exports.js';
import { MonthlyPagesController } from './monthly/monthly.pages.controller.js';
import { ProductivityApiController } from './productivity/productivity.api.controller.js';
import { ProductivityExport, ProductivityRowsExport } from './productivity/productivity.exports.js';
import { ProductivityPagesController } from './productivity/productivity.pages.controller.js';
import { ProductivityQueries } from './productivity/productivity.queries.js';
import { DialCostCommands } from './providers/dial-cost.commands.js';
import { ProvidersApiController } from './providers/providers.api.controller.js';
import { ProviderReturnsExport, ProvidersExport } from './providers/providers.exports.js';
import { ProvidersPagesController } from './providers/providers.pages.controller.js';
import { ProviderRowsQueries } from './providers/provider-rows.queries.js';
import { ProvidersQueries } from './providers/providers.queries.js';
import { ReportsApiController } from './reports.api.controller.js';
import { CoveragePagesController } from './coverage/coverage.pages.controller.js';
import { ReportsPagesController } from './reports.pages.controller.js';
import { RollupsCommands } from './rollups.commands.js';
import { RollupsJobs } from './rollups.jobs.js';
import { WaveRowsPagesController } from './wave-rows.pages.controller.js';
import { TimelineApiController } from './timeline/timeline.api.controller.js';
import { TimelinePagesController } from './timeline/timeline.pages.controller.js';
import { TimelineQueries } from './timeline/timeline.queries.js';
import { UnmatchedApiController } from './switch/unmatched.api.controller.js';
import { UnmatchedExport } from './switch/unmatched.exports.js';
import { UnmatchedPagesController } from './switch/unmatched.pages.controller.js';
import { UnmatchedQueries } from './switch/unmatched.queries.js';
import { VisitsQueries } from './coverage/visits.queries.js';

/** Figures of everything, read through views alone. */
@Module({
  imports: [StaffModule],
  controllers: [
    BreachesApiController,
    BreachesPagesController,
    BulletinsApiController,
    BulletinsPagesController,
    LiveApiController,
    LivePagesController,
    MonthlyPagesController,
    ProductivityApiController,
    ProductivityPagesController,
    ProvidersApiController,
    ProvidersPagesController,
    ReportsApiController,
    ReportsPagesController,
    CoveragePagesController,
    TimelineApiController,
    TimelinePagesController,
    WaveRowsPagesController,
    UnmatchedApiController,
    UnmatchedPagesController,
  ],
  providers: [
    FunnelQueries,
    FunnelReports,
    BandQueries,
    BandFactsQueries,
    UsualCountsQueries,
    BandFigures,
    BreachesExport,
    BreachesQueries,
    BulletinContents,
    BulletinEnds,
    BulletinSchedule,
    BulletinSending,
    BulletinTargets,
    BulletinsCommands,
    BulletinsJobs,
    BulletinsQueries,
    LiveBoards,
    LiveQueries,
    MonthlyExport,
    ProductivityExport,
    ProductivityQueries,
    ProductivityRowsExport,
    ProviderReturnsExport,
    ProvidersExport,
    ProvidersQueries,
    ProviderRowsQueries,
    DialCostCommands,
    RollupsCommands,
    RollupsJobs,
    WatchCommands,
    WatchJobs,
    VisitsQueries,
    TimelineQueries,
    UnmatchedQueries,
    FunnelExport,
    FunnelRowsExport,
    CoverageExport,
    CoverageRowsExport,
    UnmatchedExport,
  ],
  exports: [FunnelQueries, WatchCommands],
})
export class ReportsModule implements OnModuleInit {
  constructor(
    private readonly chrome: Chrome,
    private readonly breaches: BreachesQueries,
  ) {}

  /** The rail says of how many breaches somebody was told that they have not looked at. */
  onModuleInit(): void {
    this.chrome.add(async ({ viewer }) => {
      if (viewer?.role !== 'supervisor') return {};
      return { badges: { live: await this.breaches.unread((viewer as CurrentUser).id) } };
    });
  }
}
