import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BandQueries, type JudgedCampaign } from '../band.queries.js';
import { BAND_RATES, type BandRate } from './band.types.js';
import type { JudgedRate } from './judgement.policy.js';
import { type Direction, lookedThisHour, stepOf } from './watch.policy.js';

interface Look {
  judged: JudgedRate;
  open: Direction | undefined;
  now: Date;
}

/** Looks at every campaign that runs, once an hour, and keeps what left its band (CAM-8). */
@Injectable()
export class WatchCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bands: BandQueries,
    private readonly audit: Audit,
  ) {}

  /** Harmless when it runs twice: an hour is looked at once, a breach is open once. @returns the campaigns looked at */
  async look(now: Date): Promise<number> {
    const running = await this.bands.running();
    const looked = await this.db.rows<{ id: string; at: Date }>(sql`select campaign_id as id, looked_at as at from reports.watched`);
    const last = new Map(looked.map(({ id, at }) => [id, at]));
    const due = running.filter(({ id }) => !lookedThisHour(last.get(id) ?? null, now));
    await this.closeStopped(now);
    if (due.length === 0) return 0;
    for (const judged of await this.bands.judge(due, sql`true`)) await this.db.tx((tx) => this.note(tx, judged, now));
    return due.length;
  }

  /** Says that the technicians were told: of a breach that is open, once. @throws DomainError not_found: no such campaign in the scope, or nothing is open */
  async alert(user: CurrentUser, code: string, rate: BandRate): Promise<void> {
    const campaign = await this.bands.campaign(user, code);
    await this.db.tx(async (tx) => {
      const breach = await tx.maybe<{ id: string; alertedAt: Date | null; cause: string | null }>(sql`
        select id, alerted_at as "alertedAt", cause from reports.breach where campaign_id = ${campaign.id} and rate = ${rate} and closed_at is null for update`);
      if (!breach) throw notFound('breach', code);
      if (breach.alertedAt) return;
      await tx.run(sql`update reports.breach set alerted_by = ${user.id}, alerted_at = ${this.clock.now()} where id = ${breach.id}`);
      const detail = { campaign: code, rate, cause: breach.cause };
      await this.audit.record(tx, user, { action: 'breach.alerted', object: 'breach', id: breach.id, detail });
    });
  }

  private async closeStopped(now: Date): Promise<void> {
    await this.db.run(sql`
      update reports.breach b set closed_at = ${now}, closed_why = 'stopped'
      from reporting.campaign c where c.id = b.campaign_id and c.state <> 'running' and b.closed_at is null`);
  }

  private async note(tx: Tx, judged: JudgedCampaign, now: Date): Promise<void> {
    await tx.run(sql`
      insert into reports.watched (campaign_id, looked_at) values (${judged.id}, ${now})
      on conflict (campaign_id) do update set looked_at = excluded.looked_at`);
    const open = await tx.rows<{ rate: BandRate; direction: Direction }>(
      sql`select rate, direction from reports.breach where campaign_id = ${judged.id} and closed_at is null order by id for update`,
    );
    for (const rate of BAND_RATES) {
      const direction = open.find((one) => one.rate === rate)?.direction;
      await this.step(tx, judged.id, { judged: judged[rate], open: direction, now });
    }
  }

  private async step(tx: Tx, campaignId: string, { judged, open, now }: Look): Promise<void> {
    const { close, open: begin, follow } = stepOf(open, judged.state);
    const here = sql`campaign_id = ${campaignId} and rate = ${judged.rate} and closed_at is null`;
    if (close) await tx.run(sql`update reports.breach set closed_at = ${now}, closed_why = ${close} where ${here}`);
    const causes = JSON.stringify(judged.diagnosis?.causes ?? []);
    const { attempts, connected, lower, upper, diagnosis } = judged;
    const rule = judged.rule ?? 'limit';
    if (follow) {
      await tx.run(sql`
        update reports.breach set seen_at = ${now}, rule = ${rule}, attempts = ${attempts}, connected = ${connected}, lower_limit = ${lower}, upper_limit = ${upper},
               expected = ${diagnosis?.expected ?? null}, cause = ${diagnosis?.main ?? null}, causes = ${causes}::jsonb where ${here}`);
    }
    if (begin) {
      const opened = await tx.maybe<{ id: string }>(sql`
        insert into reports.breach (campaign_id, rate, direction, rule, opened_at, seen_at, attempts, connected, lower_limit, upper_limit, expected, cause, causes)
        values (${campaignId}, ${judged.rate}, ${begin}, ${rule}, ${now}, ${now}, ${attempts}, ${connected}, ${lower}, ${upper}, ${diagnosis?.expected ?? null},
                ${diagnosis?.main ?? null}, ${causes}::jsonb) on conflict do nothing returning id`);
      if (opened) await this.tell(tx, opened.id, now);
    }
  }

  /** Once a breach: the supervisors whose unit the campaign belongs to, or works in. */
  private async tell(tx: Tx, breachId: string, now: Date): Promise<void> {
    await tx.run(sql`
      insert into reports.breach_notice (breach_id, user_id, at)
      select b.id, u.id, ${now} from reports.breach b join reporting.campaign c on c.id = b.campaign_id
      join staff.v_user u on u.role = 'supervisor' and u.active and (starts_with(c.org_path, u.org_path) or starts_with(u.org_path, c.org_path))
      where b.id = ${breachId} on conflict do nothing`);
  }

  /** The person looked at it. @returns the campaign's code @throws DomainError not_found, also outside the scope */
  async read(user: CurrentUser, breachId: string): Promise<string> {
    const breach = await this.db.maybe<{ code: string }>(sql`
      select c.code from reports.breach b join reporting.campaign c on c.id = b.campaign_id
      where b.id::text = ${breachId} and (starts_with(c.org_path, ${user.orgPath}) or starts_with(${user.orgPath}, c.org_path))`);
    if (!breach) throw notFound('breach', breachId);
    await this.db.run(sql`
      update reports.breach_notice set read_at = ${this.clock.now()} where breach_id::text = ${breachId} and user_id = ${user.id} and read_at is null`);
    return breach.code;
  }
}
