import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { isRefusal } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CheckAudience } from '../messaging.jobs.js';
import type { Blast, Wording } from '../messaging.types.js';
import { AudienceFiguresQueries } from './audience-figures.queries.js';
import { type CheckRow, CheckQueries } from './check.queries.js';
import type { AudienceFigures, CheckedWording } from './check.types.js';
import { CheckSources, type CheckSubject } from './check-sources.queries.js';

/** One that has not ended in so long never will: its process died, and its job with it. */
const PATIENCE_MS = 600_000;

/** Looks at what a wording comes to on everybody it would go to, beside the request, with its progress to be seen. */
@Injectable()
export class AudienceChecks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly checks: CheckQueries,
    private readonly sources: CheckSources,
    private readonly figures: AudienceFiguresQueries,
  ) {}

  /**
   * Asks for a look at what the subject is now; one that is under way for the same is not asked again.
   * @throws DomainError template_not_approved, template_variable_unknown, gateway_inactive
   */
  async ask(user: CurrentUser, subject: CheckSubject): Promise<CheckRow | undefined> {
    return this.database.tx(async (tx) => {
      const { wording, content } = await this.sources.of(tx, subject);
      const before = await this.last(tx, subject);
      const patience = this.clock.now().getTime() - PATIENCE_MS;
      if (before?.content === content && ['waiting', 'running'].includes(before.state) && before.askedAt.getTime() > patience) return before;
      const { id } = await this.insert(tx, subject, { wording, content, askedBy: user.id, scope: user.orgPath });
      await this.outbox.add(tx, CheckAudience, { checkId: id });
      return this.last(tx, subject);
    });
  }

  /** One look, by the job: run twice it looks twice and says the same. */
  async run(checkId: string): Promise<void> {
    const check = await this.database.maybe<CheckSubject & { wording: CheckedWording; scope: string }>(sql`
      update messaging.audience_check set state = 'running', looked = 0, started_at = ${this.clock.now()} where id = ${checkId} and state in ('waiting', 'running')
      returning blast_id as "blastId", template_id as "templateId", segment_id as "segmentId", wording, scope_path as scope`);
    if (!check) return;
    try {
      const figures = await this.database.tx((tx) => this.look(tx, checkId, check));
      await this.close(checkId, { state: 'done', figures });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.close(checkId, { state: 'failed', fault: { code: error.code, params: error.params } });
    }
  }

  private async look(tx: Tx, checkId: string, check: CheckSubject & { wording: CheckedWording; scope: string }): Promise<AudienceFigures> {
    const ask = await this.sources.audience(tx, check, check.scope);
    const onProgress = async (looked: number, total: number): Promise<void> => {
      await this.database.run(sql`update messaging.audience_check set looked = ${looked}, total = ${total} where id = ${checkId}`);
    };
    return this.figures.of(tx, { ...ask, wording: check.wording, onProgress });
  }

  private async close(checkId: string, end: { state: 'done'; figures: AudienceFigures } | { state: 'failed'; fault: object }): Promise<void> {
    const figures = 'figures' in end ? JSON.stringify(end.figures) : null;
    const fault = 'fault' in end ? JSON.stringify(end.fault) : null;
    await this.database.run(sql`
      update messaging.audience_check set state = ${end.state}, figures = ${figures}::jsonb, fault = ${fault}::jsonb, finished_at = ${this.clock.now()},
             looked = coalesce((${figures}::jsonb ->> 'people')::int, looked), total = coalesce((${figures}::jsonb ->> 'people')::int, total)
      where id = ${checkId} and state = 'running'`);
  }

  /** At a start, on the recipients as they have just been frozen; what was found stays to be read. */
  async atStart(tx: Tx, blast: Blast, wording: Wording): Promise<AudienceFigures> {
    const subject = { blastId: blast.id, templateId: null, segmentId: null };
    const checked = { ...wording, purpose: wording.purpose };
    const people = sql`select customer_id, line_id from messaging.recipient where blast_id = ${blast.id} and state = 'planned'`;
    const at = blast.notBefore ?? this.clock.now();
    const figures = await this.figures.of(tx, { wording: checked, people, segmentId: blast.segmentId, at });
    const { content } = await this.sources.of(tx, subject);
    const { id } = await this.insert(tx, subject, { wording: checked, content, askedBy: null, scope: null });
    await tx.run(sql`
      update messaging.audience_check set state = 'done', figures = ${JSON.stringify(figures)}::jsonb, looked = ${figures.people}, total = ${figures.people},
             finished_at = ${this.clock.now()} where id = ${id}`);
    return figures;
  }

  private last(tx: Tx, { blastId, templateId, segmentId }: CheckSubject): Promise<CheckRow | undefined> {
    return blastId === null ? this.checks.ofTemplate(templateId ?? '', segmentId ?? '', tx) : this.checks.ofBlast(blastId, tx);
  }

  private insert(
    tx: Tx,
    { blastId, templateId, segmentId }: CheckSubject,
    row: { wording: CheckedWording; content: string; askedBy: string | null; scope: string | null },
  ): Promise<{ id: string }> {
    const { signature, body, optOut, purpose, forbidden } = row.wording;
    return tx.one<{ id: string }>(sql`
      insert into messaging.audience_check (blast_id, template_id, segment_id, scope_path, content, wording, asked_by, asked_at)
      values (${blastId}, ${templateId}, ${segmentId}, ${row.scope}, ${row.content}, ${JSON.stringify({ signature, body, optOut, purpose, forbidden })}::jsonb,
              ${row.askedBy}, ${this.clock.now()}) returning id`);
  }
}
