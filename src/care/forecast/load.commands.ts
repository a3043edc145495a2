import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CrowdedDays } from '../planning/crowded-days.commands.js';
import type { Move } from '../planning/crowded-days.policy.js';

/** Levels the load of all managers in somebody's scope. */
@Injectable()
export class LoadCommands {
  constructor(
    private readonly db: Database,
    private readonly staff: StaffQueries,
    private readonly crowdedDays: CrowdedDays,
    private readonly audit: Audit,
  ) {}

  async preview(user: CurrentUser): Promise<Move[]> {
    return this.crowdedDays.preview(await this.owners(user));
  }

  /** @returns how many calls have another day now */
  async level(user: CurrentUser): Promise<number> {
    const moved = await this.crowdedDays.relieve(await this.owners(user));
    if (moved.length > 0)
      await this.db.tx((tx) => this.audit.record(tx, user, { action: 'care.load_levelled', object: 'calls', detail: { calls: moved.length } }));
    return moved.length;
  }

  private async owners(user: CurrentUser): Promise<string[]> {
    return (await this.staff.activeManagers(user)).map(({ id }) => id);
  }
}
