import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { maskPhone } from '../../kernel/phone.js';
import { stampText } from '../../platform/views/formats.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastApprovals } from '../approval/approvals.commands.js';
import { refusalOf } from './blast.states.js';
import { addRecipients, holdOut } from './blast-audience.js';
import { BlastStartCommands } from './blast-start.commands.js';
import { BlastsQueries } from './blasts.queries.js';
import { AudienceChecks } from '../check/audience-checks.commands.js';
import { CheckQueries } from '../check/check.queries.js';
import type { AudienceFigures } from '../check/check.types.js';
import type { Blast, Wording } from '../messaging.types.js';
import { LeftOut } from '../check/left-out.commands.js';
import { BlastHours } from '../plan/blast-hours.queries.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import { StartSources } from './start-sources.queries.js';
import { wordShown } from '../wording/forbidden.policy.js';

export interface StartWish {
  /** Whose text cannot be made gets none, and the others theirs; without it nobody gets anything. */
  leaveOut?: boolean | undefined;
}

/** What has to be so before anything is sent. */
@Injectable()
export class StartConditions {
  constructor(
    private readonly sources: StartSources,
    private readonly filings: FilingsQueries,
    private readonly approvals: BlastApprovals,
    private readonly checks: AudienceChecks,
    private readonly checked: CheckQueries,
    private readonly open: BlastHours,
    private readonly leaving: LeftOut,
  ) {}

  /** Somebody can be reached at all. @throws DomainError blast_hours_closed */
  hours(blast: Blast): void {
    this.open.demand(blast.purpose, blast);
  }

  /** The wording in use, fit for its list, its gateways and the networks' files. */
  async wording(tx: Tx, blast: Blast): Promise<Wording> {
    const wording = await this.sources.wordingFor(tx, blast);
    await this.filings.demand(tx, blast, wording);
    return wording;
  }

  /** The words it needs, and a text for everybody who stands in it by now. */
  async demand(
    tx: Tx,
    { blast, wording, people }: { blast: Blast; wording: Wording; people: number },
    { leaveOut }: StartWish,
  ): Promise<AudienceFigures> {
    await this.approvals.demand(tx, blast, people);
    const figures = await this.checks.atStart(tx, blast, wording);
    if (figures.faults.length > 0 && (leaveOut !== true || figures.made === 0)) throw await this.textFault(tx, figures);
    if (figures.faults.length > 0) await this.leaving.take(tx, blast, wording);
    return figures;
  }

  /** The fault of most, with one of them by name (SMS-2: who and which field). */
  private async textFault(tx: Tx, { faults, people, made }: AudienceFigures): Promise<DomainError> {
    const [worst] = faults;
    const [example] = await this.checked.people(worst?.lineIds.slice(0, 1) ?? [], tx);
    const customer = `${example?.name ?? '—'} ${maskPhone(example?.number ?? null)}`;
    const params = { field: wordShown(worst?.field ?? ''), count: worst?.people ?? 0, customer, all: people - made };
    return new DomainError(`blast_text_${worst?.fault ?? 'sms_empty'}`, { param: 'template', params });
  }
}

@Injectable()
export class BlastLaunch {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly blasts: BlastsQueries,
    private readonly sources: StartSources,
    private readonly conditions: StartConditions,
    private readonly starting: BlastStartCommands,
  ) {}

  /**
   * Freezes wording and audience, and sets the blast going. The gate is asked at each hand-over, not here.
   * @throws DomainError blast_state, blast_too_late, blast_hours_closed, template_not_approved, template_variable_unknown, gateway_inactive, audience_empty, audience_held_out, retry_nobody · signature_…, template_… (not filed) ·
   * blast_approval_…, blast_client_… · blast_text_… naming customer and field
   */
  async start(user: CurrentUser, code: string, wish: StartWish = {}): Promise<Blast> {
    return this.database.tx(async (tx) => {
      const blast = await this.blasts.lock(tx, user, code);
      if (blast.state === 'running') return blast;
      const refused = refusalOf('start', blast.state);
      if (refused) throw new DomainError(refused, { status: 409, params: { state: blast.state, to: 'running' } });
      const now = this.clock.now();
      // everybody would be expired at once (R9), and nobody asked again
      if (blast.notAfter && blast.notAfter <= now)
        throw new DomainError('blast_too_late', { status: 409, params: { until: stampText(blast.notAfter) } });
      this.conditions.hours(blast);
      const wording = await this.conditions.wording(tx, blast);
      const found = await addRecipients(tx, blast.id, await this.sources.audienceOf(tx, blast.id), now);
      if (found === 0) throw nobodyIn(blast);
      const planned = found - (await holdOut(tx, blast.id, blast.holdoutPercent, now));
      if (planned === 0)
        throw new DomainError('audience_held_out', { param: 'holdoutPercent', params: { count: found, percent: blast.holdoutPercent } });
      const { made } = await this.conditions.demand(tx, { blast, wording, people: planned }, wish);
      await this.starting.setGoing(tx, blast, wording);
      const detail = { planned, leftOut: planned - made, version: wording.version };
      await this.audit.record(tx, user, { action: 'blast.started', object: 'blast', id: code, detail });
      return this.blasts.byCode(user, code, tx);
    });
  }
}

/** Of a retry: all of them are in another round, or have been reached meanwhile. */
const nobodyIn = ({ retryOf }: Blast): DomainError =>
  retryOf ? new DomainError('retry_nobody', { status: 409 }) : new DomainError('audience_empty', { param: 'segment' });
