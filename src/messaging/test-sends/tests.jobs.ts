import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../../platform/jobs/job-handler.js';
import { TestHandOver } from './test-hand-over.commands.js';

@Injectable()
export class TestJobs {
  constructor(private readonly handOver: TestHandOver) {}

  @EveryMinute('messaging.test-receipts')
  takeReceipts(): Promise<void> {
    return this.handOver.takeReceipts();
  }
}
