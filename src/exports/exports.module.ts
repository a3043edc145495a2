import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Chrome } from '../platform/http/chrome.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { AuditExport } from './audit.exports.js';
import { ExportDecisionsCommands } from './export-decisions.commands.js';
import { ExportExpiry } from './export-expiry.js';
import { ExportFilesCommands } from './export-files.commands.js';
import { EXPORT_FOLDER } from './export-folder.js';
import { ExportOpening } from './export-opening.js';
import { ExportOutcomeCommands } from './export-outcome.commands.js';
import { ExportRegistry } from './export-registry.js';
import { ExportRun } from './export-run.js';
import { ExportSettingsCommands } from './export-settings.commands.js';
import { ExportSettingsPagesController } from './export-settings.pages.controller.js';
import { ExportWriter } from './export-writer.js';
import { ExportsApiController } from './exports.api.controller.js';
import { ExportsCommands } from './exports.commands.js';
import { ExportsJobs } from './exports.jobs.js';
import { ExportsPagesController } from './exports.pages.controller.js';
import { ExportsQueries, mayDecide } from './exports.queries.js';

/** Files people take out. It knows no table by name: modules declare theirs (exports.types.ts). */
@Module({})
export class ExportsModule implements OnModuleInit {
  constructor(
    private readonly chrome: Chrome,
    private readonly queries: ExportsQueries,
  ) {}

  /** @param folder where made files lie until they expire */
  static register(folder: string): DynamicModule {
    return {
      module: ExportsModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [ExportSettingsPagesController, ExportsPagesController, ExportsApiController],
      providers: [
        AuditExport,
        ExportDecisionsCommands,
        ExportExpiry,
        ExportFilesCommands,
        ExportOpening,
        ExportOutcomeCommands,
        ExportRegistry,
        ExportRun,
        ExportSettingsCommands,
        ExportWriter,
        ExportsCommands,
        ExportsJobs,
        ExportsQueries,
        { provide: EXPORT_FOLDER, useValue: folder },
      ],
      exports: [ExportsCommands],
    };
  }

  onModuleInit(): void {
    this.chrome.add(async ({ viewer }) => {
      if (!viewer || !mayDecide(viewer as CurrentUser)) return {};
      return { badges: { exports: await this.queries.waitingCount(viewer as CurrentUser) } };
    });
  }
}
