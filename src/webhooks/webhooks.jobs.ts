import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { DailyAt, HandlesJob, OnEvent } from '../platform/jobs/job-handler.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { DeliveriesCommands } from './deliveries.commands.js';
import { EndpointsCommands } from './endpoints.commands.js';
import { WebhookSending } from './sending.commands.js';
import { WEBHOOK_EVENTS } from './webhook-events.js';
import { DeliverWebhook, resealWebhooks } from './webhooks.events.js';

@Injectable()
export class WebhooksJobs implements OnApplicationBootstrap {
  constructor(
    readonly deliveries: DeliveriesCommands,
    private readonly sending: WebhookSending,
    private readonly endpoints: EndpointsCommands,
    private readonly db: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Sealing keys are read at the start, so this is when a rotation of theirs shows. */
  async onApplicationBootstrap(): Promise<void> {
    if (await this.endpoints.hasOldSeals()) await this.outbox.add(this.db, resealWebhooks, {});
  }

  @HandlesJob(resealWebhooks)
  async reseal(): Promise<void> {
    await this.endpoints.reseal();
  }

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
