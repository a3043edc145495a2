import { Injectable } from '@nestjs/common';
import { defineJob } from '../platform/jobs/define-job.js';
import { DailyAt, HandlesJob } from '../platform/jobs/job-handler.js';
import { ImportRun } from './import-run.js';
import { LeftFiles } from './left-files.js';

export interface RunImport {
  importId: string;
}

export const runImport = defineJob<RunImport>('feeds.run-import', { attempts: 5, backoffSeconds: 5, concurrency: 2, leaseSeconds: 60 });

@Injectable()
export class ImportsJobs {
  constructor(
    private readonly importRun: ImportRun,
    private readonly leftFiles: LeftFiles,
  ) {}

  @HandlesJob(runImport)
  async run({ importId }: RunImport): Promise<void> {
    await this.importRun.run(importId);
  }

  @DailyAt('04:10', 'feeds.sweep-left-files')
  async sweep(): Promise<void> {
    await this.leftFiles.sweep(performance.timeOrigin + performance.now());
  }
}
