import { Injectable } from '@nestjs/common';
import { defineJob } from '../platform/jobs/define-job.js';
import { EveryMinute, HandlesJob } from '../platform/jobs/job-handler.js';
import { ExportExpiry } from './export-expiry.js';
import { ExportRun } from './export-run.js';

export interface MakeExport {
  exportId: string;
}

export const makeExport = defineJob<MakeExport>('exports.make', { attempts: 4, backoffSeconds: 10, concurrency: 2, leaseSeconds: 60 });

@Injectable()
export class ExportsJobs {
  constructor(
    private readonly run: ExportRun,
    private readonly expiry: ExportExpiry,
  ) {}

  @HandlesJob(makeExport)
  async make({ exportId }: MakeExport): Promise<void> {
    await this.run.make(exportId);
  }

  @EveryMinute('exports.expire')
  async expire(): Promise<void> {
    await this.expiry.sweep();
  }
}
