import { Module } from '@nestjs/common';
import { MembersExport } from './members.exports.js';
import { SegmentsApiController } from './segments.api.controller.js';
import { SegmentChoices } from './segment-choices.queries.js';
import { SegmentsCommands } from './segments.commands.js';
import { SegmentFeed } from './segments.feeds.js';
import { SegmentsJobs } from './segments.jobs.js';
import { SegmentsPagesController } from './segments.pages.controller.js';
import { FilterPagesController } from './filter.pages.controller.js';
import { FiltersQueries } from './filters.queries.js';
import { SegmentsPersonalData } from './segments-personal-data.commands.js';
import { SegmentsQueries } from './segments.queries.js';

/** Target segments: uploaded lists of lines, and filters over customers. */
@Module({
  controllers: [SegmentsApiController, FilterPagesController, SegmentsPagesController],
  providers: [SegmentsQueries, SegmentChoices, FiltersQueries, SegmentsCommands, SegmentFeed, SegmentsPersonalData, MembersExport, SegmentsJobs],
  exports: [SegmentsQueries, SegmentChoices, FiltersQueries, SegmentsCommands],
})
export class SegmentsModule {}
