import { Module } from '@nestjs/common';
import { SegmentsApiController } from './segments.api.controller.js';
import { SegmentsCommands } from './segments.commands.js';
import { SegmentFeed } from './segments.feeds.js';
import { SegmentsPagesController } from './segments.pages.controller.js';
import { SegmentsQueries } from './segments.queries.js';

/** Target segments: uploaded lists of lines, and filters over customers. */
@Module({
  controllers: [SegmentsApiController, SegmentsPagesController],
  providers: [SegmentsQueries, SegmentsCommands, SegmentFeed],
  exports: [SegmentsQueries, SegmentsCommands],
})
export class SegmentsModule {}
