import { Injectable } from '@nestjs/common';
import type { Queryable } from '../database/database.js';
import type { EventType } from './define-event.js';
import { JobRegistry } from './job-registry.js';
import { Outbox } from './outbox.js';

/** Announces what has happened: one outbox row a subscriber in the caller's transaction, none without subscribers. */
@Injectable()
export class Events {
  constructor(
    private readonly registry: JobRegistry,
    private readonly outbox: Outbox,
  ) {}

  async publish<P extends object>(tx: Queryable, event: EventType<P>, payload: P): Promise<void> {
    for (const job of this.registry.subscribersOf(event.name)) await this.outbox.add(tx, job, payload);
  }
}
