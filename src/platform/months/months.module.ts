import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MonthArchive } from './month-archive.commands.js';
import { MonthFiles } from './month-files.js';
import { MonthMover } from './month-mover.commands.js';
import { MONTHS_OPTIONS, type MonthsOptions } from './months-options.js';
import { MonthsQueries } from './months.queries.js';

/** Old months of tables that lie in partitions of a month: to another tablespace, or to a file. It knows no table by name. */
@Global()
@Module({})
export class MonthsModule {
  static register(options: MonthsOptions): DynamicModule {
    const settings = { provide: MONTHS_OPTIONS, useValue: options };
    return {
      module: MonthsModule,
      providers: [settings, MonthsQueries, MonthMover, MonthFiles, MonthArchive],
      exports: [settings, MonthsQueries, MonthMover, MonthFiles, MonthArchive],
    };
  }
}
