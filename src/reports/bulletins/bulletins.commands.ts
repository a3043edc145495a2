import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { type Sealed, SealError } from '../../platform/sealing/sealer.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BulletinTargets } from './bulletin-targets.js';
import type { BulletinChangeForm, BulletinForm } from './bulletins.forms.js';
import { SendBulletin } from './bulletins.events.js';
import { BulletinsQueries } from './bulletins.queries.js';

/** Where a team's bulletins go. */
@Injectable()
export class BulletinsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: BulletinsQueries,
    private readonly targets: BulletinTargets,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError org_unit_unknown; InvalidInput at url, secret, times; bulletin_seal_key_missing (503) */
  async create(user: CurrentUser, form: BulletinForm): Promise<string> {
    return this.db.tx(async (tx) => {
      const unit = await tx.maybe<{ id: string }>(
        sql`select o.id from staff.v_org_unit o where o.code = ${form.orgUnit} and o.active and ${inScope(user, sql`o.path`)}`,
      );
      if (!unit) throw new DomainError('org_unit_unknown', { param: 'orgUnit', params: { code: form.orgUnit } });
      const now = this.clock.now();
      const id = uuidAt(now);
      const { host, keyId, data } = this.targets.seal(id, this.targets.check(form.kind, form));
      await tx.run(sql`
        insert into reports.bulletin (id, org_unit_id, kind, host, sealed, seal_key_id, times, active, active_since, created_by, created_at, updated_at)
        values (${id}, ${unit.id}, ${form.kind}, ${host}, ${data}, ${keyId}, ${inOrder(form.times)}, ${form.active}, ${now}, ${user.id}, ${now}, ${now})`);
      const detail = { orgUnit: form.orgUnit, kind: form.kind, host, times: form.times, active: form.active };
      await this.audit.record(tx, user, { action: 'bulletin.created', object: 'bulletin', id, detail });
      return id;
    });
  }

  /** Without an address or a secret those stay. Switched on or with other times it begins anew: what lay before is not made up for. */
  async change(user: CurrentUser, id: string, form: BulletinChangeForm): Promise<void> {
    await this.db.tx(async (tx) => {
      const before = await this.locked(tx, user, id);
      const now = this.clock.now();
      const times = inOrder(form.times);
      const anew = (form.active && !before.active) || times.join() !== before.times.join();
      const retargeted = form.url !== undefined || form.secret !== undefined;
      const { host, keyId, data } = retargeted ? this.targets.seal(before.id, this.targets.check(before.kind, this.merged(before, form))) : before;
      await tx.run(sql`
        update reports.bulletin set host = ${host}, sealed = ${data}, seal_key_id = ${keyId}, times = ${times}, active = ${form.active},
          active_since = ${anew ? now : before.activeSince}, updated_at = ${now} where id = ${before.id}`);
      const from = { host: before.host, times: before.times, active: before.active };
      const detail = { from, to: { host, times, active: form.active }, ...(form.secret === undefined ? {} : { secret: 'changed' }) };
      await this.audit.record(tx, user, { action: 'bulletin.changed', object: 'bulletin', id: before.id, detail });
    });
  }

  /** Forgets address and secret; the log stays. */
  async remove(user: CurrentUser, id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const before = await this.locked(tx, user, id);
      await tx.run(
        sql`update reports.bulletin set active = false, sealed = null, seal_key_id = null, removed_at = ${this.clock.now()} where id = ${before.id}`,
      );
      await this.audit.record(tx, user, { action: 'bulletin.removed', object: 'bulletin', id: before.id, detail: { host: before.host } });
    });
  }

  /** Sends one now, marked as a test, whether it is on or not. @returns the delivery */
  async test(user: CurrentUser, id: string): Promise<string> {
    return this.db.tx(async (tx) => {
      const { id: bulletinId, host } = await this.locked(tx, user, id);
      const now = this.clock.now();
      const delivery = uuidAt(now);
      await tx.run(sql`
        insert into reports.bulletin_delivery (id, bulletin_id, asked_by, state, created_at) values (${delivery}, ${bulletinId}, ${user.id}, 'waiting', ${now})`);
      await this.outbox.add(tx, SendBulletin, { delivery });
      await this.audit.record(tx, user, { action: 'bulletin.tested', object: 'bulletin', id: bulletinId, detail: { host } });
      return delivery;
    });
  }

  private async locked(tx: Tx, user: CurrentUser, id: string) {
    const found = await this.queries.byId(user, id, tx);
    const sealed = await tx.one<Sealed>(sql`select seal_key_id as "keyId", sealed as data from reports.bulletin where id = ${found.id} for update`);
    return { ...found, ...sealed };
  }

  /** What is there with what was typed; another address must be given with its secret anew, so that nobody sends a secret elsewhere. */
  private merged(before: Awaited<ReturnType<BulletinsCommands['locked']>>, { url, secret }: BulletinChangeForm) {
    if (url !== undefined) return { url, secret };
    try {
      return { url: this.targets.open(before.id, before).url, secret };
    } catch (error) {
      if (error instanceof SealError) throw new InvalidInput([{ param: 'url', code: 'bulletin_url_sealed' }]);
      throw error;
    }
  }
}

const inOrder = (times: readonly string[]): string[] => [...times].sort();
