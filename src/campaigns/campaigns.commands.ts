import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type CodeWish, takeCode } from '../platform/database/free-code.js';
import { sql } from '../platform/database/sql.js';
import { checkFilter, SegmentsQueries } from '../segments/segments.queries.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { AudienceQueries } from './audience.queries.js';
import { type CampaignPatch, changesOf } from './campaign-edit.policy.js';
import { type ActOptions, CampaignLife } from './campaign-life.commands.js';
import { CAMPAIGN_CODES } from './campaign-codes.types.js';
import { CampaignEntity } from './campaign.entity.js';
import { type CampaignForm, checkBand, checkDates, checkLimits, firstDialOf } from './campaigns.forms.js';
import { CampaignsQueries } from './campaigns.queries.js';
import { type AudienceCount, type Campaign, type CampaignKind, DAILY_CARE } from './campaigns.types.js';
import { parseVariants } from './experiment/variant.policy.js';
import { parseScript } from './script/script-form.policy.js';
import type { Script } from './script/script.types.js';

/** A campaign to be made, whose code may be left to the house. */
export type NewCampaign = Omit<CampaignForm, 'code'> & CodeWish;

@Injectable()
export class CampaignsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: CampaignsQueries,
    private readonly audience: AudienceQueries,
    private readonly segments: SegmentsQueries,
    private readonly life: CampaignLife,
    private readonly audit: Audit,
  ) {}

  /**
   * Makes a draft, under the code {@link takeCode} gives it. It belongs to the maker's unit, that of an administrator to the top one.
   * @throws DomainError `campaign_code_taken` (409), `segment_unknown`, `day_format`, `ends_before_start`, `band_upside_down`, `filter_…`, `script_invalid`
   */
  async create(user: CurrentUser, form: NewCampaign): Promise<Campaign> {
    checkDates(form.startsOn, form.endsOn);
    checkBand(form.band?.lower, form.band?.upper, 'band');
    checkLimits(firstDialOf(form.attemptPolicy), form.attemptPolicy?.completionHours, 'attemptPolicy.firstDialHours');
    if (form.filter) checkFilter(form.filter);
    if (form.exclude?.filter) checkFilter(form.exclude.filter);
    const excluded = await this.segmentIds(user, form.exclude?.segments ?? []);
    const segmentId = await this.segmentId(user, form.segment);
    return this.db.tx(async (tx) => {
      const code = await takeCode(tx, CAMPAIGN_CODES, dayOf(this.clock.now()), form);
      const id = await this.insert(
        tx,
        { ...form, code },
        { segmentId, excluded, orgUnitId: await this.queries.homeOf(user, tx), createdBy: user.id },
      );
      await this.began(tx, id, user.id);
      await this.audit.record(tx, user, { action: 'campaign.created', object: 'campaign', id, detail: { code } });
      return this.queries.byCode(user, code, tx);
    });
  }

  /**
   * Saves what differs. `version` is the one the form was opened with.
   * @throws DomainError `campaign_changed` (409) when somebody saved in between, `campaign_frozen`, `campaign_closed`
   */
  edit(user: CurrentUser, code: string, patch: CampaignPatch, version?: number): Promise<Campaign> {
    return this.db.tx(async (tx) => {
      const campaign = await this.queries.lockToChange(tx, user, code);
      const changes = changesOf(campaign, patch);
      if (changes.filter) checkFilter(changes.filter);
      if (changes.excludeFilter) checkFilter(changes.excludeFilter);
      checkBand(
        changes.bandLower === undefined ? campaign.bandLower : changes.bandLower,
        changes.bandUpper === undefined ? campaign.bandUpper : changes.bandUpper,
        'bandUpper',
      );
      const after = { ...campaign, ...changes };
      if ('firstDialHours' in changes || 'completionHours' in changes) checkLimits(after.firstDialHours, after.completionHours, 'firstDialHours');
      const fields = Object.keys(changes);
      if (fields.length === 0) return campaign;
      if (version !== undefined && version !== campaign.version) throw new DomainError('campaign_changed', { status: 409 });
      checkDates(changes.startsOn ?? campaign.startsOn, changes.endsOn === undefined ? campaign.endsOn : changes.endsOn);
      await tx.manager.update(CampaignEntity, { id: campaign.id }, { ...changes, version: campaign.version + 1, updatedAt: this.clock.now() });
      await this.audit.record(tx, user, { action: 'campaign.edited', object: 'campaign', id: campaign.id, detail: { code, fields } });
      return this.queries.byCode(user, code, tx);
    });
  }

  /** Who would be called and who not, by reason; after the launch what the launch gave. */
  async preview(user: CurrentUser, code: string): Promise<AudienceCount> {
    const campaign = await this.queries.byCode(user, code);
    return campaign.frozenAt ? this.audience.frozen(campaign.id) : this.audience.preview(campaign, dayOf(this.clock.now()));
  }

  /** Freezes the audience; runs at once, or is scheduled when `startsOn` lies in the future. A second launch changes nothing. Answers when the list stands. */
  launch(user: CurrentUser, code: string, options: ActOptions = {}): Promise<Campaign> {
    return this.life.act(user, code, 'launch', options);
  }

  pause(user: CurrentUser, code: string, why?: string): Promise<Campaign> {
    return this.life.act(user, code, 'pause', { why });
  }

  resume(user: CurrentUser, code: string, why?: string): Promise<Campaign> {
    return this.life.act(user, code, 'resume', { why });
  }

  /** For good; open tasks are called off by who owns them. */
  close(user: CurrentUser, code: string, why?: string): Promise<Campaign> {
    return this.life.act(user, code, 'close', { why });
  }

  /** Reference data: a running campaign of the top unit without audience and end. Made once, later boots change nothing. */
  async ensureStanding(tx: Tx, campaign: { code: string; name: string; kind: CampaignKind; script?: Partial<Script> }): Promise<void> {
    const now = this.clock.now();
    const made = await tx.maybe<{ id: string }>(sql`
      insert into campaigns.campaign (code, name, kind, state, standing, script, starts_on, org_unit_id, created_at, updated_at, launched_at)
      select ${campaign.code}, ${campaign.name}, ${campaign.kind}, 'running', true, ${parseScript(campaign.script)}::jsonb, ${dayOf(now)}, o.id, ${now}, ${now}, ${now}
      from staff.v_org_unit o where o.parent_id is null order by o.id limit 1
      on conflict (code) do nothing returning id`);
    if (made) await tx.run(sql`insert into campaigns.transition (campaign_id, to_state, at) values (${made.id}, 'running', ${now})`);
  }

  /** The campaign of ad hoc contacts, made when it is missing. Before the first boot has made the top unit there is none. */
  async ensureDailyCare(at?: Tx): Promise<Campaign | undefined> {
    const make = async (tx: Tx): Promise<Campaign | undefined> => {
      await this.ensureStanding(tx, { code: DAILY_CARE, name: '日常维系', kind: 'care' });
      return this.queries.findStanding(DAILY_CARE, tx);
    };
    return at ? make(at) : this.db.tx(make);
  }

  /** The same for several, each once. @throws DomainError `segment_unknown` */
  async segmentIds(user: CurrentUser, codes: readonly string[]): Promise<string[]> {
    const ids = await Promise.all([...new Set(codes)].map((code) => this.segmentId(user, code)));
    return ids.flatMap((id) => id ?? []);
  }

  /** The segment a campaign may be made on. @throws DomainError `segment_unknown` */
  async segmentId(user: CurrentUser, code: string | null | undefined): Promise<string | null> {
    if (!code) return null;
    const segment = await this.segments.byCode(user, code).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'not_found')
        throw new DomainError('segment_unknown', { param: 'segment', params: { segment: code } });
      throw error;
    });
    return segment.id;
  }

  private async insert(
    tx: Tx,
    form: CampaignForm,
    place: { segmentId: string | null; excluded: string[]; orgUnitId: string; createdBy: string },
  ): Promise<string> {
    const now = this.clock.now();
    const policy = form.attemptPolicy;
    const made = await tx.maybe<{ id: string }>(sql`
      insert into campaigns.campaign (code, name, kind, goal, starts_on, ends_on, segment_id, filter,
        exclude_segment_ids, exclude_filter, script, variants, max_attempts, min_gap_minutes,
        first_dial_hours, completion_hours, limit_hours, assignment, band_lower, band_upper, band_min_attempts, holdout_percent, caller_number, product_family,
        org_unit_id, created_by, created_at, updated_at)
      values (${form.code}, ${form.name}, ${form.kind}, ${form.goal ?? null}, ${form.startsOn}, ${form.endsOn ?? null}, ${place.segmentId},
        ${form.filter ?? null}::jsonb, ${place.excluded}::bigint[], ${form.exclude?.filter ?? null}::jsonb, ${parseScript(form.script)}::jsonb, ${JSON.stringify(parseVariants(form.variants))}::jsonb, ${policy?.maxAttempts ?? 3}, ${policy?.minGapMinutes ?? 120},
        ${firstDialOf(policy)}, ${policy?.completionHours ?? null}, ${policy?.limitHours ?? 'clock'}, ${form.assignment ?? 'owner'}, ${form.band?.lower ?? null}, ${form.band?.upper ?? null}, ${form.band?.minAttempts ?? 200},
        ${form.holdoutPercent ?? 0}, ${form.callerNumber ?? null}, ${form.productFamily ?? null},
        ${place.orgUnitId}, ${place.createdBy}, ${now}, ${now})
      on conflict (code) do nothing returning id`);
    if (!made) throw new DomainError('campaign_code_taken', { status: 409, param: 'code', params: { code: form.code } });
    return made.id;
  }

  private async began(tx: Tx, campaignId: string, by: string): Promise<void> {
    await tx.run(
      sql`insert into campaigns.transition (campaign_id, to_state, by_user, at) values (${campaignId}, 'draft', ${by}, ${this.clock.now()})`,
    );
  }
}
