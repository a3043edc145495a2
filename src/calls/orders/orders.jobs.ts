import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../../platform/jobs/job-handler.js';
import { OrderConfirmations } from './order-confirmations.commands.js';

@Injectable()
export class OrdersJobs {
  constructor(private readonly confirmations: OrderConfirmations) {}

  /** What nobody confirmed in time is no order any more (CAM-9). */
  @EveryMinute('calls.expire-orders')
  async expire(now: Date): Promise<void> {
    await this.confirmations.expire(now);
  }
}
