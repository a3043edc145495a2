import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MessageWords, StepWords, type Word } from '../../campaigns/step-words.types.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { prepared, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { writtenToSql } from '../blasts/blast-audience.js';
import { BlastContentQueries } from '../blasts/blast-content.queries.js';
import { BlastRuleQueries } from '../figures/blast-rule.queries.js';
import type { Blast } from '../messaging.types.js';
import { StartSources } from '../blasts/start-sources.queries.js';
import { neededFor, standingOf } from './approval.policy.js';
import type { ApprovalKind, ApprovalRow, ApprovalStatus } from './approval.types.js';

const APPROVAL = sql`
  select a.id, a.kind, a.content, a.people, a.note, a.state, a.asked_by as "askedById", q.name as "askedBy", a.asked_at as "askedAt",
         d.name as "decidedBy", a.decided_at as "decidedAt", a.reason
  from messaging.blast_approval a join staff.v_user q on q.id = a.asked_by left join staff.v_user d on d.id = a.decided_by`;

export interface WaitingBlast {
  code: string;
  name: string;
  kind: ApprovalKind;
  people: number;
  note: string;
  templateName: string;
  askedBy: string;
  askedAt: Date;
}

/** Whose word a person gives: a client the client's, everybody else with the right that of a second person. */
export const kindFor = ({ role }: Pick<CurrentUser, 'role'>): ApprovalKind => (role === 'client' ? 'client' : 'second');

@Injectable()
export class BlastApprovalsQueries extends MessageWords implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly rules: BlastRuleQueries,
    private readonly content: BlastContentQueries,
    private readonly sources: StartSources,
    private readonly steps: StepWords,
  ) {
    super();
  }

  onModuleInit(): void {
    this.steps.register(this);
  }

  /** The texts of a campaign go out under its own approval, above the same numbers as a blast (SMS-3). */
  async neededFor(people: number, on: Queryable): Promise<readonly Word[]> {
    return neededFor(await this.rules.current(on), people);
  }

  async wordings(codes: readonly string[], on: Queryable): Promise<string> {
    const { texts } = await on.one<{ texts: string | null }>(sql`
      select string_agg(t.code || ' ' || coalesce(t.version, 0), ', ' order by t.code) as texts from messaging.v_template t where t.code = any(${codes}::text[])`);
    return texts ?? '';
  }

  /** Where a draft stands. @param known how many it goes to, where that has just been counted */
  async status(blast: Blast, on: Queryable = this.database, known?: number): Promise<ApprovalStatus> {
    const people = known ?? (await this.people(blast, on));
    const rule = await this.rules.current(on);
    const content = await this.content.of(blast.id, on);
    const [second, client] = await Promise.all([this.last(blast.id, 'second', on), this.last(blast.id, 'client', on)]);
    const standing = { second: standingOf(second, { content, people }), client: standingOf(client, { content, people }) };
    return { needed: neededFor(rule, people), standing, last: { ...(second && { second }), ...(client && { client }) }, content, people };
  }

  /** Whom a draft would be sent to, as its list is now; of a started one, whom it was. */
  async people(blast: Blast, on: Queryable = this.database): Promise<number> {
    if (blast.state !== 'draft') return blast.audience;
    const people = writtenToSql(await this.sources.audienceOf(on, blast.id), blast);
    return (await on.one<{ people: number }>(sql`select count(*)::int as people from (${people}) p`)).people;
  }

  private last(blastId: string, kind: ApprovalKind, on: Queryable): Promise<ApprovalRow | undefined> {
    return on.maybe<ApprovalRow>(sql`${APPROVAL} where a.blast_id = ${blastId} and a.kind = ${kind} order by a.id desc limit 1`);
  }

  /** Newest first. */
  history(blastId: string, on: Queryable = this.database): Promise<ApprovalRow[]> {
    return on.rows<ApprovalRow>(sql`${APPROVAL} where a.blast_id = ${blastId} order by a.id desc limit 100`);
  }

  /** What waits for this reader's word. */
  waiting(user: CurrentUser): Promise<WaitingBlast[]> {
    return this.database.rows<WaitingBlast>(sql`
      select b.code, b.name, a.kind, a.people, a.note, t.name as "templateName", q.name as "askedBy", a.asked_at as "askedAt" ${this.open(user)} order by a.asked_at, a.id limit 200`);
  }

  async waitingCount(user: CurrentUser): Promise<number> {
    return (await this.database.one<{ n: number }>(prepared(sql`select count(*)::int as n ${this.open(user)}`))).n;
  }

  private open(user: CurrentUser): Sql {
    return sql`
      from messaging.blast_approval a join messaging.blast b on b.id = a.blast_id join messaging.template t on t.id = b.template_id
      join staff.v_org_unit o on o.id = b.org_unit_id join staff.v_user q on q.id = a.asked_by
      where a.state = 'asked' and b.state = 'draft' and a.kind = ${kindFor(user)} and a.asked_by <> ${user.id} and b.created_by is distinct from ${user.id}
        and ${inScope(user, sql`o.path`)}`;
  }
}
