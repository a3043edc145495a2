import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../calendar/calendar.queries.js';
import { Clock, SystemClock } from '../kernel/clock.js';
import { addDays, atTime, dayOf } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { demoResume, demoStart } from './demo-clock.policy.js';

interface KeptClock {
  offsetMs: number;
  lastShown: string;
}

const KEY = 'demo.clock';

/** The demo's own clock (ADR 7). A test's standing clock is left alone. */
@Injectable()
export class DemoClockCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: CalendarQueries,
  ) {}

  /** Goes on where the clock was before the last stop. */
  async resume(): Promise<void> {
    if (!(this.clock instanceof SystemClock)) return;
    const kept = await this.db.maybe<{ value: KeptClock }>(sql`select value from platform.fact where key = ${KEY}`);
    if (kept) this.clock.startAt(demoResume(this.clock.now(), kept.value.offsetMs, new Date(kept.value.lastShown)));
  }

  /** Outside calling hours: forward to 10:00 of the next working day. */
  async jumpIntoCallingHours(): Promise<void> {
    if (!(this.clock instanceof SystemClock)) return;
    const now = this.clock.now();
    const today = dayOf(now);
    const works = await this.calendar.isWorkingDay(today);
    const stillAhead = works && now < atTime(today, '10:00');
    const next = await this.calendar.nextWorkingDay(stillAhead ? addDays(today, -1) : today);
    this.clock.startAt(demoStart(now, works, next));
    await this.keep();
  }

  async keep(): Promise<void> {
    if (!(this.clock instanceof SystemClock)) return;
    const value: KeptClock = { offsetMs: this.clock.offset, lastShown: this.clock.now().toISOString() };
    await this.db.run(sql`
      insert into platform.fact (key, value) values (${KEY}, ${JSON.stringify(value)}::jsonb) on conflict (key) do update set value = excluded.value`);
  }
}
