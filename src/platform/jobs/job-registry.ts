import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { declaredJobs, type Job, type JobOptions, makeJob } from './define-job.js';
import { type Duty, dutiesOf } from './job-handler.js';
import { dailySlot, minuteSlot } from './slots.policy.js';

export interface SlotPayload {
  slot: string;
}

export interface Schedule {
  readonly job: Job<SlotPayload>;
  /** Every minute: a slot is left out while the one before is unfinished. */
  readonly skipsWhileBusy: boolean;
  readonly slotAt: (now: Date) => Date | undefined;
}

type Method = (payload: unknown) => Promise<void>;
export interface Handler {
  job: Job<object>;
  run: (payload: object) => Promise<void>;
}
interface Found {
  duty: Duty;
  call: Method;
}

/** Who handles what, collected from the decorators at boot. A fault in the wiring stops the boot and names the job. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly handlers = new Map<string, Handler>();
  private readonly subscribers = new Map<string, Job<object>[]>();
  private readonly scheduled: Schedule[] = [];
  private readonly faults: string[] = [];
  private collected = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    this.collect();
    for (const job of declaredJobs()) if (!this.handlers.has(job.name)) this.faults.push(`job ${job.name} has no handler`);
    if (this.faults.length > 0) throw new Error(`The jobs are not wired: ${this.faults.join('; ')}`);
  }

  jobs(): readonly Job<object>[] {
    return [...this.collect().handlers.values()].map((handler) => handler.job);
  }

  handlerOf(name: string): Handler | undefined {
    return this.collect().handlers.get(name);
  }

  subscribersOf(event: string): readonly Job<object>[] {
    return this.collect().subscribers.get(event) ?? [];
  }

  schedules(): readonly Schedule[] {
    return this.collect().scheduled;
  }

  /** On first use, not in a hook: another module's hook may announce an event before ours has run. */
  private collect(): this {
    if (this.collected) return this;
    this.collected = true;
    for (const found of this.find()) this.take(found);
    return this;
  }

  private find(): Found[] {
    const instances = new Set<object>();
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
      if (typeof instance === 'object' && instance !== null) instances.add(instance);
    }
    return [...instances].flatMap((instance) => this.dutiesIn(instance));
  }

  private dutiesIn(instance: object): Found[] {
    const prototype = Object.getPrototypeOf(instance) as Record<string, Method> | null;
    if (!prototype || prototype === Object.prototype) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = prototype[name];
      if (typeof method !== 'function') return [];
      return dutiesOf(method).map((duty) => ({ duty, call: (payload) => method.call(instance, payload) }));
    });
  }

  private take({ duty, call }: Found): void {
    if (duty.kind === 'job') return this.register(duty.job, call);
    if (duty.kind === 'event') {
      const job = makeJob(duty.subscriber, { attempts: 10, ...duty.options });
      this.subscribers.set(duty.event, [...(this.subscribers.get(duty.event) ?? []), job]);
      return this.register(job, call);
    }
    this.schedule(duty, call);
  }

  private schedule(duty: Extract<Duty, { kind: 'every-minute' | 'daily' }>, call: Method): void {
    const patience: JobOptions = duty.kind === 'daily' ? { backoffSeconds: 60 } : { attempts: 3 };
    const job = makeJob<SlotPayload>(duty.name, { ...patience, ...duty.options, concurrency: 1 });
    const slotAt = duty.kind === 'daily' ? (now: Date) => dailySlot(now, duty.time) : minuteSlot;
    this.scheduled.push({ job, skipsWhileBusy: duty.kind === 'every-minute', slotAt });
    this.register(job, (payload) => call(new Date((payload as SlotPayload).slot)));
  }

  private register(job: Job<object>, run: Method): void {
    if (this.handlers.has(job.name)) this.faults.push(`job ${job.name} has two handlers`);
    this.handlers.set(job.name, { job, run });
  }
}
