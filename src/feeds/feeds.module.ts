import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FeedRegistry } from './feed-registry.js';
import { ImportPages } from './import-pages.queries.js';
import { ImportRun } from './import-run.js';
import { ImportsApiController } from './imports.api.controller.js';
import { ImportsCommands } from './imports.commands.js';
import { ImportsJobs } from './imports.jobs.js';
import { ImportsPagesController } from './imports.pages.controller.js';
import { ImportsQueries } from './imports.queries.js';
import { LeftFiles } from './left-files.js';
import { RejectsExport } from './rejects.exports.js';
import { RejectsQueries } from './rejects.queries.js';
import { StoredFiles } from './stored-file.js';
import { UNPACKED_LIMIT, UPLOAD_FOLDER } from './uploads.js';

/** The import engine. It knows no feed by name: modules declare theirs (feeds.types.ts). */
@Module({})
export class FeedsModule {
  /** @param uploadFolder where files wait for their import @param unpackedLimit bytes a workbook may unpack to */
  static register(uploadFolder: string, unpackedLimit: number): DynamicModule {
    return {
      module: FeedsModule,
      imports: [DiscoveryModule],
      controllers: [ImportsApiController, ImportsPagesController],
      providers: [
        FeedRegistry,
        ImportsQueries,
        ImportsCommands,
        ImportRun,
        ImportsJobs,
        LeftFiles,
        StoredFiles,
        RejectsExport,
        RejectsQueries,
        ImportPages,
        { provide: UPLOAD_FOLDER, useValue: uploadFolder },
        { provide: UNPACKED_LIMIT, useValue: unpackedLimit },
      ],
    };
  }
}
