import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { addDays, dayOf, isDay } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { PROMISE_DAYS, type PromiseForm } from './promises.forms.js';

/** The call a promise was made on, and by whom. */
export interface PromiseSource {
  attemptId: string;
  customerId: string;
  userId: string;
  now: Date;
}

/** Writes down what was promised on a call, in the call's own transaction (CAM-5). */
@Injectable()
export class PromiseBook {
  constructor(private readonly calendar: CalendarQueries) {}

  /** @throws DomainError promise_text_missing · day_format, promise_in_past, promise_too_far, each at `promises` */
  async make(tx: Tx, source: PromiseSource, promises: readonly PromiseForm[]): Promise<void> {
    for (const promise of promises) {
      const text = promise.text?.trim() ?? '';
      if (promise.kind === 'other' && text === '') throw new DomainError('promise_text_missing', { param: 'promises' });
      const dueOn = await this.dueOn(promise.dueOn, source.now);
      await tx.run(sql`
        insert into calls.promise (customer_id, attempt_id, kind, text, owner_id, due_on, made_by, made_at)
        values (${source.customerId}, ${source.attemptId}, ${promise.kind}, ${text}, ${source.userId}, ${dueOn}, ${source.userId}, ${source.now})`);
    }
  }

  private async dueOn(wish: string | undefined, now: Date): Promise<string> {
    const today = dayOf(now);
    if (!wish) return this.calendar.nextWorkingDay(today);
    if (!isDay(wish)) throw new DomainError('day_format', { param: 'promises' });
    if (wish < today) throw new DomainError('promise_in_past', { param: 'promises', params: { day: wish } });
    if (wish > addDays(today, PROMISE_DAYS))
      throw new DomainError('promise_too_far', { param: 'promises', params: { day: wish, days: PROMISE_DAYS } });
    return wish;
  }
}
