import { Module } from '@nestjs/common';
import { StaffModule } from '../staff/staff.module.js';
import { BandQueries } from './band.queries.js';
import { ExportsCommands } from './exports.commands.js';
import { ExportsController } from './exports.controller.js';
import { FunnelQueries } from './funnel.queries.js';
import { ReportsApiController } from './reports.api.controller.js';
import { CoveragePagesController } from './coverage.pages.controller.js';
import { ReportsPagesController } from './reports.pages.controller.js';
import { VisitsQueries } from './visits.queries.js';

/** Figures of everything, read through views alone. */
@Module({
  imports: [StaffModule],
  controllers: [ReportsApiController, ReportsPagesController, CoveragePagesController, ExportsController],
  providers: [FunnelQueries, BandQueries, VisitsQueries, ExportsCommands],
  exports: [FunnelQueries],
})
export class ReportsModule {}
