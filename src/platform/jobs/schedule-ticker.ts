import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../database/database.js';
import { sql } from '../database/sql.js';
import { keptMessage } from './failure.policy.js';
import { JobRegistry, type Schedule } from './job-registry.js';
import { Leases } from './leases.js';
import { Outbox } from './outbox.js';
import { minuteSlot } from './slots.policy.js';

const FIRING = 7_202_003; // advisory lock: one process looks at the slots at a time

/**
 * Turns slots of the Clock into outbox rows, each once over all processes: from there on a schedule is a job like any other.
 * It looks six times a minute because the Clock's minutes need not begin with the machine's.
 */
@Injectable()
export class ScheduleTicker implements OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private readonly seen = new Map<string, number>();
  private minute = 0;
  private busy = false;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
    private readonly outbox: Outbox,
    private readonly leases: Leases,
  ) {}

  onModuleDestroy(): void {
    this.stopped = true;
  }

  @Cron('*/10 * * * * *')
  async onCron(): Promise<void> {
    if (this.busy || this.stopped) return;
    this.busy = true;
    await this.tick().catch((error: unknown) => this.logger.warn(`a schedule could not be read: ${keptMessage(error)}`));
    this.busy = false;
  }

  /** Enqueues every slot that has come and was not enqueued before. */
  async tick(): Promise<void> {
    const now = this.clock.now();
    await this.lookBack(now);
    for (const schedule of this.registry.schedules()) {
      const slot = schedule.slotAt(now);
      if (!slot || this.seen.get(schedule.job.name) === slot.getTime()) continue;
      await this.db.tx((tx) => this.fire(tx, schedule, slot));
      this.seen.set(schedule.job.name, slot.getTime());
    }
  }

  /** Once a minute: what was left while the Clock ran ahead. */
  private async lookBack(now: Date): Promise<void> {
    const minute = minuteSlot(now).getTime();
    if (minute === this.minute) return;
    const freed = await this.leases.pullBack();
    if (freed > 0) this.logger.warn(`the clock ran ahead and was set back: ${freed} jobs of that time go on now`);
    this.minute = minute;
  }

  private async fire(tx: Tx, schedule: Schedule, slot: Date): Promise<void> {
    const { name } = schedule.job;
    await tx.run(sql`select pg_advisory_xact_lock(${FIRING})`);
    const isNew = await tx.run(sql`insert into platform.schedule_run (name, slot) values (${name}, ${slot}) on conflict do nothing`);
    if (isNew === 0) return;
    await tx.run(sql`delete from platform.schedule_run where name = ${name} and slot < ${slot} and fired_at < now() - interval '2 days'`);
    if (schedule.skipsWhileBusy && (await this.isPending(tx, name))) return;
    await this.outbox.add(tx, schedule.job, { slot: slot.toISOString() });
  }

  /** Also drops the schedule's older dead letters: a minute that failed is made good by the next one, one letter tells enough. */
  private async isPending(tx: Tx, job: string): Promise<boolean> {
    await tx.run(sql`
      delete from platform.outbox where job = ${job} and dead_at is not null
        and id < (select max(id) from platform.outbox where job = ${job} and dead_at is not null)`);
    const { pending } = await tx.one<{ pending: boolean }>(
      sql`select exists (select from platform.outbox where job = ${job} and dead_at is null) as pending`,
    );
    return pending;
  }
}
