import { Module } from '@nestjs/common';
import { DeliveriesCommands } from './deliveries.commands.js';
import { EndpointTargets } from './endpoint-targets.js';
import { EndpointsCommands } from './endpoints.commands.js';
import { WebhookSending } from './sending.commands.js';
import { WebhooksApiController } from './webhooks.api.controller.js';
import { WebhooksJobs } from './webhooks.jobs.js';
import { WebhooksPagesController } from './webhooks.pages.controller.js';
import { WebhooksQueries } from './webhooks.queries.js';

/** Other systems are told what happens here. */
@Module({
  controllers: [WebhooksApiController, WebhooksPagesController],
  providers: [DeliveriesCommands, EndpointsCommands, EndpointTargets, WebhookSending, WebhooksJobs, WebhooksQueries],
})
export class WebhooksModule {}
