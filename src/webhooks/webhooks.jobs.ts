import { Injectable } from '@nestjs/common';
import { DailyAt, HandlesJob, OnEvent } from '../platform/jobs/job-handler.js';
import { DeliveriesCommands } from './deliveries.commands.js';
import { WebhookSending } from './sending.commands.js';
import { WEBHOOK_EVENTS } from './webhook-events.js';
import { DeliverWebhook } from './webhooks.events.js';

@Injectable()
export class WebhooksJobs {
  constructor(
    readonly deliveries: DeliveriesCommands,
    private readonly sending: WebhookSending,
  ) {}

  @HandlesJob(DeliverWebhook)
  async deliver({ delivery }: { delivery: string }): Promise<void> {
    await this.sending.send(delivery);
  }

  @DailyAt('03:45', 'webhooks.forget-deliveries')
  async forget(): Promise<void> {
    await this.deliveries.forgetOld();
  }
}

// one subscriber an event of the list, as if each were written down above
for (const event of WEBHOOK_EVENTS) {
  const value = function (this: WebhooksJobs, payload: object): Promise<void> {
    return this.deliveries.spread(event, payload);
  };
  const descriptor = { value, configurable: true, enumerable: false, writable: true };
  OnEvent(event.on, `webhooks.${event.code}`)(WebhooksJobs.prototype, event.code, descriptor);
  Object.defineProperty(WebhooksJobs.prototype, event.code, descriptor);
}
