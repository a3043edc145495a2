import { Injectable } from '@nestjs/common';
import { defineJob } from '../platform/jobs/define-job.js';
import { HandlesJob } from '../platform/jobs/job-handler.js';
import { ImportRun } from './import-run.js';

export interface RunImport {
  importId: string;
}

export const runImport = defineJob<RunImport>('feeds.run-import', { attempts: 5, backoffSeconds: 5, concurrency: 2, leaseSeconds: 60 });

@Injectable()
export class ImportsJobs {
  constructor(private readonly importRun: ImportRun) {}

  @HandlesJob(runImport)
  async run({ importId }: RunImport): Promise<void> {
    await this.importRun.run(importId);
  }
}
