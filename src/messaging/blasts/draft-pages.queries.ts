import { Injectable } from '@nestjs/common';
import { isRefusal, type Worded } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { lacking } from '../approval/approval.policy.js';
import type { ApprovalStatus } from '../approval/approval.types.js';
import { BlastApprovalsQueries } from '../approval/approvals.queries.js';
import { CheckPages } from '../check/check-pages.queries.js';
import type { Way } from '../gateways/gateway.types.js';
import { isOwn } from '../home-unit.js';
import type { Blast, Wording } from '../messaging.types.js';
import { PreviewQueries } from '../templates/preview.queries.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import { samplesView } from '../templates/template-editor.views.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { TestPanel } from '../test-sends/test-panel.queries.js';

/** What stands on the page of a draft: what it comes to, what some of its customers would get, what it still needs. */
@Injectable()
export class DraftPages {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesQueries,
    private readonly previews: PreviewQueries,
    private readonly approvals: BlastApprovalsQueries,
    private readonly checks: CheckPages,
    private readonly filings: FilingsQueries,
    private readonly tests: TestPanel,
  ) {}

  async of(user: CurrentUser, blast: Blast): Promise<object> {
    const status = await this.approvals.status(blast);
    const frame = this.frame(user, blast, status);
    // a client reads counts, not customers
    if (user.role === 'client') return frame;
    const wording = await this.wording(user, blast);
    return {
      ...frame,
      ...(wording && (await this.filed(blast, wording))),
      ...(await this.panel(user, blast, { wording, status })),
      test: await this.tests.of(user, blast),
    };
  }

  /** Whom it would go to now. */
  people(blast: Blast): Promise<number> {
    return this.approvals.people(blast);
  }

  /** The words it needs, and what this person may do with it. */
  private frame(user: CurrentUser, blast: Blast, status: ApprovalStatus): object {
    const lack = lacking(status);
    const approval = { needed: status.needed.length > 0, people: status.people, lack, last: lack && (status.last[lack.kind] ?? null) };
    const planner = ['planner', 'admin'].includes(user.role) && isOwn(user, blast);
    return {
      approval,
      mayStart: lack === null,
      mayAsk: planner && lack !== null && lack.standing !== 'asked',
      mayEdit: planner && !blast.filtered && !blast.retryOf,
    };
  }

  /** The look at its whole list, and beside it the worst of them, or three before anybody has looked. */
  async panel(user: CurrentUser, blast: Blast, known?: { wording: Wording | null; status: ApprovalStatus }): Promise<object> {
    const look = await this.checks.ofBlast(user, blast);
    const { wording, status } = known ?? { wording: await this.wording(user, blast), status: await this.approvals.status(blast) };
    const planner = ['planner', 'admin'].includes(user.role);
    const urls = { checkUrl: `/sms/blasts/${blast.code}/check`, startUrl: `/sms/blasts/${blast.code}/start` };
    const mayStart = lacking(status) === null;
    const samples = look.finished || !wording ? {} : await this.samples(user, blast, wording);
    return { ...look, ...urls, ...samples, mayLook: user.role !== 'client', mayLeaveOut: planner, mayStart, samplesHere: true };
  }

  /** The wording in use; null while none is approved. */
  private async wording(user: CurrentUser, blast: Blast): Promise<Wording | null> {
    const template = await this.templates.byCode(user, blast.templateCode);
    return template.inUse === null ? null : this.templates.inUse({ code: blast.templateCode });
  }

  private async samples(user: CurrentUser, blast: Blast, wording: Wording): Promise<object> {
    const segment = blast.segmentId ? { id: blast.segmentId } : null;
    return samplesView(await this.previews.sampled(user, { wording, segment }));
  }

  /** What a start would be refused for, told before anybody presses, and what ends soon. */
  private async filed(blast: Blast, wording: Wording): Promise<{ ending: object[]; filingFault: Worded | null }> {
    const wayOf = (gateway: string | null): Way | undefined => blast.ways.find(({ code }) => code === gateway);
    const ending = (await this.filings.warnings(blast, wording)).map((one) => ({ ...one, way: wayOf(one.gateway) }));
    try {
      await this.filings.demand(this.database, blast, wording);
      return { ending, filingFault: null };
    } catch (error) {
      if (isRefusal(error)) return { ending, filingFault: { key: `error.${error.code}`, params: error.params } };
      throw error;
    }
  }
}
