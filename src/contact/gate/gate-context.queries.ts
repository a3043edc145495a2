import { Injectable, Logger } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { DEFAULT_SETTINGS, settingsFrom } from '../settings/gate-settings.policy.js';
import type { GateContext } from './gate.types.js';

/** A setting changed in another process is in force here within this time. */
const FRESH_MS = 10_000;

/**
 * The windows, caps and closed days in force. They are asked at every contact inside a transaction, so they are kept and
 * renewed in the background: waiting here for a second connection could starve the pool.
 */
@Injectable()
export class GateContextQueries {
  private readonly logger = new Logger('Gate');
  private context: GateContext = { settings: DEFAULT_SETTINGS, closedDays: new Set() };
  private readAt = -Infinity;

  constructor(
    private readonly db: Database,
    private readonly calendar: CalendarQueries,
  ) {}

  current(): GateContext {
    if (performance.now() - this.readAt > FRESH_MS) {
      this.readAt = performance.now();
      this.reload().catch(() => this.logger.warn('the windows and caps could not be read again; the last known ones stay in force'));
    }
    return this.context;
  }

  async reload(): Promise<void> {
    const rows = await this.db.rows<{ rule: string; value: unknown }>(sql`select rule, value from contact.setting`);
    const closedDays = new Set(await this.calendar.closedDays());
    this.context = { settings: settingsFrom(rows), closedDays };
    this.readAt = performance.now();
  }
}
